"""What other posts of these days tell of the same event: a name there and a photo here make one child known."""

import textwrap
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.posts.models import Post, PostState, PupilNamed, Revision
from app.register.snapshots import RegisterSnapshot
from consent.jigsaw import WINDOW, Neighbour, judge_jigsaw, tags_of
from consent.model import Disposition, Finding, PersonKind, Report

_OUT_OR_GOING = (
    PostState.APPROVED,
    PostState.SCHEDULED,
    PostState.PUBLISHING,
    PostState.PUBLISHED,
    PostState.PARTLY_PUBLISHED,
    PostState.FAILED,  # it may be tried again
    PostState.TAKING_DOWN,  # it may still be there
)
_LABEL_LENGTH = 40


def find_pieces(session: Session, revision: Revision, register: RegisterSnapshot, report: Report) -> Iterable[Finding]:
    """Hold a revision against the posts that were approved before it. Of two posts, the later one is held."""
    if not (report.mentioned or report.shows_people):
        return ()
    own = Neighbour(
        day=_day(session.get_one(Post, revision.post_id), revision),
        had_names=bool(report.mentioned),
        had_photos=report.shows_people,
        people=report.mentioned | report.depicted,
        classes=_classes(register, revision, report.mentioned | report.depicted),
        tags=tags_of(revision.caption, revision.link),
    )
    others = _approved_before(session, revision)
    named = _named_in(session, [other.id for _, other in others])
    return judge_jigsaw(own, [_neighbour(post, other, named[other.id], register) for post, other in others])


def _approved_before(session: Session, revision: Revision) -> Sequence[tuple[Post, Revision]]:
    post = session.get_one(Post, revision.post_id)
    day, reach = _goes_out(post, revision), WINDOW + timedelta(days=1)
    query = (
        sa.select(Post, Revision)
        .join(Revision, Post.approved_revision_id == Revision.id)
        .where(
            Post.id != post.id,
            Post.state.in_(_OUT_OR_GOING),
            sa.func.coalesce(Revision.scheduled_for, Post.approved_at).between(day - reach, day + reach),
        )
    )
    if post.approved_at is not None:
        query = query.where(Post.approved_at < post.approved_at)
    return [(other, approved) for other, approved in session.execute(query)]


def _named_in(session: Session, revision_ids: Collection[UUID]) -> Mapping[UUID, Collection[UUID]]:
    """Return whom the words of each revision name."""
    query = sa.select(PupilNamed.revision_id, PupilNamed.person_id).where(PupilNamed.revision_id.in_(revision_ids))
    named: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for revision_id, person_id in session.execute(query):
        named[revision_id].add(person_id)
    return named


def _neighbour(post: Post, revision: Revision, named: Collection[UUID], register: RegisterSnapshot) -> Neighbour:
    shown = [
        answer
        for photo in revision.photos
        for answer in photo.answers
        if answer.disposition is not Disposition.NOT_A_FACE
    ]
    people = frozenset(map(str, named)) | {str(answer.person_id) for answer in shown if answer.person_id}
    return Neighbour(
        day=_day(post, revision),
        had_names=bool(named),
        had_photos=bool(shown),
        people=people,
        classes=_classes(register, revision, people),
        tags=tags_of(revision.caption, revision.link),
        label=textwrap.shorten(revision.caption, _LABEL_LENGTH, placeholder="…"),
        post_id=str(revision.post_id),
    )


def _classes(register: RegisterSnapshot, revision: Revision, people: Iterable[str]) -> frozenset[str]:
    """The classes that took part, and those of the pupils who are named or shown."""
    known = (register.person(person_id) for person_id in people)
    groups = {person.group for person in known if person and person.group and person.kind is PersonKind.PUPIL}
    return frozenset(groups | set(revision.classes))


def _day(post: Post, revision: Revision) -> date:
    return clock.london(_goes_out(post, revision)).date()


def _goes_out(post: Post, revision: Revision) -> datetime:
    return revision.scheduled_for or post.approved_at or clock.now()
