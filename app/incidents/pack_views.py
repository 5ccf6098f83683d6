"""What is taken out of an incident: its text, its report, its evidence pack, its pictures, and the log of all."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.db import database
from app.core.errors import InvalidInputError
from app.incidents import forms, packing, pictures, queries
from app.incidents.account import NOT_REMOVED, Account, account_of
from app.incidents.log import log_csv
from app.incidents.packing import PackForm
from app.incidents.page_views import READERS, answer, evidence_sealer, page_of
from app.incidents.passing_views import picture_sent
from app.incidents.plain_text import text_of
from app.incidents.tasks import album_of, packer_of

TYPES = {PackForm.ZIP: "application/zip", PackForm.PDF: "application/pdf"}


@requires(*READERS)
def text(incident_id: UUID) -> ResponseReturnValue:
    account = _account(incident_id)
    return render_template("incidents/text.html", incident_id=incident_id, account=account, text=text_of(account))


@requires(*READERS)
def report(incident_id: UUID) -> ResponseReturnValue:
    """The same report as in the evidence pack, as a page."""
    account = _account(incident_id)
    return render_template("incidents/report.html", incident_id=incident_id, account=account, not_removed=NOT_REMOVED)


@requires(*READERS)
def post_photo(incident_id: UUID, sha256: str) -> ResponseReturnValue:
    account = _account(incident_id)
    if sha256 not in {photo.sha256 for post in account.posts for photo in post.photos}:
        abort(404)
    return _jpeg(current_app.extensions["schoolgate.storage"].get(current_actor().school_id, sha256))


@requires(*READERS)
def picture(picture_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        found = pictures.readable_picture(session, picture_id, actor=actor)
    return _jpeg(album_of(current_app).open(found))


@requires(*READERS)
def add_picture(incident_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), forms.PictureForm()
    try:
        clean = picture_sent(actor)
        if clean is None:
            raise InvalidInputError("Choose a screenshot first.")
    except InvalidInputError as error:
        form.screenshot.errors = [error.sentence]
        return page_of(incident_id, form), 422
    return answer(
        incident_id,
        form,
        lambda session, actor: pictures.add_picture_to(session, incident_id, clean, actor=actor),
    )


@requires(*READERS)
def remove_picture(incident_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), forms.RemovePictureForm()
    if not form.validate_on_submit():
        return page_of(incident_id, form), 422
    with database().transaction(actor.school_id) as session:
        removed = pictures.remove_picture(session, picture_id, reason=form.reason.data, actor=actor)
    album_of(current_app).destroy(removed)
    flash("The picture is gone for good. That it was here stays in the record.", "success")
    return redirect(url_for("incidents.show", incident_id=incident_id))


@requires(*READERS)
def ask_for_pack(incident_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        packing.ask_for_pack(session, incident_id, actor=actor)
    return redirect(url_for("incidents.show", incident_id=incident_id, _anchor="evidence"))


@requires(*READERS)
def packs(incident_id: UUID) -> ResponseReturnValue:
    """The part of the page that waits for a pack."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        incident = queries.readable_incident(session, incident_id, actor=actor)
        papers = queries.file_of(session, incident, actor=actor)
        names = queries.pack_names(session, papers.packs)
    return render_template("incidents/_packs.html", incident=incident, papers=papers, names=names)


@requires(*READERS)
def take_pack(pack_id: UUID, form: str) -> ResponseReturnValue:
    """Hand a pack out; who took it and when is on record."""
    if form not in list(PackForm):
        abort(404)
    actor, wanted = current_actor(), PackForm(form)
    with database().reading(actor.school_id) as session:
        content = packer_of(current_app).open(packing.readable_pack(session, pack_id, actor=actor), wanted)
    with database().transaction(actor.school_id) as session:
        pack = packing.note_taken(session, pack_id, wanted, actor=actor)
    return _download(content, f"evidence-{pack.incident_id.hex[:8].upper()}.{wanted.value}", TYPES[wanted])


@requires(*READERS)
def log() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        content = log_csv(session, actor=actor)
    return _download(content, f"incidents-{clock.today():%Y-%m-%d}.csv", "text/csv")


ONE = "/<uuid:incident_id>"
LOOKS: dict[str, Callable[..., ResponseReturnValue]] = {
    f"{ONE}/text": text,
    f"{ONE}/report": report,
    f"{ONE}/packs": packs,
    f"{ONE}/photos/<sha256>": post_photo,
    "/pictures/<uuid:picture_id>": picture,
}
DEEDS: dict[str, Callable[..., ResponseReturnValue]] = {
    f"{ONE}/pictures": add_picture,
    f"{ONE}/pictures/<uuid:picture_id>/remove": remove_picture,
    f"{ONE}/packs/make": ask_for_pack,
    "/packs/<uuid:pack_id>/<form>": take_pack,
    "/log": log,
}


def _account(incident_id: UUID) -> Account:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        incident = queries.readable_incident(session, incident_id, actor=actor)
        main = queries.main_of(session, incident)
        return account_of(session, main, actor=actor, sealer=evidence_sealer())


def _jpeg(content: bytes) -> Response:
    answer = Response(content, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _download(content: bytes, name: str, mimetype: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
