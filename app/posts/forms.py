"""The form of a post. Photos and their alt texts are read beside it, because their number varies."""

from wtforms import BooleanField, DateTimeLocalField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.platforms.base import Network
from app.web.forms import CheckboxesField, SchoolgateForm


class PostForm(SchoolgateForm):
    caption = TextAreaField("What do you want to say?", [Length(max=60_000)])
    networks = CheckboxesField(
        "Where shall it go?",
        choices=[SelectChoice(network.value, network.label) for network in Network],
        default=["facebook", "x"],
    )
    classes = CheckboxesField(
        "Which classes are in the photos?",
        choices=[],
        description="This narrows whom the faces are compared with. Leave all blank for the whole school: "
        "more faces will then look like somebody they are not.",
    )
    link = StringField("Link (optional)", [Optional(), Length(max=2000)])
    scheduled_for = DateTimeLocalField(
        "When? (optional)",
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        description="London time. Leave blank to send as soon as it is approved.",
    )
    away_from_school = BooleanField("The photos show an activity away from school")
    away_until = DateTimeLocalField(
        "When is it over, and everybody back? (London time)",
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        description="Nothing goes out before then: nobody learns from us where pupils are.",
    )
