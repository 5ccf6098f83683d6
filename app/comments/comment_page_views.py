"""The page of one comment: everything about it, what may be done, and what somebody typed that was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import current_app, render_template
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.channels.models import Channel
from app.comments import appeals, evidence, queries, replies
from app.comments.cards import cards_for
from app.comments.forms import LABELS
from app.comments.models import Appeal, Comment, Evidence
from app.comments.reply_models import PreparedText, Reply, TextKind
from app.comments.texts import texts
from app.core.actors import Actor
from app.core.crypto import SealBrokenError, Sealer
from app.core.db import database
from app.core.permissions import Permission as P  # noqa: N817  read by column with the guards
from moderation import Advice
from moderation.labels import in_order


@dataclass(frozen=True, slots=True)
class Mistake:
    """What was wrong with a form of the page, which field it is about, and what was typed: none of it is lost."""

    form: str
    """Which of the forms: a decision, "answer", "appeal" or "look-again"."""
    field: str
    sentence: str
    typed: Mapping[str, str]


def page_of(
    comment_id: UUID, mistake: Mistake | None, *, actor: Actor, chosen: Mapping[str, str], reads_on: bool
) -> str:
    """Dress the page. Where comments are read one by one, it goes on to the next of those that are `chosen`."""
    with database().reading(actor.school_id) as session:
        comment = queries.readable_comment(session, comment_id, actor=actor)
        [card] = cards_for(session, [comment], actor=actor)
        decisions = queries.decisions_on(session, comment_id)
        names = names_of(session, [decision.decided_by for decision in decisions])
        kept = evidence.evidence_of(session, comment)
        snapshot = _opened(kept)
        beside = _beside(session, comment, actor)
    return render_template(
        "comments/show.html",
        card=card,
        decisions=decisions,
        names={**names, **beside.names},
        evidence=kept,
        snapshot=snapshot,
        mistake=mistake,
        labels=LABELS,
        advice=[advice.sentence for advice in in_order(map(Advice, card.rule.advice))] if card.rule else [],
        may_decide=actor.may(P.COMMENT_DECIDE),
        beside=beside,
        place="reading" if reads_on else "page",
        chosen=chosen,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a comment: answers of the school, appeals, and what is still open about it."""

    replies: Sequence[Reply]
    signposts: Sequence[PreparedText]
    no_answer: str
    appeals: Sequence[Appeal]
    still_open: str
    """A sentence on what an incident still asks for, to whoever would show the comment again."""
    names: Mapping[UUID, str]


def _beside(session: Session, comment: Comment, actor: Actor) -> Beside:
    asked = appeals.appeals_on(session, comment.id)
    still_open = current_app.extensions["schoolgate.still-open-about"]
    return Beside(
        replies=replies.replies_to(session, comment.id),
        signposts=texts(session, TextKind.SIGNPOST),
        no_answer=replies.why_not(comment, session.get_one(Channel, comment.channel_id)),
        appeals=asked,
        still_open=still_open(session, comment.id, actor=actor),
        names=names_of(session, [each.decided_by for each in asked]),
    )


def evidence_sealer() -> Sealer:
    found: Sealer = current_app.extensions["schoolgate.sealers"]["evidence"]
    return found


def _opened(kept: Evidence | None) -> dict[str, str | int | None] | None:
    try:
        return evidence.open_evidence(kept, sealer=evidence_sealer()) if kept else None
    except SealBrokenError:
        return None  # the page says so: everything else about the comment must stay readable
