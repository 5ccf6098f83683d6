"""The school's own words for how authorities are reached, and the anonymous counts of prejudice."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.permissions import Permission as P  # noqa: N817  read by column with the guards
from app.incidents.authorities import AUTHORITIES, HELPLINES, save_wordings, wordings
from app.incidents.log import FEWEST, prejudice_by_term
from app.web.forms import SchoolgateForm


@requires(P.SAFEGUARDING_WRITE)
def contacts() -> ResponseReturnValue:
    actor, form = current_actor(), SchoolgateForm()
    if form.validate_on_submit():
        with database().transaction(actor.school_id) as session:
            save_wordings(session, dict(request.form.items()), actor=actor)
        flash("Saved.", "success")
        return redirect(url_for("incidents.contacts"))
    with database().reading(actor.school_id) as session:
        texts = wordings(session)
    return render_template("incidents/contacts.html", texts=texts, authorities=AUTHORITIES, helplines=HELPLINES)


@requires(P.REPORT_READ)
def prejudice() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        terms = prejudice_by_term(session, actor=actor)
    return render_template("incidents/prejudice.html", terms=terms, fewest=FEWEST)
