"""The headteacher's queue: what needs me now, what was done and why, and one click to decide."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor, requires
from app.accounts.queries import names_of
from app.channels.models import Channel
from app.comments import appeals, evidence, queries, replies, services
from app.comments.cards import cards_for
from app.comments.decision_words import done_words
from app.comments.forms import LABELS, BulkForm, DecisionForm
from app.comments.harm_words import harm_inside, harm_words
from app.comments.judging import SHOWS
from app.comments.models import Appeal, Comment, DecisionAction, Evidence
from app.comments.pile_ons import pile_on_under
from app.comments.queries import PAGE, Choice, Tab
from app.comments.reply_models import PreparedText, Reply, TextKind
from app.comments.spots import spot_at
from app.comments.texts import texts
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import SealBrokenError, Sealer
from app.core.db import database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission as P  # noqa: N817  read by column with the guards
from app.web.front_end import plural
from app.web.paging import page_asked
from moderation import Advice

blueprint = Blueprint("comments", __name__, url_prefix="/comments")
blueprint.add_app_template_filter(harm_words, "harm")
blueprint.add_app_template_filter(harm_inside, "harm_inside")
READERS = (P.COMMENT_READ, P.SAFEGUARDING_READ, P.ALLEGATION_ABOUT_HEAD_READ)


@blueprint.get("")
@requires(*READERS)
def index() -> ResponseReturnValue:
    actor, choice, page = current_actor(), _choice(), page_asked()
    with database().reading(actor.school_id) as session:
        found = queries.comments_in(session, choice, actor=actor, page=page)
        counts = {tab: queries.count_in(session, replace(choice, tab=tab, harm=None), actor=actor) for tab in Tab}
        total = queries.count_in(session, choice, actor=actor)
        harms = queries.harms_in(session, choice, actor=actor)
        unhidden = queries.count_unhidden(session, choice, actor=actor)
        cards = cards_for(session, found, actor=actor)
        pile_on = pile_on_under(session, choice.spot) if actor.may(P.COMMENT_READ) else None
    return render_template(
        "comments/index.html",
        cards=cards,
        choice=choice,
        counts=counts,
        total=total,
        harms=harms,
        unhidden=unhidden,
        page=page,
        pages=max(1, -(-total // PAGE)),
        pile_on=pile_on,
        may_decide=actor.may(P.COMMENT_DECIDE),
        labels=LABELS,
    )


@blueprint.get("/<uuid:comment_id>")
@requires(*READERS)
def show(comment_id: UUID) -> ResponseReturnValue:
    return _page(comment_id, DecisionForm())


@blueprint.post("/<uuid:comment_id>/decide")
@requires(*READERS)
def decide(comment_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), DecisionForm()
    if not form.validate_on_submit():
        return _page(comment_id, form), 422
    action = DecisionAction(form.action.data)
    try:
        with database().transaction(actor.school_id) as session:
            services.ensure_not_decided_since(session, comment_id, action, form.decided.data or "", actor=actor)
            reason, seen = form.reason.data or "", form.seen.data or ""
            _decide(session, comment_id, action, reason, seen, actor, is_sure=bool(form.sure.data))
    except InvalidInputError as error:
        form.reason.errors = [error.sentence]
        return _page(comment_id, form), 422
    flash(done_words(action), "success")
    return redirect(_way_back(comment_id, action, actor))


@blueprint.post("/decide")
@requires(*READERS)
def decide_many() -> ResponseReturnValue:
    actor, form = current_actor(), BulkForm()
    if form.validate_on_submit() and form.every.data:
        return _decide_about_all(actor, DecisionAction(form.action.data), form.reason.data or "")
    if not form.validate_on_submit() or not form.comment_ids.data:
        flash("Tick the comments first, then choose what to do with them.", "error")
        return redirect(_queue())
    action, reason = DecisionAction(form.action.data), form.reason.data or ""
    ticked = {_uuid(value.partition(":")[0]): value.partition(":")[2] for value in form.comment_ids.data or []}
    seen = {comment_id: digest for comment_id, digest in ticked.items() if comment_id is not None}
    with database().transaction(actor.school_id) as session:
        bulk = services.decide_many(
            session, list(seen), lambda each: _decide_ticked(session, each, action, reason, seen[each], actor)
        )
    return _told(action, bulk)


def _decide_about_all(actor: Actor, action: DecisionAction, reason: str) -> ResponseReturnValue:
    """Decide about all of a choice, a few at a time so that nobody else waits for the database."""
    if action not in services.ABOUT_ALL:
        raise InvalidInputError("Only hiding and leaving hidden can be decided unseen. Tick the others one by one.")
    with database().reading(actor.school_id) as session:
        every = queries.every_id_in(session, _choice(), actor=actor)
    done, refused = 0, list[str]()
    until = clock.now() + services.LONGEST
    for start in range(0, len(every), services.FEW):
        if clock.now() > until:
            flash(f"{plural(len(every) - start, 'comment')} left. Press again for the rest.", "error")
            break
        with database().transaction(actor.school_id) as session:
            some = every[start : start + services.FEW]
            bulk = services.decide_many(
                session, some, lambda each: _decide_unseen(session, each, action, reason, actor)
            )
        done, refused = done + bulk.done, [*refused, *bulk.refused]
    return _told(action, services.Bulk(done, tuple(refused)))


def _told(action: DecisionAction, bulk: services.Bulk) -> ResponseReturnValue:
    if bulk.done:
        flash(done_words(action, bulk.done), "success")
    for sentence, count in Counter(bulk.refused).items():
        flash(f"Left as they were, {plural(count, 'comment')}: {sentence}", "error")
    return redirect(_queue())


def _queue() -> str:
    return url_for(
        "comments.index", tab=request.args.get("tab"), post=request.args.get("post"), harm=request.args.get("harm")
    )


def _choice() -> Choice:
    """Read from the address which comments are meant."""
    spot = spot_at(request.args.get("post", ""))
    return Choice(_tab(request.args.get("tab", "")), spot, request.args.get("harm") or None)


def _decide_unseen(session: Session, comment_id: UUID, action: DecisionAction, reason: str, actor: Actor) -> None:
    services.ensure_may_go_unseen(session, comment_id, actor=actor)
    _decide(session, comment_id, action, reason, "", actor)


def _decide_ticked(
    session: Session, comment_id: UUID, action: DecisionAction, reason: str, marker: str, actor: Actor
) -> None:
    seen, _, decided = marker.partition(":")
    services.ensure_not_decided_since(session, comment_id, action, decided, actor=actor)
    _decide(session, comment_id, action, reason, seen, actor)


def _decide(
    session: Session,
    comment_id: UUID,
    action: DecisionAction,
    reason: str,
    seen: str,
    actor: Actor,
    *,
    is_sure: bool = False,
) -> None:
    if action in SHOWS:
        services.ensure_unchanged(session, comment_id, seen, actor=actor)
    if action is DecisionAction.RESTORE:
        services.ensure_sure(session, comment_id, is_sure=is_sure, actor=actor)
    match action:
        case DecisionAction.LEAVE_HIDDEN:
            services.leave_hidden(session, comment_id, actor=actor, reason=reason)
        case DecisionAction.LEAVE_VISIBLE:
            services.leave_visible(session, comment_id, actor=actor, reason=reason)
        case DecisionAction.HIDE:
            services.hide_comment(session, comment_id, actor=actor, sealer=_sealer(), reason=reason)
        case DecisionAction.RESTORE:
            services.restore_comment(session, comment_id, reason=reason, actor=actor)
        case DecisionAction.READ:
            services.note_read(session, comment_id, actor=actor, reason=reason)
        case DecisionAction.DELETE:
            services.delete_comment(session, comment_id, reason=reason, actor=actor, sealer=_sealer())
        case DecisionAction.ESCALATE:
            services.escalate_comment(session, comment_id, reason=reason, actor=actor, sealer=_sealer())
        case _:
            raise InvalidInputError("Choose one of the decisions offered.")


def _page(comment_id: UUID, form: DecisionForm) -> str:
    actor = current_actor()
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
        form=form,
        labels=LABELS,
        advice=[Advice(word).sentence for word in card.rule.advice] if card.rule else [],
        may_decide=actor.may(P.COMMENT_DECIDE),
        replies=beside.replies,
        signposts=beside.signposts,
        no_answer=beside.no_answer,
        appeals=beside.appeals,
        may_answer_appeal=beside.may_answer_appeal,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a comment: answers of the school, and appeals."""

    replies: Sequence[Reply]
    signposts: Sequence[PreparedText]
    no_answer: str
    appeals: Sequence[Appeal]
    may_answer_appeal: bool
    names: Mapping[UUID, str]


