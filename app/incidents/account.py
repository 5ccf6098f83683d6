"""An incident as it is told to others: every fact as a sentence or a word, ready for a page, a text or a paper."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.channels.models import Channel
from app.comments.cards import STATE_WORDS
from app.comments.evidence import open_evidence
from app.comments.models import (
    Appeal,
    AppealState,
    Audience,
    Comment,
    CommentDecision,
    CommentState,
    DecisionAction,
    Evidence,
)
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import SealBrokenError, Sealer
from app.core.db import school_of
from app.incidents.authorities import AUTHORITIES
from app.incidents.listing import title_of
from app.incidents.models import Incident
from app.incidents.queries import IncidentFile, file_of
from app.posts.models import Post, PostState, Revision
from app.publishing.content import outgoing
from app.publishing.models import Delivery, DeliveryState
from app.schools.services import school_with
from app.web.front_end import datetime_words, exact_words, state_words

MOST_COMMENTS = 200
"""So many are told on a page; an evidence pack holds all of them."""
NOT_REMOVED = (
    "Hidden is not removed: a hidden comment is still seen by its writer and, on some networks, by others. "
    "Only the network can remove it for everybody."
)
WHO_KNOWS = {
    "general": "The headteacher and the designated persons",
    "designated": "The designated persons only",
    "head": "The headteacher only; the other designated persons are kept out",
    "chair": "The chair of governors only; the headteacher is kept out",
}

_STATE_WORDS = STATE_WORDS | {CommentState.QUEUED: "Visible, waits for a person's decision"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: str
    who: str
    what: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class PhotoTold:
    sha256: str
    alt_text: str


@dataclass(frozen=True, slots=True)
class PostTold:
    id: UUID
    network: str
    text: str
    permalink: str
    sent_at: str
    photos: tuple[PhotoTold, ...]
    missing: str = ""
    """Why its photos are not shown."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a comment looked like before anything was done; `content` is exactly what was sealed."""

    captured_at: str
    sha256: str
    content: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CommentTold:
    id: UUID
    network: str
    author: str
    author_id: str
    """The network's number of the account that wrote it: what the police ask the network by."""
    written_at: str
    first_read_at: str
    text: str
    permalink: str
    state: str
    post_id: UUID | None
    snapshots: tuple[Snapshot, ...]
    decisions: tuple[Line, ...]
    appeals: tuple[Line, ...]
    """Who asked to look again is not kept; what they said is."""


@dataclass(frozen=True, slots=True)
class PictureTold:
    id: UUID
    sha256: str
    added: str


@dataclass(frozen=True, slots=True)
class Account:
    school: str
    reference: str
    kind: str
    who_knows: str
    made_at: str
    made_by: str
    facts: tuple[tuple[str, str], ...]
    comments: tuple[CommentTold, ...]
    left_out: int
    """Comments beyond those that are told."""
    posts: tuple[PostTold, ...]
    reports: tuple[Line, ...]
    support: tuple[Line, ...]
    notes: tuple[Line, ...]
    pictures: tuple[PictureTold, ...]
    history: tuple[Line, ...]


def account_of(
    session: Session, incident: Incident, *, actor: Actor, sealer: Sealer, most_comments: int | None = MOST_COMMENTS
) -> Account:
    """Tell an incident that the caller may read, with nothing about anybody else."""
    papers = file_of(session, incident, actor=actor, most_comments=most_comments)
    decisions = _decisions(session, papers.comments)
    names = names_of(session, people_in(incident, papers) | {each.decided_by for each in decisions})
    return Account(
        school=school_with(session, school_of(session)).name,
        reference=incident.reference,
        kind=title_of(incident, [word for each in papers.comments for word in each.categories]),
        who_knows=WHO_KNOWS[incident.audience.value],
        made_at=datetime_words(clock.now()),
        made_by=actor.name,
        facts=tuple(_facts(incident, names)),
        comments=tuple(_comments(session, papers.comments, decisions, names, sealer)),
        left_out=papers.comment_count - len(papers.comments),
        posts=tuple(_posts(session, papers.comments)),
        reports=tuple(_reports(papers, names)),
        support=tuple(_support(papers, names)),
        notes=tuple(_notes(papers, names)),
        pictures=tuple(
            PictureTold(each.id, each.sha256, f"{datetime_words(each.added_at)}, by {name_in(names, each.added_by)}")
            for each in papers.pictures
            if each.removed_at is None
        ),
        history=tuple(history_of(papers)),
    )


def history_of(papers: IncidentFile) -> list[Line]:
    return [
        Line(datetime_words(event.at), event.actor_name, event.tag.split(":")[-1].replace("-", " ").capitalize())
        for event in papers.history
    ]


