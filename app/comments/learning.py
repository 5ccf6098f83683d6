"""How the rules did: what people undid, what they did not see, and what a rule on trial would have done."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any  # signals are JSON
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_in
from app.accounts.roles import Role
from app.comments.models import SPEAK_OF_THE_WORDS, Audience, Comment, CommentDecision, CommentState, DecisionAction
from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.notifications.services import notify
from app.schools.models import School
from moderation import Label
from moderation.policy import ROW_OF, Reach

LOOKS_BACK = timedelta(days=90)
WEEK = timedelta(days=7)
SAMPLE = 10
SHOWN = frozenset({DecisionAction.RESTORE, DecisionAction.LEAVE_VISIBLE})


@dataclass(slots=True)
class Tally:
    """What became of the comments that one rule spoke about."""

    hidden: int = 0
    looked_at: int = 0
    undone: int = 0

    @property
    def undo_rate(self) -> float | None:
        return self.undone / self.looked_at if self.looked_at else None


@dataclass(slots=True)
class Trial:
    """A rule that only looks on, beside what was done without it."""

    would_hide: int = 0
    looked_at: int = 0
    disagreed: int = 0
    """A person let stand what it would have hidden."""
    agreed: int = 0


@dataclass(slots=True)
class Record:
    since_days: int
    rules: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    trials: dict[str, Trial] = field(default_factory=lambda: defaultdict(Trial))
    held_back: int = 0
    sampled: int = 0
    missed: int = 0
    """Of those, how many a person would not have let stand."""


def record_of(session: Session) -> Record:
    """Count the last quarter, by rule. Nothing is counted by who wrote."""
    since = clock.now() - LOOKS_BACK
    found = Record(LOOKS_BACK.days)
    answers = _answers(session, since)
    wanted = sa.or_(CommentDecision.hides, CommentDecision.shadow.is_not(None), CommentDecision.was_held_back)
    query = sa.select(
        CommentDecision.comment_id,
        CommentDecision.text_sha256,
        CommentDecision.hides,
        CommentDecision.signals,
        CommentDecision.shadow,
        CommentDecision.was_held_back,
    ).where(CommentDecision.is_by_person.is_(False), CommentDecision.at > since, wanted, _may_be_counted())
    for row in session.execute(query):
        answer = answers.get((row.comment_id, row.text_sha256))
        found.held_back += row.was_held_back
        if row.hides:
            _count_rules(found, row.signals, answer)
        if row.shadow and row.shadow.get("hide") and not row.hides:
            _count_trials(found, row.shadow["signals"], answer)
    samples = sa.select(CommentDecision.action).where(
        CommentDecision.of_sample, CommentDecision.at > since, _may_be_counted()
    )
    actions = session.scalars(samples).all()
    found.sampled = len(actions)
    found.missed = sum(action not in SHOWN for action in actions)
    return found


def _may_be_counted() -> sa.ColumnElement[bool]:
    """A rule's figure that goes up would tell others of a comment that only the head or the chair may know of."""
    return CommentDecision.comment_id.in_(
        sa.select(Comment.id).where(Comment.audience.not_in([Audience.HEAD, Audience.CHAIR]))
    )


def _answers(session: Session, since: object) -> Mapping[tuple[UUID, str], DecisionAction]:
    """Return what a person said last about each text."""
    query = (
        sa.select(CommentDecision.comment_id, CommentDecision.text_sha256, CommentDecision.action)
        .where(CommentDecision.is_by_person, CommentDecision.at > since, CommentDecision.action.in_(SPEAK_OF_THE_WORDS))
        .order_by(CommentDecision.at)
    )
    return {(row.comment_id, row.text_sha256): row.action for row in session.execute(query)}


def _count_rules(found: Record, signals: Sequence[Mapping[str, Any]], answer: DecisionAction | None) -> None:
    for rule in {signal["rule"] for signal in signals if _would_hide(signal)}:
        tally = found.rules[rule]
        tally.hidden += 1
        tally.looked_at += answer is not None
        tally.undone += answer in SHOWN


def _would_hide(signal: Mapping[str, Any]) -> bool:
    """Leave out what was only noticed beside: to complain never hides a comment."""
    row = ROW_OF.get(Label(signal["label"]))
    return row is not None and row.hide and row.reach(signal["score"]) is Reach.ACTS


def _count_trials(found: Record, signals: Sequence[Mapping[str, Any]], answer: DecisionAction | None) -> None:
    for rule in {signal["rule"] for signal in signals if _would_hide(signal)}:
        trial = found.trials[rule]
        trial.would_hide += 1
        trial.looked_at += answer is not None
        trial.disagreed += answer in SHOWN
        trial.agreed += answer is not None and answer not in SHOWN


def draw_samples(database: Database) -> None:
    """Once a week, draw some of what the rules let stand, for a person to look at."""
    with database.reading(EVERY_SCHOOL) as session:
        schools = session.scalars(sa.select(School.id)).all()
    for school_id in schools:
        with database.transaction(school_id) as session:
            draw_sample(session)


def draw_sample(session: Session) -> int:
    """Draw the week's sample by lot; return how many, none when this week's was drawn already."""
    week_ago = clock.now() - WEEK
    if session.scalar(sa.select(Comment.id).where(Comment.sampled_at > week_ago).limit(1)) is not None:
        return 0
    answered = sa.select(CommentDecision.id).where(CommentDecision.of_sample, CommentDecision.at > week_ago)
    if session.scalar(answered.limit(1)) is not None:
        return 0
    query = sa.select(Comment.id).where(
        Comment.state == CommentState.VISIBLE,
        Comment.audience == Audience.GENERAL,
        Comment.awaits_person.is_(False),
        Comment.received_at > week_ago,
        Comment.severity == 0,
    )
    allowed = session.scalars(query).all()
    drawn = random.SystemRandom().sample(allowed, min(SAMPLE, len(allowed)))
    if not drawn:
        return 0
    session.execute(sa.update(Comment).where(Comment.id.in_(drawn)).values(sampled_at=clock.now()))
    sentence = "A few comments that the rules let stand wait for your weekly look. It takes two minutes."
    notify(session, user_ids_in(session, Role.HEADTEACHER), sentence, link="/comments?tab=sample", bundle="sample")
    return len(drawn)
