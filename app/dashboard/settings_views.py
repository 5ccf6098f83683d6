"""What a school says of itself: its published contacts, its own words and sites, and how recognisable pupils may be."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FloatField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.permissions import Permission
from app.schools.models import SchoolSettings
from app.schools.services import change_settings, school_to_change, school_with
from app.web.forms import SchoolgateForm
from consent.recognisability import Strictness

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
LISTS = ("published_contacts", "allowed_words", "allowed_hosts", "denied_hosts")
FACE_RULE = ("face_rule", "face_rule_height", "face_rule_turned")
PERIODS = ("incident_years", "confidential_years")


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
    face_rule = RadioField(
        "If a pupil can be recognised in a photo",
        [Optional()],
        choices=[
            SelectChoice(Strictness.ALLOWED.value, "Let it go out, where consent is given"),
            SelectChoice(Strictness.WARN.value, "Make a note of it for the author and the leadership"),
            SelectChoice(Strictness.HOLD.value, "Hold it until the leadership releases it, in writing"),
            SelectChoice(Strictness.BLOCK.value, "Let no recognisable pupil out"),
        ],
        description="“No identifiable faces”, whoever consented. Adults who agreed are not meant. An author may be "
        "stricter for one post, never laxer.",
    )
    face_rule_height = FloatField(
        "Pixels from which a face counts as recognisable",
        [Optional(), NumberRange(16, 400, "Between 16 and 400")],
        description="Height of the face in the published photo, whose longer side is 1,600 pixels.",
    )
    face_rule_turned = FloatField(
        "Degrees of turning away at which it no longer counts",
        [Optional(), NumberRange(10, 90, "Between 10 and 90")],
        description="0 looks at the camera, 90 is a profile.",
    )
    incident_years = IntegerField(
        "Years for which a closed incident is kept",
        [Optional(), NumberRange(1, 75, "Between 1 and 75")],
        description="Afterwards it is emptied with its evidence; only its kind and its days stay, for the counts.",
    )
    confidential_years = IntegerField(
        "Years for which a closed confidential incident is kept",
        [Optional(), NumberRange(6, 75, "Between 6 and 75")],
        description="About a child at risk, or an allegation. Ask your safeguarding partners before you shorten it.",
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
            school = school_to_change(session, actor.school_id)
            change_settings(session, school, _chosen(school.settings, form), actor=actor)
        flash("Saved. Photos that wait are looked at again where this matters.", "success")
        return redirect(url_for("settings.edit"))
    return render_template("dashboard/settings.html", form=form, settings=now), 422 if form.errors else 200


def _shown(settings: SchoolSettings) -> dict[str, object]:
    lists: dict[str, object] = {name: "\n".join(getattr(settings, name)) for name in LISTS}
    return lists | {name: getattr(settings, name) for name in (*FACE_RULE, *PERIODS)}


def _chosen(before: SchoolSettings, form: SettingsForm) -> SchoolSettings:
    told: dict[str, object] = {
        name: tuple(dict.fromkeys(line.strip() for line in (form[name].data or "").splitlines() if line.strip()))
        for name in LISTS
    }
    told |= {name: form[name].data for name in (*FACE_RULE, *PERIODS) if form[name].data is not None}
    return SchoolSettings.model_validate(before.model_dump() | told)
