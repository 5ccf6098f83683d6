"""The audit record: look into it, check that it is whole, take it away."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.audit.models import AuditEvent
from app.audit.queries import Asked, events, kinds
from app.audit.services import record, verify
from app.core import clock
from app.core.db import database
from app.core.permissions import Permission
from app.incidents.queries import confidential_to
from app.web.front_end import plural, state_words
from app.web.paging import page_asked

blueprint = Blueprint("trail", __name__, url_prefix="/record")
PAGE = 100
MOST = 100_000
"""Events in one file: about what a large school writes in a year."""
NUMBER = "Number (a gap is an event that was not asked for or that you may not know of)"
KIND_WORDS = {
    "pile-on": "Many comments at once",
    "webhook": "Word from a network",
    "delivery": "Sending to a network",
}


@blueprint.get("")
@requires(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    actor, page, asked = current_actor(), page_asked(), _asked()
    with database().reading(actor.school_id) as session:
        return render_template(
            "dashboard/trail.html",
            events=events(session, asked, unless=confidential_to(actor), limit=PAGE, offset=(page - 1) * PAGE),
            kinds=kinds(session),
            kind_words=_kind_words,
            asked=asked,
            answers=_answers(asked),
            page=page,
            size=PAGE,
        )


@blueprint.post("/verify")
@requires(Permission.AUDIT_READ)
def check() -> ResponseReturnValue:
    """Walk the whole chain: seconds for a long record, so only when somebody asks."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        report = verify(session, actor.school_id)
    if report.problem:
        flash(f"The record is broken: {report.problem}. Tell the data protection officer now.", "error")
    else:
        flash(f"The chain of {plural(report.events, 'event')} is whole.", "success")
    return redirect(url_for("trail.index"))


@blueprint.post("/export")
@requires(Permission.AUDIT_READ)
def export() -> ResponseReturnValue:
    """Hand out what was asked for, the newest first; that it was taken is part of the record."""
    actor, asked = current_actor(), _asked()
    with database().transaction(actor.school_id) as session:
        content = _as_csv(events(session, asked, unless=confidential_to(actor), limit=MOST))
        facts: dict[str, object] = {"asked": _answers(asked)}
        record(session, "record:exported", actor=actor, subject_type="record", subject_id=None, details=facts)
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{clock.today():%Y-%m-%d}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked() -> Asked:
    return Asked(
        who=_word("who"),
        about=_word("about"),
        subject=request.values.get("subject", type=UUID),
        since=request.values.get("since", type=date.fromisoformat),
        until=request.values.get("until", type=date.fromisoformat),
        reference=_word("reference"),
        with_steps=bool(_word("steps")),
    )


def _word(name: str) -> str:
    """Read a word of the address; no database searches for a NUL."""
    return request.values.get(name, "").strip()[:100].replace("\x00", "")


def _answers(asked: Asked) -> dict[str, str]:
    """Return what was asked for as the fields of an address."""
    fields = {
        "who": asked.who,
        "about": asked.about,
        "subject": asked.subject,
        "since": asked.since,
        "until": asked.until,
        "reference": asked.reference,
        "steps": "yes" if asked.with_steps else "",
    }
    return {name: str(value) for name, value in fields.items() if value}


def _kind_words(kind: str) -> str:
    return KIND_WORDS.get(kind) or state_words(kind.replace("-", "_"))


def _as_csv(rows: Iterable[AuditEvent]) -> str:
    """Write the file; a name that a spreadsheet would take for a formula is told as text."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow([NUMBER, "When (UTC)", "Who", "What", "Kind", "Of", "Facts", "Hash"])
    for event in rows:
        who = event.actor_name if event.actor_name[:1] not in "=+-@\t\r" else f"'{event.actor_name}"
        facts = json.dumps(event.details, sort_keys=True) if event.details else ""
        writer.writerow(
            [
                event.sequence,
                event.at.isoformat(),
                who,
                event.tag,
                event.subject_type,
                event.subject_id or "",
                facts,
                event.hash,
            ]
        )
    return output.getvalue()
