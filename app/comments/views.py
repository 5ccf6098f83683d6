"""The headteacher's queue: what needs me now, what was done and why, and one click to decide."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any  # what url_for takes
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor, requires
from app.comments import appeals, queries, replies, services
from app.comments.cards import cards_for
from app.comments.comment_page_views import Mistake, evidence_sealer, page_of
from app.comments.decision_words import decided_words, done_words, refused_words
from app.comments.evidence import lines_of
from app.comments.forms import LABELS, BulkForm, DecisionForm
from app.comments.harm_words import followed_up, harm_inside, harm_words
from app.comments.judging import SHOWS
from app.comments.models import DecisionAction
from app.comments.pile_ons import pile_on_under
from app.comments.queries import PAGE, Choice, Tab
from app.comments.spots import spot_at
from app.core import clock
from app.core.actors import Actor
from app.core.db import database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission as P  # noqa: N817  read by column with the guards
from app.schools.services import school_with
from app.web.front_end import plural
from app.web.paging import page_asked

blueprint = Blueprint("comments", __name__, url_prefix="/comments")
blueprint.add_app_template_filter(decided_words, "decided")
blueprint.add_app_template_filter(harm_words, "harm")
blueprint.add_app_template_filter(harm_inside, "harm_inside")
blueprint.add_app_template_filter(followed_up, "followed_up")
blueprint.add_app_template_filter(lines_of, "evidence_lines")
READING: dict[str, Any] = {"from": "reading"}
"""In the address while comments are read one after the other."""
READERS = (P.COMMENT_READ, P.SAFEGUARDING_READ, P.ALLEGATION_ABOUT_HEAD_READ)


@blueprint.get("")
@requires(*READERS)
def index() -> ResponseReturnValue:
    return _list()


def _list(ticked: Collection[UUID] = (), reason: str = "") -> str:
    """Show the comments that the address means; those that a decision left as they were stay ticked."""
    actor, choice, page = current_actor(), _choice(), page_asked()
    with database().reading(actor.school_id) as session:
        found = queries.comments_in(session, choice, actor=actor, page=page)
        counts = {tab: queries.count_in(session, replace(choice, tab=tab, harm=None), actor=actor) for tab in Tab}
        total = queries.count_in(session, choice, actor=actor)
        harms = queries.harms_in(session, choice, actor=actor)
        unseen = queries.unseen_in(session, choice, actor=actor)
        to_read = queries.next_to_read(session, choice, actor=actor) if unseen.one_by_one else None
        cards = cards_for(session, found, actor=actor)
        pile_on = pile_on_under(session, choice.spot) if actor.may(P.COMMENT_READ) else None
    return render_template(
        "comments/index.html",
        cards=cards,
        choice=choice,
        counts=counts,
        total=total,
        harms=harms,
        unseen=unseen,
        to_read=to_read,
        page=page,
        pages=max(1, -(-total // PAGE)),
        pile_on=pile_on,
        may_decide=actor.may(P.COMMENT_DECIDE),
        labels=LABELS,
        ticked=ticked,
        reason=reason,
    )


@blueprint.get("/<uuid:comment_id>")
@requires(*READERS)
def show(comment_id: UUID) -> ResponseReturnValue:
    return _page(comment_id)


@blueprint.get("/<uuid:comment_id>/decide")
@blueprint.get("/<uuid:comment_id>/answer")
@blueprint.get("/<uuid:comment_id>/appeal")
@blueprint.get("/<uuid:comment_id>/appeal/<uuid:appeal_id>")
@requires(*READERS)
def reload(comment_id: UUID, appeal_id: UUID | None = None) -> ResponseReturnValue:
    """Lead back whoever reloads, or signs in again, at an address that only takes decisions."""
    return redirect(url_for("comments.show", comment_id=comment_id))


@blueprint.post("/<uuid:comment_id>/decide")
@requires(*READERS)
def decide(comment_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), DecisionForm()
    if not form.validate_on_submit():
        problem = next(iter(form.errors.values()), ["Choose what to do"])[0]
        return _page(comment_id, Mistake(form.action.data or "", "decide", problem, request.form)), 422
    action = DecisionAction(form.action.data)
    try:
        with database().transaction(actor.school_id) as session:
            services.ensure_not_decided_since(session, comment_id, action, form.decided.data or "", actor=actor)
            reason, seen = form.reason.data or "", form.seen.data or ""
            _decide(session, comment_id, action, reason, seen, actor, is_sure=bool(form.sure.data))
    except InvalidInputError as error:
        is_unsure = isinstance(error, services.NotSureError)
        field = f"{'sure-' if is_unsure else ''}{action.value}-{comment_id}"
        return _page(comment_id, Mistake(action, field, error.sentence, request.form)), 422
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
    if action is DecisionAction.DELETE and not form.sure.data:
        flash("Deleting cannot be undone. Tick that you know, then press again.", "error")
        return _list(frozenset(seen), reason), 422
    with database().transaction(actor.school_id) as session:
        bulk = services.decide_many(
            session, list(seen), lambda each: _decide_ticked(session, each, action, reason, seen[each], actor)
        )
    if not bulk.refused:
        return _told(action, bulk)
    _tell(action, bulk)
    return _list(frozenset(bulk.left), reason), 422


def _decide_about_all(actor: Actor, action: DecisionAction, reason: str) -> ResponseReturnValue:
    """Decide about all of a choice, a few at a time so that nobody else waits for the database."""
    if action not in services.ABOUT_ALL:
        raise InvalidInputError("Only hiding and leaving hidden can be decided unseen. Tick the others one by one.")
    with database().reading(actor.school_id) as session:
        every = queries.every_id_in(session, _choice(), actor=actor, action=action)
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
    _tell(action, bulk)
    return redirect(_queue())


def _tell(action: DecisionAction, bulk: services.Bulk) -> None:
    if bulk.done:
        flash(done_words(action, bulk.done), "success")
    for sentence in refused_words(bulk.refused):
        flash(sentence, "error")
    if not bulk.done and not bulk.refused:
        flash("Nothing here can be decided without reading it first.", "error")


def _queue() -> str:
    return url_for("comments.index", **_chosen())


def _page(comment_id: UUID, mistake: Mistake | None = None) -> str:
    reads_on = request.args.get("from") == "reading"
    return page_of(comment_id, mistake, actor=current_actor(), chosen=_chosen(), reads_on=reads_on)


def _chosen() -> dict[str, Any]:
    """Return what the address says about which comments are meant, to be carried on."""
    return {part: request.args[part] for part in ("tab", "post", "harm") if part in request.args}


def _choice() -> Choice:
    """Read from the address which comments are meant."""
    spot = spot_at(request.args.get("post", ""))
    return Choice(_tab(request.args.get("tab", "")), spot, request.args.get("harm") or None)


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
    """Decide, unless the same page is only being sent again."""
    if not services.is_repeated(session, comment_id, action, actor=actor):
        _decide_anew(session, comment_id, action, reason, seen, actor, is_sure=is_sure)


def _decide_unseen(session: Session, comment_id: UUID, action: DecisionAction, reason: str, actor: Actor) -> None:
    services.ensure_may_go_unseen(session, comment_id, actor=actor)
    _decide(session, comment_id, action, reason, "", actor)


def _decide_ticked(
    session: Session, comment_id: UUID, action: DecisionAction, reason: str, marker: str, actor: Actor
) -> None:
    seen, _, decided = marker.partition(":")
    services.ensure_not_decided_since(session, comment_id, action, decided, actor=actor)
    services.ensure_may_go_with_others(session, comment_id, action, actor=actor)
    _decide(session, comment_id, action, reason, seen, actor)


def _decide_anew(
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
            services.hide_comment(session, comment_id, actor=actor, sealer=evidence_sealer(), reason=reason)
        case DecisionAction.RESTORE:
            services.restore_comment(session, comment_id, reason=reason, actor=actor)
        case DecisionAction.READ:
            services.note_read(session, comment_id, actor=actor, reason=reason)
        case DecisionAction.DELETE:
            services.delete_comment(session, comment_id, reason=reason, actor=actor, sealer=evidence_sealer())
        case DecisionAction.ESCALATE:
            services.escalate_comment(session, comment_id, reason=reason, actor=actor, sealer=evidence_sealer())
        case _:
            raise InvalidInputError("Choose one of the decisions offered.")


@blueprint.post("/<uuid:comment_id>/answer")
@requires(P.COMMENT_DECIDE)
def answer(comment_id: UUID) -> ResponseReturnValue:
    """Take the words that the button speaks of; both at once are asked about, and neither goes out."""
    actor, is_own = current_actor(), request.form.get("way") == "own"
    text_id, own_words = None if is_own else _uuid(request.form.get("text_id")), request.form.get("own_words", "")
    try:
        with database().transaction(actor.school_id) as session:
            if text_id is None and not own_words.strip():
                raise InvalidInputError("Write the words first." if is_own else "Choose the answer first.")
            replies.answer_comment(session, comment_id, text_id=text_id, own_words=own_words, actor=actor)
            is_stopped = school_with(session, actor.school_id).publishing_stopped_at is not None
    except InvalidInputError as error:
        return _page(comment_id, Mistake("answer", "own-words", error.sentence, request.form)), 422
    goes_out = "It waits until publishing is no longer stopped." if is_stopped else "The answer goes out now."
    flash(goes_out if text_id else "Kept. Somebody else approves it first.", "success")
    return redirect(url_for("comments.show", comment_id=comment_id))


@blueprint.post("/<uuid:comment_id>/appeal")
@requires(P.COMMENT_READ)
def appeal(comment_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    try:
        with database().transaction(actor.school_id) as session:
            appeals.record_appeal(session, comment_id, words=request.form.get("words", ""), actor=actor)
    except InvalidInputError as error:
        return _page(comment_id, Mistake("appeal", "appeal-words", error.sentence, request.form)), 422
    flash("Kept. Somebody who did not decide about it looks at it again.", "success")
    return redirect(url_for("comments.show", comment_id=comment_id))


@blueprint.post("/<uuid:comment_id>/appeal/<uuid:appeal_id>")
@requires(P.COMMENT_READ)
def answer_appeal(comment_id: UUID, appeal_id: UUID) -> ResponseReturnValue:
    actor, upholds = current_actor(), request.form.get("upholds") == "yes"
    reason, is_sure = request.form.get("reason", ""), bool(request.form.get("sure"))
    try:
        with database().transaction(actor.school_id) as session:
            seen = request.form.get("seen", "")
            appeals.ensure_as_seen(session, comment_id, appeal_id, seen, actor=actor)
            appeals.decide_appeal(session, appeal_id, upholds=upholds, reason=reason, is_sure=is_sure, actor=actor)
    except InvalidInputError as error:
        field = "appeal-sure" if isinstance(error, services.NotSureError) else "appeal-reason"
        return _page(comment_id, Mistake("look-again", field, error.sentence, request.form)), 422
    flash("Answered: it is shown." if upholds else "It stays hidden.", "success")
    return redirect(url_for("comments.show", comment_id=comment_id))


def _way_back(comment_id: UUID, action: DecisionAction, actor: Actor) -> str:
    """Go on to the next when they are read one by one; else stay, unless it was decided in the list or is closed now.

    What was passed on and what is shown again stays open: there is the way back.
    """
    place = request.args.get("from")
    with database().reading(actor.school_id) as session:
        following = queries.next_to_read(session, _choice(), actor=actor) if place == "reading" else None
        try:
            queries.readable_comment(session, comment_id, actor=actor)
        except NotFoundError:
            stays = False
        else:
            stays = action in (DecisionAction.ESCALATE, DecisionAction.RESTORE) or place not in ("queue", "reading")
    if stays:
        return url_for("comments.show", comment_id=comment_id, **_chosen())
    if following is not None:
        return url_for("comments.show", comment_id=following, **_chosen(), **READING)
    return _queue()


def _tab(word: str) -> Tab:
    return Tab(word) if word in list(Tab) else Tab.NEEDS_YOU


def _uuid(word: str | None) -> UUID | None:
    try:
        return UUID(word or "")
    except ValueError:
        return None
