"""The headteacher's queue: what needs me now, what was done and why, and one click to decide."""

from collections import Counter
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor, requires
from app.accounts.queries import names_of
from app.comments import evidence, queries, services
from app.comments.cards import cards_for
from app.comments.forms import LABELS, BulkForm, DecisionForm
from app.comments.judging import SHOWS
from app.comments.models import DecisionAction, Evidence
from app.comments.queries import PAGE, Tab
from app.core.actors import Actor
from app.core.crypto import SealBrokenError, Sealer
from app.core.db import database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission as P  # noqa: N817  read by column with the guards
from app.web.front_end import plural
from app.web.paging import page_asked
from moderation import Advice

blueprint = Blueprint("comments", __name__, url_prefix="/comments")
READERS = (P.COMMENT_READ, P.SAFEGUARDING_READ, P.ALLEGATION_ABOUT_HEAD_READ)


@blueprint.get("")
@requires(*READERS)
def index() -> ResponseReturnValue:
    actor, tab = current_actor(), _tab(request.args.get("tab", ""))
    page, post_id = page_asked(), _uuid(request.args.get("post"))
    with database().reading(actor.school_id) as session:
        found = queries.comments_in(session, tab, actor=actor, post_id=post_id, page=page)
        counts = {each: queries.count_in(session, each, actor=actor, post_id=post_id) for each in Tab}
        cards = cards_for(session, found, actor=actor)
    pages = max(1, -(-counts[tab] // PAGE))
    return render_template(
        "comments/index.html",
        cards=cards,
        tab=tab,
        counts=counts,
        page=page,
        pages=pages,
        post_id=post_id,
        form=BulkForm(),
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
            _decide(session, comment_id, action, form.reason.data or "", form.seen.data or "", actor)
    except InvalidInputError as error:
        form.reason.errors = [error.sentence]
        return _page(comment_id, form), 422
    flash(f"Done: {LABELS[action].lower()}.", "success")
    return redirect(_way_back(comment_id, action, actor))


@blueprint.post("/decide")
@requires(*READERS)
def decide_many() -> ResponseReturnValue:
    actor, form = current_actor(), BulkForm()
    if not form.validate_on_submit() or not form.comment_ids.data:
        flash("Tick the comments first, then choose what to do with them.", "error")
        return redirect(_queue())
    action, reason = DecisionAction(form.action.data), form.reason.data or ""
    ticked = {_uuid(value.partition(":")[0]): value.partition(":")[2] for value in form.comment_ids.data or []}
    seen = {comment_id: digest for comment_id, digest in ticked.items() if comment_id is not None}
    with database().transaction(actor.school_id) as session:
        bulk = services.decide_many(
            session, list(seen), lambda each: _decide(session, each, action, reason, seen[each], actor)
        )
    if bulk.done:
        flash(f"Done for {bulk.done}: {LABELS[action].lower()}.", "success")
    for sentence, count in Counter(bulk.refused).items():
        flash(f"Left as they were, {plural(count, 'comment')}: {sentence}", "error")
    return redirect(_queue())


def _queue() -> str:
    return url_for("comments.index", tab=request.args.get("tab"), post=request.args.get("post"))


def _decide(session: Session, comment_id: UUID, action: DecisionAction, reason: str, seen: str, actor: Actor) -> None:
    if action in SHOWS:
        services.ensure_unchanged(session, comment_id, seen, actor=actor)
    match action:
        case DecisionAction.LEAVE_HIDDEN:
            services.leave_hidden(session, comment_id, actor=actor, reason=reason)
        case DecisionAction.LEAVE_VISIBLE:
            services.leave_visible(session, comment_id, actor=actor, reason=reason)
        case DecisionAction.HIDE:
            services.hide_comment(session, comment_id, actor=actor, sealer=_sealer(), reason=reason)
        case DecisionAction.RESTORE:
            services.restore_comment(session, comment_id, reason=reason, actor=actor)
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
    return render_template(
        "comments/show.html",
        card=card,
        decisions=decisions,
        names=names,
        evidence=kept,
        snapshot=snapshot,
        form=form,
        labels=LABELS,
        advice=[Advice(word).sentence for word in card.rule.advice] if card.rule else [],
    )


def _opened(kept: Evidence | None) -> dict[str, str | int | None] | None:
    try:
        return evidence.open_evidence(kept, sealer=_sealer()) if kept else None
    except SealBrokenError:
        return None  # the page says so: everything else about the comment must stay readable


def _way_back(comment_id: UUID, action: DecisionAction, actor: Actor) -> str:
    """Stay on the page, unless passing the comment on has closed it for this person."""
    with database().reading(actor.school_id) as session:
        try:
            queries.readable_comment(session, comment_id, actor=actor)
        except NotFoundError:
            return url_for("comments.index")
    stays = action is DecisionAction.ESCALATE or request.args.get("from") != "queue"
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