def _beside(session: Session, comment: Comment, actor: Actor) -> Beside:
    asked = appeals.appeals_on(session, comment.id)
    return Beside(
        replies=replies.replies_to(session, comment.id),
        signposts=texts(session, TextKind.SIGNPOST),
        no_answer=replies.why_not(comment, session.get_one(Channel, comment.channel_id)),
        appeals=asked,
        may_answer_appeal=appeals.may_decide_appeal(session, comment, actor),
        names=names_of(session, [each.decided_by for each in asked]),
    )


@blueprint.post("/<uuid:comment_id>/answer")
@requires(P.COMMENT_DECIDE)
def answer(comment_id: UUID) -> ResponseReturnValue:
    actor, text_id = current_actor(), _uuid(request.form.get("text_id"))
    with database().transaction(actor.school_id) as session:
        own_words = request.form.get("own_words", "")
        replies.answer_comment(session, comment_id, text_id=text_id, own_words=own_words, actor=actor)
    flash("The answer goes out now." if text_id else "Kept. Somebody else approves it first.", "success")
    return redirect(url_for("comments.show", comment_id=comment_id))


@blueprint.post("/<uuid:comment_id>/appeal")
@requires(P.COMMENT_READ)
def appeal(comment_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        appeals.record_appeal(session, comment_id, words=request.form.get("words", ""), actor=actor)
    flash("Kept. Somebody who did not decide about it looks at it again.", "success")
    return redirect(url_for("comments.show", comment_id=comment_id))


@blueprint.post("/<uuid:comment_id>/appeal/<uuid:appeal_id>")
@requires(P.COMMENT_READ)
def answer_appeal(comment_id: UUID, appeal_id: UUID) -> ResponseReturnValue:
    actor, upholds = current_actor(), request.form.get("upholds") == "yes"
    with database().transaction(actor.school_id) as session:
        appeals.decide_appeal(session, appeal_id, upholds=upholds, reason=request.form.get("reason", ""), actor=actor)
    flash("It is being shown again." if upholds else "It stays hidden.", "success")
    return redirect(url_for("comments.show", comment_id=comment_id))


def _opened(kept: Evidence | None) -> dict[str, str | int | None] | None:
    try:
        return evidence.open_evidence(kept, sealer=_sealer()) if kept else None
    except SealBrokenError:
        return None  # the page says so: everything else about the comment must stay readable


def _way_back(comment_id: UUID, action: DecisionAction, actor: Actor) -> str:
    """Stay on the page of what was passed on, unless that closed it for this person, and of what is shown again."""
    with database().reading(actor.school_id) as session:
        try:
            queries.readable_comment(session, comment_id, actor=actor)
        except NotFoundError:
            return url_for("comments.index")
    stays = action in (DecisionAction.ESCALATE, DecisionAction.RESTORE) or request.args.get("from") != "queue"
    return url_for("comments.show", comment_id=comment_id) if stays else url_for("comments.index")


def _sealer() -> Sealer:
    found: Sealer = current_app.extensions["schoolgate.sealers"]["evidence"]
    return found


def _tab(word: str) -> Tab:
    return Tab(word) if word in list(Tab) else Tab.NEEDS_YOU


def _uuid(word: str | None) -> UUID | None:
    try:
        return UUID(word or "")
    except ValueError:
        return None