def name_in(names: Mapping[UUID, str], user_id: UUID | None) -> str:
    return "the rules" if user_id is None else names.get(user_id, "somebody who has left")


def people_in(incident: Incident, papers: IncidentFile) -> set[UUID | None]:
    return {
        incident.opened_by,
        incident.taken_by,
        incident.closed_by,
        *(note.written_by for note in papers.notes),
        *(offer.offered_by for offer in papers.support),
        *(report.reported_by for report in papers.reports),
        *(picture.added_by for picture in papers.pictures),
        *(pack.wanted_by for pack in papers.packs),
    }


def _facts(incident: Incident, names: Mapping[UUID, str]) -> list[tuple[str, str]]:
    told = [("What", incident.summary)]
    if incident.seen_at:
        told.append(("Where and when", incident.seen_at))
    if incident.characteristics:
        told.append(("Protected characteristic", ", ".join(map(state_words, incident.characteristics))))
    told.append(("Opened", f"{datetime_words(incident.opened_at)}, by {name_in(names, incident.opened_by)}"))
    if incident.taken_at:
        told.append(("Dealt with by", f"{name_in(names, incident.taken_by)}, from {datetime_words(incident.taken_at)}"))
    if incident.closed_at:
        told.append(("Closed", f"{datetime_words(incident.closed_at)}, by {name_in(names, incident.closed_by)}"))
        told.append(("Outcome", incident.outcome or ""))
    if incident.lessons:
        told.append(("Lessons", incident.lessons))
    return told


def _decisions(session: Session, comments: Sequence[Comment]) -> Sequence[CommentDecision]:
    wanted = CommentDecision.comment_id.in_([comment.id for comment in comments])
    return session.scalars(sa.select(CommentDecision).where(wanted).order_by(CommentDecision.at)).all()


def _comments(
    session: Session,
    comments: Sequence[Comment],
    decisions: Sequence[CommentDecision],
    names: Mapping[UUID, str],
    sealer: Sealer,
) -> list[CommentTold]:
    channels = {channel.id: channel for channel in session.scalars(sa.select(Channel))}
    wanted = Evidence.comment_id.in_([comment.id for comment in comments])
    kept = session.scalars(sa.select(Evidence).where(wanted).order_by(Evidence.captured_at)).all()
    asked = sa.select(Appeal).where(Appeal.comment_id.in_([comment.id for comment in comments]))
    appeals = session.scalars(asked.order_by(Appeal.asked_at)).all()
    names = {**names, **names_of(session, {each.decided_by for each in appeals})}
    return [
        CommentTold(
            id=comment.id,
            network=channels[comment.channel_id].network.label,
            author=_author(comment, channels[comment.channel_id].network.label),
            author_id=comment.author_remote_id or "Not given by the network",
            written_at=exact_words(comment.commented_at),
            first_read_at=exact_words(comment.received_at),
            text=comment.text,
            permalink=comment.permalink or "",
            state=_what_became(comment),
            post_id=comment.delivery_id,
            snapshots=tuple(_snapshot(each, sealer) for each in kept if each.comment_id == comment.id),
            decisions=tuple(_decision(each, comment, names) for each in decisions if each.comment_id == comment.id),
            appeals=tuple(_appeal(each, names) for each in appeals if each.comment_id == comment.id),
        )
        for comment in comments
    ]


def _author(comment: Comment, network: str) -> str:
    """Tell the shown name; of one that was asked for later, which no snapshot holds, also when it was said."""
    name, asked_at = comment.author_name, comment.author_asked_at
    if not name:
        return "Not shown by the network"
    return f"{name}, as {network} said when it was asked, {datetime_words(asked_at)}" if asked_at else name


def _what_became(comment: Comment) -> str:
    words = _STATE_WORDS[comment.state]
    if comment.state is CommentState.HIDDEN and comment.hidden_at:
        return f"{words} since {datetime_words(comment.hidden_at)}; not removed by the network"
    return words


def _decision(decision: CommentDecision, comment: Comment, names: Mapping[UUID, str]) -> Line:
    words, deed = decision.reason or " ".join(decision.reasons), _DEEDS[decision.action]
    if decision.action is DecisionAction.ESCALATE:
        deed += f" to {_whom(decision, comment)}" + (", and hidden" if decision.hides else "")
    return Line(exact_words(decision.at), name_in(names, decision.decided_by), deed, words)


def _appeal(appeal: Appeal, names: Mapping[UUID, str]) -> Line:
    words = f"“{appeal.words}”"
    if appeal.decided_at is not None:
        end = "shown again" if appeal.state is AppealState.UPHELD else "stayed hidden"
        who, at = name_in(names, appeal.decided_by), exact_words(appeal.decided_at)
        words += f" Answer of {at}, {who}: {end}. “{appeal.reason}”"
    return Line(exact_words(appeal.asked_at), "", "Somebody asked the school to look at it again", words)


