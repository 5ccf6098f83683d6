"""A comment as its readers see it: its words, its post, what was done and why, and what they may do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.channels.models import Channel
from app.comments import appeals, queries
from app.comments.forms import LABELS
from app.comments.harm_words import followed_up
from app.comments.house_rules import HouseRule, rules_for
from app.comments.locking import stays_hidden
from app.comments.models import Appeal, Comment, CommentDecision, CommentState, DecisionAction
from app.comments.networks import STILL_SEEN
from app.comments.second_person import roll_for
from app.comments.services import choices_for
from app.comments.spots import spot_of
from app.core.actors import Actor
from app.posts.models import Revision
from app.publishing.models import Delivery
from app.schools.services import school_with
from app.web.front_end import at_words
from moderation.policy import KEPT_IN_SIGHT

EXCERPT = 80
BY_HAND = frozenset({DecisionAction.HIDE, DecisionAction.RESTORE, DecisionAction.LIFT})
KEPT_IN_SIGHT_WORDS = frozenset(label.value for label in KEPT_IN_SIGHT)
HELP = frozenset({"disclosure"})
"""Categories in which somebody may be asking for help."""
STRONG = 2
"""From this severity on the words are covered until somebody asks to see them."""
SETTLED_BY_APPEAL = frozenset({DecisionAction.LEAVE_HIDDEN, DecisionAction.RESTORE})

STATE_WORDS = {
    CommentState.RECEIVED: "Being read",
    CommentState.VISIBLE: "Visible",
    CommentState.QUEUED: "Visible, waits for you",
    CommentState.HIDING: "Being hidden",
    CommentState.HIDDEN: "Hidden",
    CommentState.RESTORING: "Being shown again",
    CommentState.DELETING: "Being deleted",
    CommentState.DELETED: "Deleted on the network",
    CommentState.GONE: "No longer on the network",
}


@dataclass(frozen=True, slots=True)
class Card:
    comment: Comment
    channel: Channel
    post_text: str
    post_permalink: str | None
    rule: CommentDecision | None
    """What the rules said last."""
    person: CommentDecision | None
    """What a person decided last."""
    person_name: str
    settled: str
    """Which decision about it by itself the page knows of: a later one is not overruled unseen."""
    choices: frozenset[DecisionAction]
    school_slug: str
    appeal: Appeal | None
    """What is asked and not answered yet."""
    not_you: str
    """Why this person may not answer it, and who may."""
    waits_for_answer: bool
    """Somebody may answer it: until then nobody else settles the comment."""

    @property
    def house_rules(self) -> tuple[HouseRule, ...]:
        """The house rules that the decision rests on, to be cited by number: whoever cries for help broke none."""
        return () if self.is_cry_in_sight else rules_for(self.comment.categories)

    @property
    def also(self) -> list[str]:
        """What else it is, after what leads; of a cry for help in sight nothing that speaks against its writer."""
        others = followed_up(self.comment.categories)[1:]
        return [each for each in others if not rules_for([each])] if self.is_cry_in_sight else others

    @property
    def is_cry_in_sight(self) -> bool:
        return self.comment.state in queries.SEEN and not KEPT_IN_SIGHT_WORDS.isdisjoint(self.comment.categories)

    @property
    def only_locked(self) -> str:
        """Say that the lock-down alone hides it, and what becomes of it when that is lifted."""
        comment = self.comment
        if comment.pile_on_id is None or not comment.state.is_on_network:
            return ""
        if stays_hidden(comment):
            return "It may do harm, so it stays hidden after the lock-down until somebody has decided."
        if self.house_rules:
            return "It may be unkind; look before you lift."
        return "It breaks no rule, and is shown again when the lock-down is lifted."

    @property
    def spot(self) -> str:
        """Where it stands, as in the address of the page with all that stands there."""
        return str(spot_of(self.comment) or "")

    @property
    def state_words(self) -> str:
        return STATE_WORDS[self.comment.state]

    @property
    def still_seen(self) -> str:
        """Say honestly who can see a hidden comment on this network."""
        return STILL_SEEN[self.channel.network] if self.comment.state is CommentState.HIDDEN else ""

    @property
    def marker(self) -> str:
        """What a tick stands for: this comment, in these words, as far as it was decided then."""
        return f"{self.comment.id}:{self.comment.text_sha256}:{self.settled}"

    @property
    def is_threat(self) -> bool:
        return "threat" in self.comment.categories

    @property
    def hide_words(self) -> str:
        """Whoever showed it by mistake looks for a way back."""
        was_shown = self.person is not None and self.person.action in (DecisionAction.RESTORE, DecisionAction.LIFT)
        return "Hide again" if was_shown else LABELS[DecisionAction.HIDE]

    @property
    def calls_for_help(self) -> bool:
        return not HELP.isdisjoint(self.comment.categories)

    @property
    def stays_hidden(self) -> bool:
        """Lifting a lock-down leaves it hidden: it may do harm, and nobody has decided."""
        return stays_hidden(self.comment)

    @property
    def is_strong(self) -> bool:
        return self.comment.severity >= STRONG

    @property
    def time_to_hide(self) -> timedelta | None:
        """How long it took from its coming in; of words that came or were hidden later there is no such time."""
        hidden_at, by_hand = self.comment.hidden_at, self.person is not None and self.person.action in BY_HAND
        if hidden_at is None or self.rule is None or not self.rule.hides or by_hand or self.comment.edited_at:
            return None
        return hidden_at - self.comment.received_at

    @property
    def hidden_by(self) -> str:
        """Who hid it by hand, and when: again, if the rules had hidden it before."""
        if self.person is None or self.person.action is not DecisionAction.HIDE:
            return ""
        again = "again " if self.rule is not None and self.rule.hides else ""
        return f"{again}by {self.person_name or 'somebody of the school'} {at_words(self.person.at)}"


def cards_for(session: Session, comments: Sequence[Comment], *, actor: Actor) -> list[Card]:
    """Dress comments that the actor may read, in a handful of queries for the whole page."""
    channels = {channel.id: channel for channel in session.scalars(sa.select(Channel))}
    posts = _posts(session, comments)
    rules, people = queries.latest_rule_decisions(session, comments), queries.latest_person_decisions(session, comments)
    settled = queries.latest_settlements(session, comments)
    names = names_of(session, [decision.decided_by for decision in people.values()])
    slug = school_with(session, actor.school_id).slug
    asked = queries.open_appeals_on(session, comments)
    roll = roll_for(session, [comment for comment in comments if comment.id in asked])
    waiting = {each.id for each in comments if each.id in asked and roll.answerers(each, asked[each.id].recorded_by)}
    return [
        Card(
            comment=comment,
            channel=channels[comment.channel_id],
            post_text=posts.get(comment.delivery_id, ("", None))[0],
            post_permalink=posts.get(comment.delivery_id, ("", None))[1],
            rule=rules.get(comment.id),
            person=(person := people.get(comment.id)),
            person_name=_name(names, person),
            settled=str(settled[comment.id].id) if comment.id in settled else "",
            choices=choices_for(session, comment, actor)
            - (SETTLED_BY_APPEAL if comment.id in waiting else frozenset()),
            school_slug=slug,
            appeal=(appeal := asked.get(comment.id)),
            not_you=appeals.why_not_you(roll, comment, appeal, actor) if appeal else "",
            waits_for_answer=comment.id in waiting,
        )
        for comment in comments
    ]


def _name(names: Mapping[UUID, str], decision: CommentDecision | None) -> str:
    if decision is None or decision.decided_by is None:
        return ""
    return names.get(decision.decided_by, "somebody who has left")


def _posts(session: Session, comments: Sequence[Comment]) -> dict[UUID | None, tuple[str, str | None]]:
    wanted = {comment.delivery_id for comment in comments if comment.delivery_id}
    query = (
        sa.select(Delivery.id, Revision.caption, Delivery.permalink)
        .join(Revision, Revision.id == Delivery.revision_id)
        .where(Delivery.id.in_(wanted))
    )
    return {key: (_excerpt(caption), permalink) for key, caption, permalink in session.execute(query)}


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else words[:EXCERPT].rsplit(" ", 1)[0] + "…"
