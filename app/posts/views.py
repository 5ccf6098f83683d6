"""Pages of the author: write, answer for faces, submit, and see what became of it."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.errors import AppError, InvalidInputError
from app.core.permissions import Permission
from app.core.settings import Settings
from app.media.services import Intake, add_photo
from app.posts import pages, submission
from app.posts.drafting import (
    Draft,
    PhotoDraft,
    create_post,
    draft_of,
    editable_post,
    latest_revision,
    save_draft,
)
from app.posts.faces import answer_faces, faces_of, sign_not_protected
from app.posts.forms import PostForm
from app.posts.queries import post_for, posts_for
from app.posts.reading import draft_from, faces_from, fill, uploads_in
from app.posts.telling import second_look_wanted
from app.register.queries import class_names

blueprint = Blueprint("posts", __name__, url_prefix="/posts")
P = Permission


@blueprint.get("/")
@requires(P.POST_DRAFT, P.POST_READ_ALL)
def index() -> ResponseReturnValue:
    actor, page = current_actor(), max(1, request.args.get("page", 1, type=int))
    with database().reading(actor.school_id) as session:
        posts = posts_for(session, actor=actor, page=page)
        return render_template("posts/index.html", posts=posts, page=page, may_draft=actor.may(P.POST_DRAFT))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(P.POST_DRAFT)
def new() -> ResponseReturnValue:
    actor, form = current_actor(), PostForm()
    with database().reading(actor.school_id) as session:
        form.classes.choices = [(name, name) for name in class_names(session)]
    if form.validate_on_submit():
        try:
            uploads = uploads_in(request, actor.school_id, _intake(), most=_settings().photos_per_post)
            with database().transaction(actor.school_id) as session:
                added = [PhotoDraft(add_photo(session, upload.clean, actor=actor).id) for upload in uploads]
                post = create_post(session, draft_from(form, request, None, added), actor=actor)
        except InvalidInputError as error:
            form.caption.errors = [error.sentence]
        else:
            return redirect(url_for("posts.show", post_id=post.id))
    return render_template("posts/edit.html", form=form, post=None, revision=None), 422 if form.errors else 200


@blueprint.route("/<uuid:post_id>/edit", methods=["GET", "POST"])
@requires(P.POST_DRAFT)
def edit(post_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), PostForm()
    with database().reading(actor.school_id) as session:
        post = editable_post(session, post_id, actor=actor)
        revision = latest_revision(session, post)
        form.classes.choices = [(name, name) for name in class_names(session)]
        before = draft_of(revision)
    if request.method == "GET":
        fill(form, revision)
    elif form.validate_on_submit():
        try:
            _save(post_id, form, before)
        except AppError as error:
            form.caption.errors = [error.sentence]
        else:
            return redirect(url_for("posts.show", post_id=post_id))
    return render_template("posts/edit.html", form=form, post=post, revision=revision), 422 if form.errors else 200


def _save(post_id: UUID, form: PostForm, before: Draft) -> None:
    actor = current_actor()
    based_on = UUID(request.form.get("based_on", "")) if request.form.get("based_on") else UUID(int=0)
    uploads = uploads_in(request, actor.school_id, _intake(), most=_settings().photos_per_post)
    with database().transaction(actor.school_id) as session:
        added = [PhotoDraft(add_photo(session, upload.clean, actor=actor).id) for upload in uploads]
        save_draft(session, post_id, draft_from(form, request, before, added), based_on=based_on, actor=actor)


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
            deliveries=deliveries,
            comments=comments,
            may_approve=may_approve,
            may_take_down=actor.may(P.POST_TAKE_DOWN),
        )


@blueprint.post("/check-words")
@requires(P.POST_DRAFT)
def check_words() -> ResponseReturnValue:
    """Check words while they are typed; the text stays on this server."""
    actor = current_actor()
    with_photo = bool(request.form.get("has_photos")) or any(file.filename for file in request.files.getlist("photos"))
    with database().reading(actor.school_id) as session:
        report = pages.live_report(session, request.form.get("caption", ""), with_photo=with_photo)
    return render_template("posts/live.html", report=report)


@blueprint.route("/<uuid:post_id>/photos/<uuid:photo_id>/faces", methods=["GET", "POST"])
@requires(P.POST_DRAFT, P.POST_SIGN_NOT_PROTECTED)
def faces(post_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    if request.method == "POST":
        with database().transaction(actor.school_id) as session:
            post = editable_post(session, post_id, actor=actor)
            revision = latest_revision(session, post)
            photo = pages.photo_of(revision, photo_id)
            given = faces_from(request, faces_of(session, revision, photo), photo.photo.width, photo.photo.height)
            answer_faces(session, post_id, photo_id, given, actor=actor)
        return redirect(_after_faces(post_id, photo_id))
    with database().reading(actor.school_id) as session:
        page = pages.faces_page(session, post_for(session, post_id, actor=actor), photo_id, actor)
        return render_template("posts/faces.html", page=page)


def _after_faces(post_id: UUID, photo_id: UUID) -> str:
    """Go on to the next picture, or stay when a face was just drawn."""
    if request.form.get("then") == "stay":
        return url_for("posts.faces", post_id=post_id, photo_id=photo_id)
    following = request.form.get("next_photo", "")
    if following:
        return url_for("posts.faces", post_id=post_id, photo_id=UUID(following))
    return url_for("posts.show", post_id=post_id)


@blueprint.post("/<uuid:post_id>/photos/<uuid:photo_id>/faces/<int:number>/sign")
@requires(P.POST_SIGN_NOT_PROTECTED)
def sign(post_id: UUID, photo_id: UUID, number: int) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        reason = request.form.get("reason", "")
        sign_not_protected(session, post_id, photo_id, number, reason=reason, actor=actor)
    flash("Signed. The author can go on.", "success")
    return redirect(url_for("posts.faces", post_id=post_id, photo_id=photo_id))


@blueprint.post("/<uuid:post_id>/second-look")
@requires(P.POST_DRAFT)
def second_look(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        second_look_wanted(session, editable_post(session, post_id, actor=actor))
    flash("We asked the leadership for a second look.", "success")
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/<uuid:post_id>/submit")
@requires(P.POST_SUBMIT)
def submit(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        revision_id = UUID(request.form.get("revision_id", ""))
        submission.submit(session, post_id, revision_id=revision_id, actor=actor)
    return redirect(url_for("posts.show", post_id=post_id))


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


@blueprint.get("/photos/<uuid:photo_id>/face/<int:left>-<int:top>-<int:right>-<int:bottom>")
@requires(P.POST_DRAFT, P.POST_READ_ALL)
def face(photo_id: UUID, left: int, top: int, right: int, bottom: int) -> ResponseReturnValue:
    """Cut one face out of the stored picture."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        sha256 = pages.master_for(session, photo_id, actor)
    content = current_app.extensions["schoolgate.storage"].get(actor.school_id, sha256)
    return _jpeg(pages.cut_out(content, (left, top, right, bottom)))


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
