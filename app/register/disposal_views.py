"""The page of the disposal log."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.permissions import Permission
from app.register import disposal
from app.register.transfer_views import csv_download
from app.web.paging import page_asked

PAGE = 100


@requires(Permission.MATCHING_READ)
def disposals() -> ResponseReturnValue:
    actor, page = current_actor(), page_asked()
    with database().reading(actor.school_id) as session:
        lines = disposal.disposals(session, limit=PAGE, offset=(page - 1) * PAGE)
    may_see_pupils = actor.may(Permission.REGISTER_READ)
    return render_template("matching/disposals.html", lines=lines, page=page, size=PAGE, may_see_pupils=may_see_pupils)


@requires(Permission.MATCHING_READ)
def export_disposals() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        content = disposal.disposals_csv(session, actor=actor)
    return csv_download(content, "disposal-log")
