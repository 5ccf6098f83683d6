"""Pages of the author: write, answer for faces, submit, and see what became of it."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.db import database
from app.core.errors import AppError
from app.core.permissions import Permission
from app.core.settings import Settings
from app.media.services import Intake
from app.posts import live, pages, submission
from app.posts.claims import record_claims
from app.posts.discarding import discard_draft
from app.posts.drafting import (
    create_post,
    draft_of,
    latest_revision,
    post_to_edit,
    save_draft,
)
from app.posts.forms import PostForm
from app.posts.mending import mend_saved, words_of_page
from app.posts.models import Post, PostState, Revision
from app.posts.queries import post_for, posts_for
from app.posts.reading import draft_from, fill
from app.posts.uploading import Uploads, take_uploads
from app.register.queries import class_names
from app.register.scope_cost import scope_sentence
from app.schools.services import school_with
from app.web.paging import page_asked

blueprint = Blueprint("posts", __name__, url_prefix="/posts")
P = Permission
NEED_CHANGES = (PostState.BLOCKED, PostState.RETURNED)


@blueprint.get("/")
@requires(P.POST_DRAFT, P.POST_READ_ALL)
def index() -> ResponseReturnValue:
    actor, page = current_actor(), page_asked()
    mine = request.args.get("show") == "mine"
    with database().reading(actor.school_id) as session:
        posts = posts_for(session, actor=actor, states=NEED_CHANGES if mine else None, own=mine, page=page)
        may_draft = actor.may(P.POST_DRAFT)
        return render_template("posts/index.html", posts=posts, page=page, mine=mine, may_draft=may_draft)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(P.POST_DRAFT)
def new() -> ResponseReturnValue:
    form = _form()
    if request.method == "GET":
        return _form_page(form, None, None)
    uploads = _uploads()
    if _is_mending():
        return _mending_page(form, None, uploads)
    if form.validate() and not uploads.problems:
        actor = current_actor()
        try:
            with database().transaction(actor.school_id) as session:
                post = create_post(session, draft_from(form, request, None, uploads.photo_ids), actor=actor)
                record_claims(session, post, latest_revision(session, post), _words(True).claims, actor=actor)
        except AppError as error:
            form.caption.errors = [error.sentence]
        else:
            return redirect(_next_step(post.id, uploads))
    return _form_page(form, None, uploads)


@blueprint.route("/<uuid:post_id>/edit", methods=["GET", "POST"])
@requires(P.POST_DRAFT)
def edit(post_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), _form()
    with database().reading(actor.school_id) as session:
        revision = latest_revision(session, post_to_edit(session, post_id, actor=actor))
        before = draft_of(revision)
    if request.method == "GET":
        fill(form, revision)
        return _form_page(form, revision, None)
    uploads = _uploads()
    if _is_mending():
        return _mending_page(form, revision, uploads)
    if form.validate() and not uploads.problems:
        based_on = request.form.get("based_on", default=UUID(int=0), type=UUID)
        draft = draft_from(form, request, before, uploads.photo_ids)
        try:
            with database().transaction(actor.school_id) as session:
                saved = save_draft(session, post_id, draft, based_on=based_on, actor=actor)
                post = session.get_one(Post, post_id)
                record_claims(session, post, saved, _words(True).claims, actor=actor)
        except AppError as error:
            form.caption.errors = [error.sentence]
        else:
            return redirect(_next_step(post_id, uploads))
    return _form_page(form, revision, uploads)


def _form() -> PostForm:
    form = PostForm()
    with database().reading(current_actor().school_id) as session:
        form.classes.choices = [SelectChoice(name) for name in class_names(session)]
        settings = school_with(session, current_actor().school_id).settings
        cost = scope_sentence(session, settings, on=clock.today())
    form.classes.description = cost or form.classes.description
    return form


def _uploads() -> Uploads:
    """Take the pictures in before anything else can go wrong."""
    most = _settings().photos_per_post
    return take_uploads(request, _intake(), database(), most=most, actor=current_actor())


def _next_step(post_id: UUID, uploads: Uploads) -> str:
    """New photos lead to their faces; words alone to the post."""
    return url_for("faces.show" if uploads.photo_ids else "posts.show", post_id=post_id)


def _form_page(form: PostForm, revision: Revision | None, uploads: Uploads | None) -> ResponseReturnValue:
    """Show the form; a second try still has the photos of the first."""
    words = (
        live.Draftwords.of(revision) if revision and request.method == "GET" else _words(_has_photos(revision, uploads))
    )
    page = _composer(form, revision, uploads, words)
    return page, 422 if form.errors or (uploads and uploads.problems) else 200


def _mending_page(form: PostForm, revision: Revision | None, uploads: Uploads) -> ResponseReturnValue:
    """Show the form again with its words checked, and mended if a button asked for that. Nothing is saved."""
    asked = request.form.get("mend", "")
    words = _words(_has_photos(revision, uploads)).mended(asked)
    form.caption.data, form.link.data = words.texts.get("caption", ""), words.texts.get("link", "")
    is_without = asked == live.REMOVE_PHOTOS
    return _composer(form, revision, Uploads((), uploads.problems) if is_without else uploads, words, is_without)


def _composer(
    form: PostForm, revision: Revision | None, uploads: Uploads | None, words: live.Draftwords, is_without: bool = False
) -> str:
    with database().reading(current_actor().school_id) as session:
        said = live.said(session, words)
        post = session.get(Post, revision.post_id) if revision else None
        reason = post.state_reason if post and post.state is PostState.RETURNED else None
    return render_template(
        "posts/edit.html",
        form=form,
        revision=revision,
        uploads=uploads,
        words=words,
        said=said,
        is_without=is_without,
        reason=reason,
    )


def _is_mending() -> bool:
    return any(name in request.form for name in ("check", "mend", "claim", "unclaim"))


def _words(with_photo: bool) -> live.Draftwords:
    return live.Draftwords.read(request.form, with_photo=with_photo)


def _has_photos(revision: Revision | None, uploads: Uploads | None) -> bool:
    kept = [photo for photo in revision.photos if f"remove-{photo.photo_id}" not in request.form] if revision else []
    return bool(kept or (uploads and uploads.photo_ids))


@blueprint.get("/<uuid:post_id>")
@requires(P.POST_DRAFT, P.POST_READ_ALL)
def show(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        page = pages.post_page(session, post_for(session, post_id, actor=actor), actor)
        deliveries = current_app.extensions["schoolgate.deliveries-of"](session, post_id)
        comments = current_app.extensions["schoolgate.comments-under"](session, post_id, actor=actor)
        may_approve = actor.may(P.POST_APPROVE) and not page.is_author
        return render_template(
            "posts/show.html",
            page=page,
            words=words_of_page(session, page.revision, page.evaluation),
            deliveries=deliveries,
            comments=comments,
            may_approve=may_approve,
            may_take_down=actor.may(P.POST_TAKE_DOWN),
        )


@blueprint.post("/check-words")
@requires(P.POST_DRAFT)
def check_words() -> ResponseReturnValue:
    """Check words while they are typed; the text stays on this server."""
    with_photo = bool(request.form.get("has_photos")) or any(file.filename for file in request.files.getlist("photos"))
    with database().reading(current_actor().school_id) as session:
        said = live.said(session, _words(with_photo))
    return render_template("posts/live.html", said=said)


@blueprint.post("/<uuid:post_id>/mend")
@requires(P.POST_DRAFT)
def mend(post_id: UUID) -> ResponseReturnValue:
    """Mend one thing of a saved post, or say that no pupil is meant."""
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        mend_saved(session, post_id, request.form.get("finding", ""), request.form.get("how", ""), actor=actor)
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/<uuid:post_id>/submit")
@requires(P.POST_SUBMIT)
def submit(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    revision_id = request.form.get("revision_id", default=UUID(int=0), type=UUID)
    with database().transaction(actor.school_id) as session:
        submission.submit(session, post_id, revision_id=revision_id, actor=actor)
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/<uuid:post_id>/discard")
@requires(P.POST_DRAFT)
def discard(post_id: UUID) -> ResponseReturnValue:
    """Throw a draft away. Its files go once the deed is written down: a file without a row harms nobody."""
    actor, storage = current_actor(), current_app.extensions["schoolgate.storage"]
    with database().transaction(actor.school_id) as session:
        files = discard_draft(session, post_id, actor=actor)
    for sha256 in files:
        storage.remove(actor.school_id, sha256)
    flash("Thrown away, with the photos that are in no other post.", "success")
    return redirect(url_for("posts.index"))


@blueprint.post("/<uuid:post_id>/acknowledge")
@requires(P.POST_DRAFT)
def acknowledge(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        submission.acknowledge(session, post_id, request.form.get("finding", ""), actor=actor)
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.get("/photos/<uuid:photo_id>/master")
@requires(P.POST_DRAFT, P.POST_READ_ALL)
def master(photo_id: UUID) -> ResponseReturnValue:
    """Show the stored picture to the people of a post that it is in."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        sha256 = pages.master_for(session, photo_id, actor)
    return _picture(sha256)


@blueprint.get("/<uuid:post_id>/renditions/<uuid:post_photo_id>")
@requires(P.POST_DRAFT, P.POST_READ_ALL)
def rendition(post_id: UUID, post_photo_id: UUID) -> ResponseReturnValue:
    """Show a picture exactly as it will go out."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        post = post_for(session, post_id, actor=actor)
        sha256 = pages.rendition_for(session, post, post_photo_id)
    return _picture(sha256)


def _picture(sha256: str) -> ResponseReturnValue:
    storage = current_app.extensions["schoolgate.storage"]
    return _jpeg(storage.get(current_actor().school_id, sha256))


def _jpeg(content: bytes) -> ResponseReturnValue:
    answer = current_app.response_class(content, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.headers["Content-Disposition"] = "inline; filename=photo.jpg"
    return answer


def _intake() -> Intake:
    found: Intake = current_app.extensions["schoolgate.intake"]
    return found


def _settings() -> Settings:
    found: Settings = current_app.extensions["schoolgate.settings"]
    return found
