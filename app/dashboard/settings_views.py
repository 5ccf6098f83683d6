"""What a school says of itself: its published contacts, its own words and sites."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.permissions import Permission
from app.schools.models import SchoolSettings
from app.schools.services import change_settings, school_with
from app.web.forms import SchoolgateForm

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
LISTS = ("published_contacts", "allowed_words", "allowed_hosts", "denied_hosts")


class SettingsForm(SchoolgateForm):
    published_contacts = TextAreaField(
        "The school's own phone numbers and e-mail addresses",
        [Length(max=5000)],
        description="One a line. They may stand in posts; any other is taken for somebody's private one.",
    )
    allowed_words = TextAreaField(
        "Words that are not names here",
        [Length(max=5000)],
        description="One a line: houses, buildings, teams. A word that is also a pupil's name is still asked about.",
    )
    allowed_hosts = TextAreaField(
        "Sites that posts may link to without a question", [Length(max=5000)], description="One a line: bbc.co.uk"
    )
    denied_hosts = TextAreaField("Sites that posts may never link to", [Length(max=5000)], description="One a line.")


@blueprint.route("", methods=["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def edit() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        now = school_with(session, actor.school_id).settings
    form = SettingsForm(data=_shown(now))
    if form.validate_on_submit():
        with database().transaction(actor.school_id) as session:
            school = school_with(session, actor.school_id)
            change_settings(session, school, _chosen(school.settings, form), actor=actor)
        flash("Saved. Photos that wait are looked at again where this matters.", "success")
        return redirect(url_for("settings.edit"))
    return render_template("dashboard/settings.html", form=form, settings=now), 422 if form.errors else 200


def _shown(settings: SchoolSettings) -> dict[str, object]:
    return {name: "\n".join(getattr(settings, name)) for name in LISTS}


def _chosen(before: SchoolSettings, form: SettingsForm) -> SchoolSettings:
    told: dict[str, object] = {
        name: tuple(dict.fromkeys(line.strip() for line in (form[name].data or "").splitlines() if line.strip()))
        for name in LISTS
    }
    return before.model_copy(update=told)
