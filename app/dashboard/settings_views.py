"""What a school says of itself: its published contacts, its own words and sites, and how wide matching looks."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FloatField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.permissions import Permission
from app.schools.models import SchoolSettings
from app.schools.services import change_settings, school_with
from app.web.forms import SchoolgateForm

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
LISTS = ("published_contacts", "allowed_words", "allowed_hosts", "denied_hosts")
DISTANCES = ("alarm_distance", "protected_distance", "suggestion_distance", "suggestion_margin")


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
    alarm_distance = FloatField(
        "Alarm distance",
        [InputRequired("Enter a number"), NumberRange(0.3, 0.9, "Between 0.3 and 0.9")],
        description="A face this near to a pupil who may not be shown is pointed out. Larger misses fewer and alarms "
        "more. The command `consent calibrate` measures both on your own pupils.",
    )
    protected_distance = FloatField(
        "Distance at which only a second person can say otherwise",
        [InputRequired("Enter a number"), NumberRange(0.2, 0.9, "Between 0.2 and 0.9")],
    )
    suggestion_distance = FloatField(
        "Distance at which a pupil is suggested",
        [InputRequired("Enter a number"), NumberRange(0.2, 0.7, "Between 0.2 and 0.7")],
    )
    suggestion_margin = FloatField(
        "How much nearer than anybody else a suggested pupil must be",
        [InputRequired("Enter a number"), NumberRange(0.0, 0.3, "Between 0 and 0.3")],
    )


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
    lists: dict[str, object] = {name: "\n".join(getattr(settings, name)) for name in LISTS}
    return lists | {name: getattr(settings, name) for name in DISTANCES}


def _chosen(before: SchoolSettings, form: SettingsForm) -> SchoolSettings:
    told: dict[str, object] = {
        name: tuple(dict.fromkeys(line.strip() for line in (form[name].data or "").splitlines() if line.strip()))
        for name in LISTS
    }
    told |= {name: form[name].data for name in DISTANCES}
    return before.model_copy(update=told)
