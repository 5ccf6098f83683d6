"""Pages of the leadership: what waits, true previews, approve or return; and what follows publishing."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.posts import submission
from app.posts.queries import post_for
from app.publishing.pasted import seen_there
from app.publishing.retracting import absence_there
from app.publishing.services import cancel_pending, confirm_gone, confirm_sent, retry_delivery, take_down
from app.reviews import pages, services
from app.reviews.queries import waiting_for
from app.web.htmx import wants_fragment
from consent.recognisability import in_words

blueprint = Blueprint("reviews", __name__)
P = Permission


@blueprint.get("/reviews/")
@requires(P.POST_APPROVE)
def index() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        return render_template("reviews/index.html", waiting=pages.waiting_rows(session, waiting_for(session, actor)))


@blueprint.get("/reviews/<uuid:post_id>")
@requires(P.POST_APPROVE)
def show(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        page = pages.review_page(session, post_for(session, post_id, actor=actor), actor)
        return render_template("reviews/show.html", page=page, in_words=in_words)


@blueprint.get("/reviews/<uuid:post_id>/photos/<uuid:post_photo_id>")
@requires(P.POST_APPROVE)
def photo(post_id: UUID, post_photo_id: UUID) -> ResponseReturnValue:
    """Show one photo at full size; that it was looked at is noted by the button, not by this page."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        page = pages.review_page(session, post_for(session, post_id, actor=actor), actor)
        item = next((item for item in page.photos if item.photo.id == post_photo_id), None)
        if item is None:
            raise NotFoundError("That photo is no longer in the post.")
        return render_template("reviews/photo.html", page=page, item=item, in_words=in_words)


@blueprint.post("/reviews/<uuid:post_id>/photos/<uuid:post_photo_id>/seen")
@requires(P.POST_APPROVE)
def seen(post_id: UUID, post_photo_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        page = pages.review_page(session, post_for(session, post_id, actor=actor), actor)
        if all(item.id != post_photo_id for item in page.revision.photos):
            raise InvalidInputError("That photo is no longer in the post.")
        services.note_viewed(session, post_photo_id, actor=actor)
        left = [item.id for item in page.revision.photos if item.id in page.unseen and item.id != post_photo_id]
    if wants_fragment(request):
        return "", 204
    if left:
        return redirect(url_for("reviews.photo", post_id=post_id, post_photo_id=left[0]))
    return redirect(url_for("reviews.show", post_id=post_id, _anchor="decide"))


@blueprint.post("/reviews/<uuid:post_id>/approve")
@requires(P.POST_APPROVE)
def approve(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        opened = "link_opened" in request.form
        quiet = request.form.get("quiet_override", "")
        services.approve(
            session, post_id, revision_id=_revision_id(), actor=actor, link_opened=opened, quiet_override=quiet
        )
    flash("Approved. It goes out now, or at its time.", "success")
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/reviews/<uuid:post_id>/return")
@requires(P.POST_APPROVE)
def return_post(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        reason, saw = request.form.get("reason", ""), request.form.get("saw", "")
        services.return_post(session, post_id, revision_id=_revision_id(), reason=reason, actor=actor, saw=saw)
    flash("Returned to its author.", "success")
    return redirect(url_for("reviews.index"))


@blueprint.post("/reviews/<uuid:post_id>/reject")
@requires(P.POST_APPROVE)
def reject(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        reason, saw = request.form.get("reason", ""), request.form.get("saw", "")
        services.reject(session, post_id, revision_id=_revision_id(), reason=reason, actor=actor, saw=saw)
    flash("Rejected. Its author is told why.", "success")
    return redirect(url_for("reviews.index"))


@blueprint.post("/reviews/<uuid:post_id>/recheck")
@requires(P.POST_APPROVE)
def recheck(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        services.recheck(session, post_id, actor=actor)
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/reviews/<uuid:post_id>/release")
@requires(P.POST_RELEASE_HOLD)
def release(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        finding, reason = request.form.get("finding", ""), request.form.get("reason", "")
        submission.release(session, post_id, finding, reason=reason, actor=actor)
    return redirect(url_for("reviews.show", post_id=post_id, _anchor="checks"))


@blueprint.post("/posts/<uuid:post_id>/recall")
@requires(P.POST_DRAFT)
def recall(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        post = submission.recall(session, post_id, actor=actor)
        cancel_pending(session, post, actor=actor)
    flash("Taken back. You can change it now.", "success")
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/posts/<uuid:post_id>/take-down")
@requires(P.POST_TAKE_DOWN)
def remove(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        take_down(session, post_id, reason=request.form.get("reason", ""), actor=actor)
    flash("It is being removed from every network. This page shows when it is gone.", "success")
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/deliveries/<uuid:delivery_id>/retry")
@requires(P.DELIVERY_SETTLE)
def retry(delivery_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        retry_delivery(session, delivery_id, actor=actor)
        post_id = pages.post_id_of(session, delivery_id)
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/deliveries/<uuid:delivery_id>/found")
@requires(P.DELIVERY_SETTLE)
def found(delivery_id: UUID) -> ResponseReturnValue:
    """Somebody found the lost post on the network and gives its address."""
    actor = current_actor()
    address = request.form.get("permalink", "").strip()
    connector = current_app.extensions["schoolgate.connector"]
    there = seen_there(database(), connector, delivery_id, actor.school_id, address)
    with database().transaction(actor.school_id) as session:
        confirm_sent(session, delivery_id, permalink=there.permalink, remote_id=there.remote_id, actor=actor)
        post_id = pages.post_id_of(session, delivery_id)
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/deliveries/<uuid:delivery_id>/gone")
@requires(P.POST_TAKE_DOWN)
def gone(delivery_id: UUID) -> ResponseReturnValue:
    """Somebody looked at the network: the post that was to come down is not there."""
    actor = current_actor()
    connector = current_app.extensions["schoolgate.connector"]
    answer = absence_there(database(), connector, delivery_id, actor.school_id)
    with database().transaction(actor.school_id) as session:
        confirm_gone(session, delivery_id, actor=actor, answer=answer)
        post_id = pages.post_id_of(session, delivery_id)
    return redirect(url_for("posts.show", post_id=post_id))


def _revision_id() -> UUID:
    try:
        return UUID(request.form.get("revision_id", ""))
    except ValueError as error:
        raise InvalidInputError("Open the post again and decide on the version that it shows.") from error
