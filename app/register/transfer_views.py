"""Bring the register in and take lists of it away."""

import base64
import binascii
import zlib

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.db import database
from app.core.errors import AppError, InvalidInputError
from app.core.permissions import Permission
from app.register import exporting
from app.register.columns import PURPOSE_LABELS
from app.register.forms import AFTER_A_NO, ApplyForm, ImportForm
from app.register.import_file import read_import
from app.register.import_report import ImportReport
from app.register.importing import import_register
from app.register.spreadsheets import MOST_BYTES
from app.schools.services import school_with

MOST_PACKED = 400_000
"""What a form field carries at most; a larger file is chosen again to bring it in."""


@requires(Permission.REGISTER_IMPORT)
def bring_in() -> ResponseReturnValue:
    """Try a file out: show what it would change, and write nothing."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    content = form.file.data.read(MOST_BYTES + 1)
    try:
        return _tried_out(content, form)
    except AppError as error:
        form.file.errors = [error.sentence]
        return _page(form), 422


@requires(Permission.REGISTER_IMPORT)
def apply() -> ResponseReturnValue:
    """Bring in the file that was tried out, unless the register changed in between."""
    actor, form = current_actor(), ApplyForm()
    content = _unpacked(form.packed.data or "")
    parsed = read_import(content)
    with database().transaction(actor.school_id) as session:
        is_same = str(school_with(session, actor.school_id).register_version) == form.seen.data
        report = import_register(session, parsed, apply=True, actor=actor) if is_same else None
    if report is None:
        flash("The register changed in the meantime, so nothing was written. Look again at what the file changes.")
        return _tried_out(content, ImportForm(formdata=None))
    flash(_summary(report), "success")
    return redirect(url_for("register.index"))


@requires(Permission.REGISTER_READ)
def export() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        content = exporting.register_csv(session, actor=actor)
    return csv_download(content, "consent-register")


@requires(Permission.REGISTER_READ)
def chase() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        content = exporting.chase_csv(session, actor=actor)
    return csv_download(content, "no-answer-yet")


def _tried_out(content: bytes, form: ImportForm) -> ResponseReturnValue:
    actor = current_actor()
    parsed = read_import(content)
    with database().reading(actor.school_id) as session:
        version = school_with(session, actor.school_id).register_version
        report = import_register(session, parsed, apply=False, actor=actor)
    packed = base64.urlsafe_b64encode(zlib.compress(content, 9)).decode()
    fits = len(packed) <= MOST_PACKED
    confirm = ApplyForm(formdata=None, packed=packed, seen=str(version)) if fits else None
    return _page(form, report, confirm)


def _page(form: ImportForm, report: ImportReport | None = None, confirm: ApplyForm | None = None) -> str:
    return render_template("register/import.html", form=form, report=report, confirm=confirm, labels=PURPOSE_LABELS)


def _unpacked(packed: str) -> bytes:
    """Open what the page of the dry run carried. It is read with the same care as a file from outside."""
    opener = zlib.decompressobj()
    try:
        return opener.decompress(base64.urlsafe_b64decode(packed), MOST_BYTES + 1)
    except (ValueError, zlib.error, binascii.Error) as error:
        raise InvalidInputError("The file did not arrive whole. Choose it again.") from error


def _summary(report: ImportReport) -> str:
    left_out = f" Rows with errors, left out: {len(report.errors)}." if report.errors else ""
    stopped = f" {AFTER_A_NO}" if report.total("ended") else ""
    return (
        f"Imported: {report.new} new, {report.changed} changed, {report.unchanged} unchanged. "
        f"Permissions: {report.total('given')} given, {report.total('ended')} ended.{stopped}{left_out}"
    )


def csv_download(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y-%m-%d}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
