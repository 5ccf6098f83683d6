"""Pages of the faces: the author answers for every face of every picture; a second person signs."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor, requires
from app.core.actors import Actor
from app.core.db import database
from app.core.errors import AppError, NotFoundError, WrongStateError
from app.core.permissions import Permission
from app.media.services import add_photo
from app.posts import submission
from app.posts.album import album_of, cut_out
from app.posts.check_requests import request_check
from app.posts.cropping import Edges, cropped, put_in_place
from app.posts.drafting import editable_post, latest_revision
from app.posts.face_forms import SOMEBODY, AnswersRead, Problem, answers_in, still_entered, usual_choice, words_entered
from app.posts.face_gaps import NO_GAPS, gaps_in
from app.posts.faces import answer_faces, remove_photo, sign_not_protected
from app.posts.models import Revision
from app.posts.pages import master_for
from app.posts.queries import post_for
from app.posts.telling import second_look_wanted
from consent.recognisability import in_words

blueprint = Blueprint("faces", __name__, url_prefix="/posts")
P = Permission


@blueprint.get("/<uuid:post_id>/faces")
@requires(P.POST_DRAFT, P.POST_SIGN_NOT_PROTECTED)
def show(post_id: UUID) -> ResponseReturnValue:
    return _page(post_id)


@blueprint.post("/<uuid:post_id>/faces")
@requires(P.POST_DRAFT)
def answer(post_id: UUID) -> ResponseReturnValue:
    """Save the answers of all photos, and submit the post when that was asked for and nothing is in the way."""
    actor, then = current_actor(), request.form.get("then", "")
    try:
        with database().transaction(actor.school_id) as session:
            read = answers_in(request.form, album_of(session, editable_post(session, post_id, actor=actor), actor))
            revision = _save(session, post_id, read, actor)
            gaps = NO_GAPS
            if then == "submit" and not read.problems:
                noted = request.form.getlist("noted")
                gaps = gaps_in(session, revision, read=noted, blank=read.blank, actor=actor)
    except WrongStateError as error:
        return _page(post_id, problems=[Problem(error.sentence)], entered=words_entered(request.form)), error.status
    except AppError as error:
        return _page(post_id, problems=[Problem(error.sentence)], entered=request.form), error.status
    if read.problems or gaps:
        return _page(post_id, [*read.problems, *gaps.problems], gaps.notes, still_entered(request.form, read)), 422
    what, _, number = then.partition("-")
    if what == "submit":
        _submit(post_id, revision.id)
    if what == "crop" and (problem := _crop(post_id, revision, number)):
        return _page(post_id, [problem], entered=request.form), 422
    if what in ("stay", "crop"):
        return redirect(url_for("faces.show", post_id=post_id, _anchor=f"photo-{number}"))
    return redirect(url_for("posts.show", post_id=post_id))


def _save(session: Session, post_id: UUID, read: AnswersRead, actor: Actor) -> Revision:
    based_on = request.form.get("based_on", default=UUID(int=0), type=UUID)
    seen = request.form.get("seen", "")
    return answer_faces(
        session, post_id, read.given, face_rule=read.face_rule, actor=actor, based_on=based_on, seen=seen
    )


def _crop(post_id: UUID, revision: Revision, number: str) -> Problem | None:
    """Cut one photo, between two transactions: the picture is worked on with none open."""
    actor, parts = current_actor(), current_app.extensions
    photo = next((photo for photo in revision.photos if str(photo.position + 1) == number), None)
    try:
        if photo is None:
            raise NotFoundError("That photo is no longer in the post.")
        edges = Edges.of([request.form.get(f"{photo.photo_id}-cut-{edge}", "") for edge in Edges._fields])
        less = cropped(parts["schoolgate.storage"].get(actor.school_id, photo.photo.sha256), edges)
        clean = parts["schoolgate.intake"].take(actor.school_id, less, photo.photo.file_name)
        with database().transaction(actor.school_id) as session:
            new_id = add_photo(session, clean, actor=actor).id
            put_in_place(session, post_id, photo.photo_id, new_id, actor=actor)
    except AppError as error:
        return Problem(f"Photo {number}: {error.sentence}", photo.position + 1 if photo else None)
    return None


def _submit(post_id: UUID, revision_id: UUID) -> None:
    """Submit what was just saved; if that is refused, the answers stay and the post's page says why."""
    actor = current_actor()
    try:
        with database().transaction(actor.school_id) as session:
            submission.submit(session, post_id, revision_id=revision_id, actor=actor)
    except AppError as error:
        flash(error.sentence, "error")


def _page(
    post_id: UUID,
    problems: Sequence[Problem] = (),
    notes: Sequence[tuple[str, Problem]] = (),
    entered: Mapping[str, str] | None = None,
) -> str:
    """Show the page; after a problem it still holds everything that was entered."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        album = album_of(session, post_for(session, post_id, actor=actor), actor)
        return render_template(
            "posts/faces.html",
            album=album,
            problems=problems,
            notes=notes,
            entered=entered,
            usual_choice=partial(usual_choice, album=album),
            in_words=in_words,
            somebody=SOMEBODY,
        )


@blueprint.post("/<uuid:post_id>/photos/<uuid:photo_id>/remove")
@requires(P.POST_DRAFT)
def remove(post_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """Take a photo out of the post. If it is just being looked at, that ends too."""
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        remove_photo(session, post_id, photo_id, actor=actor)
    return redirect(url_for("faces.show", post_id=post_id))


@blueprint.post("/<uuid:post_id>/check-again")
@requires(P.POST_DRAFT)
def check_again(post_id: UUID) -> ResponseReturnValue:
    """The register changed since the photos were looked at: have them looked at anew."""
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        post = editable_post(session, post_id, actor=actor)
        request_check(session, post, latest_revision(session, post), for_submission=False)
    return redirect(url_for("faces.show", post_id=post_id))


@blueprint.post("/<uuid:post_id>/photos/<uuid:photo_id>/faces/<int:number>/sign")
@requires(P.POST_SIGN_NOT_PROTECTED)
def sign(post_id: UUID, photo_id: UUID, number: int) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        told = request.form
        sign_not_protected(
            session,
            post_id,
            photo_id,
            number,
            reason=told.get("reason", ""),
            actor=actor,
            based_on=told.get("based_on", default=UUID(int=0), type=UUID),
            likeness=told.get("likeness", default=UUID(int=0), type=UUID),
        )
    flash("Signed. The author can go on.", "success")
    return redirect(url_for("faces.show", post_id=post_id))


@blueprint.post("/<uuid:post_id>/second-look")
@requires(P.POST_DRAFT)
def second_look(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        second_look_wanted(session, editable_post(session, post_id, actor=actor))
    flash("We asked the leadership for a second look.", "success")
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.get("/photos/<uuid:photo_id>/face/<int:left>-<int:top>-<int:right>-<int:bottom>")
@requires(P.POST_DRAFT, P.POST_READ_ALL)
def face(photo_id: UUID, left: int, top: int, right: int, bottom: int) -> ResponseReturnValue:
    """Cut one face out of the stored picture."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        sha256 = master_for(session, photo_id, actor)
    content = current_app.extensions["schoolgate.storage"].get(actor.school_id, sha256)
    answer = current_app.response_class(cut_out(content, (left, top, right, bottom)), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
