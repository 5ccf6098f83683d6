"""The list of incidents: what each is about, under which post, and whether it can still be seen there."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.comments.harm_words import followed_up, harm_inside, harm_words
from app.comments.models import Comment, CommentState
from app.comments.policies import audiences_of
from app.core.actors import Actor
from app.incidents.gathering import SUSPECTED
from app.incidents.kinds import ACCUSES, CARDS, FIND_THE_CHILD
from app.incidents.models import Incident, IncidentComment, IncidentKind
from app.posts.models import Revision
from app.publishing.models import Delivery
from moderation.labels import Label

_SEEN = frozenset(
    {CommentState.RECEIVED, CommentState.VISIBLE, CommentState.QUEUED, CommentState.HIDING, CommentState.RESTORING}
)
_CRIES = frozenset({Label.DISCLOSURE.value, Label.FROM_A_CHILD.value, Label.MISSING_CHILD.value})
_NAMED = 3
"""So many kinds of comments are named in the list; the incident tells the rest."""
_EXCERPT = 60
_Facts = tuple[CommentState, Sequence[str], UUID | None, UUID | None]
"""What the list needs of a comment: its state, what it is, its post there and here."""


@dataclass(frozen=True, slots=True)
class Listed:
    incident: Incident
    title: str
    what: str
    post: str
    count: int
    still_seen: int
    """So many of its comments can still be seen by everybody."""

    @property
    def comes_first(self) -> tuple[bool, bool, int, float]:
        """A child's plain call for help first, then what can still be seen, then the gravest and the newest."""
        is_call = CARDS[self.incident.kind].is_about_a_child and not is_guess(self.incident)
        return (not is_call, not self.still_seen, -self.incident.severity, -self.incident.opened_at.timestamp())


def listed(session: Session, found: Collection[Incident], *, actor: Actor) -> list[Listed]:
    """Tell the list's cards apart, in three queries for all of them."""
    facts = _facts(session, found, actor)
    posts = _posts(session, {row[2] for rows in facts.values() for row in rows if row[2]})
    return sorted((_listed(each, facts.get(each.id, []), posts) for each in found), key=lambda each: each.comes_first)


def is_guess(incident: Incident) -> bool:
    return incident.summary == SUSPECTED


def title_of(incident: Incident, categories: Collection[str]) -> str:
    """Name an incident by its kind; what its comments may be besides stands second."""
    if is_guess(incident):
        return "Comments to check: a child may be at risk"
    if incident.kind in ACCUSES and not _CRIES.isdisjoint(categories):
        return f"{CARDS[incident.kind].label}, and perhaps a cry for help"
    if incident.kind is IncidentKind.OTHER and not categories and incident.opened_by is not None:
        return "Something about the school, seen elsewhere"
    return CARDS[incident.kind].label


def second_steps(incident: Incident, categories: Collection[str]) -> tuple[str, ...]:
    """An accusation leads; the child who may be asking for help beside it is not left waiting."""
    if incident.kind not in ACCUSES or _CRIES.isdisjoint(categories):
        return ()
    return (f"A child may be asking for help as well. {FIND_THE_CHILD}",)


def writers_of(comments: Collection[Comment]) -> int:
    """Count the people who wrote these, as far as the network says; whom it does not name counts alone."""
    return len({each.author_remote_id or each.author_name or str(each.id) for each in comments})


def _listed(incident: Incident, facts: Sequence[_Facts], posts: Mapping[UUID, str]) -> Listed:
    categories = [each for _, found, _, _ in facts for each in found]
    under = {posts.get(delivery, "") if delivery else "our post" if post else "" for _, _, delivery, post in facts}
    return Listed(
        incident,
        title_of(incident, categories),
        _what([found for _, found, _, _ in facts]),
        " and ".join(sorted(f"“{each}”" if each != "our post" else each for each in under if each)[:2]),
        len(facts),
        sum(state in _SEEN for state, *_ in facts),
    )


def _what(comments: Sequence[Sequence[str]]) -> str:
    """One comment with all that it is; of many how often each, the most frequent first."""
    if len(comments) == 1:
        [first, *others] = followed_up(comments[0]) or ["A comment"]
        return ", also ".join(filter(None, [harm_words(first), " and ".join(map(harm_inside, others[: _NAMED - 1]))]))
    counted = Counter(followed_up(each)[0] for each in comments if each)
    if len(counted) == 1:
        return harm_inside(next(iter(counted)))
    return ", ".join(f"{number} × {harm_inside(harm)}" for harm, number in counted.most_common(_NAMED))


def _facts(session: Session, found: Collection[Incident], actor: Actor) -> Mapping[UUID, list[_Facts]]:
    main = sa.func.coalesce(Incident.merged_into_id, Incident.id)
    query = (
        sa.select(main, Comment.state, Comment.categories, Comment.delivery_id, Comment.post_id)
        .select_from(IncidentComment)
        .join(Incident, Incident.id == IncidentComment.incident_id)
        .join(Comment, Comment.id == IncidentComment.comment_id)
        .where(main.in_([each.id for each in found]), Comment.audience.in_(sorted(audiences_of(actor))))
    )
    rows: dict[UUID, list[_Facts]] = {}
    for incident_id, state, categories, delivery_id, post_id in session.execute(query):
        rows.setdefault(incident_id, []).append((state, categories, delivery_id, post_id))
    return rows


def _posts(session: Session, deliveries: Collection[UUID]) -> Mapping[UUID, str]:
    query = sa.select(Delivery.id, Revision.caption).join(Revision, Revision.id == Delivery.revision_id)
    rows = session.execute(query.where(Delivery.id.in_(deliveries)))
    return {row.id: _excerpt(row.caption) for row in rows}


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _EXCERPT else words[:_EXCERPT].rsplit(" ", 1)[0] + "…"