def _whom(decision: CommentDecision, comment: Comment) -> str:
    """Name those whom a decision told: of its ways only those that lead to people who may know of the comment."""
    alone = _ALONE.get(comment.audience)
    if alone is not None:
        return alone
    return " and ".join(_ROUTES[route] for route in decision.routes if route in _ROUTES) or _ROUTES["safeguarding"]


_ALONE = {Audience.HEAD: "the headteacher", Audience.CHAIR: "the chair of governors"}
_ROUTES = {"head": "the headteacher", "safeguarding": "the designated persons"}
_DEEDS = {
    DecisionAction.ALLOW: "Left visible",
    DecisionAction.REVIEW: "Asked somebody to look",
    DecisionAction.HIDE: "Hidden",
    DecisionAction.ESCALATE: "Passed on at once",
    DecisionAction.LEAVE_VISIBLE: "Left visible",
    DecisionAction.LEAVE_HIDDEN: "Left hidden",
    DecisionAction.RESTORE: "Shown again",
    DecisionAction.DELETE: "Deleted",
    DecisionAction.READ: "Read, when it was gone from the network",
    DecisionAction.LOCK_DOWN: "Hidden with all comments under the post",
    DecisionAction.LIFT: "Shown again with all comments under the post",
}


def _snapshot(evidence: Evidence, sealer: Sealer) -> Snapshot:
    at = exact_words(evidence.captured_at)
    try:
        opened = open_evidence(evidence, sealer=sealer)
    except SealBrokenError:
        return Snapshot(at, evidence.sha256, "", "It cannot be opened with this installation's keys.")
    content = json.dumps(opened, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(content.encode()).hexdigest() == evidence.sha256  # noqa: S101  what is handed over is what was sealed
    return Snapshot(at, evidence.sha256, content)


def _posts(session: Session, comments: Sequence[Comment]) -> list[PostTold]:
    wanted = {comment.delivery_id for comment in comments if comment.delivery_id}
    query = (
        sa.select(Delivery, Revision, Post)
        .join(Revision, Revision.id == Delivery.revision_id)
        .join(Post, Post.id == Delivery.post_id)
        .where(Delivery.id.in_(wanted))
        .order_by(Delivery.sent_at)
    )
    return [_post(session, *row) for row in session.execute(query)]


def _post(session: Session, delivery: Delivery, revision: Revision, post: Post) -> PostTold:
    """Tell a post as it was published. Of one that was taken down the photos stay away: somebody may not be shown."""
    stands = delivery.state is DeliveryState.SENT and post.state in (PostState.PUBLISHED, PostState.PARTLY_PUBLISHED)
    photos = outgoing(session, revision, delivery.network).photos if stands else ()
    return PostTold(
        id=delivery.id,
        network=delivery.network.label,
        text=revision.caption,
        permalink=delivery.permalink or "",
        sent_at=exact_words(delivery.sent_at) if delivery.sent_at else "",
        photos=tuple(PhotoTold(sha256, alt_text) for sha256, alt_text in photos),
        missing="" if stands or not revision.photos else "The post was taken down, so its photos are left out.",
    )


def _notes(papers: IncidentFile, names: Mapping[UUID, str]) -> list[Line]:
    return [Line(datetime_words(note.at), name_in(names, note.written_by), "Note", note.text) for note in papers.notes]


def _reports(papers: IncidentFile, names: Mapping[UUID, str]) -> list[Line]:
    told = []
    for report in papers.reports:
        to = AUTHORITIES[report.authority].label
        if report.reported_at:
            due = f"It was to be done by {datetime_words(report.wanted_by)}." if report.wanted_by else ""
            words = " ".join(filter(None, [f"Reference: {report.reference or 'none'}.", report.outcome, due]))
            told.append(
                Line(datetime_words(report.reported_at), name_in(names, report.reported_by), f"Told: {to}", words)
            )
        elif report.not_needed_because:
            told.append(Line("", "", f"Not needed: {to}", report.not_needed_because))
        else:
            by = f"To be done by {datetime_words(report.wanted_by)}" if report.wanted_by else ""
            told.append(Line(by, "", f"Still to do: {to}"))
    return told


def _support(papers: IncidentFile, names: Mapping[UUID, str]) -> list[Line]:
    return [
        Line(
            datetime_words(offer.offered_at),
            name_in(names, offer.offered_by),
            f"Support offered to {offer.offered_to}" + (", declined" if offer.declined else ""),
            " ".join(filter(None, [offer.support, offer.answer and f"They said: {offer.answer}"])),
        )
        for offer in papers.support
    ]
