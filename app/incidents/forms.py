"""What is asked about an incident."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.incidents.kinds import AUTHORITIES, CARDS
from app.incidents.opening import Concern
from app.web.forms import SchoolgateForm

Chosen = TypeVar("Chosen", bound=StrEnum)
LONG = Length(max=20_000, message="That is too long: keep it under 20,000 characters")
SHORT = Length(max=200, message="Keep it under 200 characters")


CONCERNS = {
    Concern.GENERAL: "Something unkind or untrue about the school or a colleague",
    Concern.CHILD: "A child may be at risk",
    Concern.CONTACT: "A child contacted us, or somebody seeks contact with a child",
    Concern.ADULT: "Something that an adult of the school is said to have done",
    Concern.HEAD: "Something that the headteacher is said to have done",
}


def _choices(labels: Mapping[Chosen, str]) -> list[SelectChoice]:
    return [SelectChoice(value.value, label) for value, label in labels.items()]


class SeenElsewhereForm(SchoolgateForm):
    concern = RadioField(
        "What is it about?",
        [InputRequired("Choose what it is about: that decides who is told")],
        choices=_choices(CONCERNS),
    )
    what = TextAreaField("What did you see?", [InputRequired("Say in a sentence what you saw"), LONG])
    where = TextAreaField("Where? A link, or the words of a screenshot", [LONG])
    when = StringField("When, as far as you know?", [SHORT])


class NoteForm(SchoolgateForm):
    text = TextAreaField("Note", [InputRequired("Write something in the note first"), LONG])


class SupportForm(SchoolgateForm):
    offered_to = StringField("Who was offered support?", [InputRequired("Say who was offered support"), SHORT])
    support = TextAreaField("What was offered?", [InputRequired("Say what was offered"), LONG])
    answer = TextAreaField("What did they say?", [LONG])


class AddReportForm(SchoolgateForm):
    authority = SelectField("Who else must be told?", choices=_choices(AUTHORITIES))


class SettleReportForm(SchoolgateForm):
    reference = StringField("Reference number", [SHORT])
    outcome = TextAreaField("What came of it", [LONG])


class WaiveReportForm(SchoolgateForm):
    reason = StringField("Why it is not needed", [InputRequired("Say why this report is not needed"), LONG])


class KindForm(SchoolgateForm):
    kind = SelectField("Kind of incident", choices=_choices({kind: card.label for kind, card in CARDS.items()}))


class CloseForm(SchoolgateForm):
    outcome = TextAreaField("How did it end?", [InputRequired("Say how this ended"), LONG])
