"""Forms of the consent register."""

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.register.columns import PURPOSE_LABELS
from app.register.models import BiometricKind, Capacity
from app.web.forms import CheckboxesField, SchoolgateForm
from consent.model import ConsentState, Purpose

WORDED = {Purpose.INTERNAL: "Inside the school", Purpose.NAME: "First name in posts without photos"}
PURPOSES = [(purpose.value, WORDED.get(purpose, label)) for purpose, label in PURPOSE_LABELS.items()]
ANSWERS = [
    (ConsentState.GRANTED.value, "Yes (in writing)"),
    (ConsentState.REFUSED.value, "No"),
    (ConsentState.WITHDRAWN.value, "Withdrawn"),
]
WAYS = [("form", "Form"), ("letter", "Letter"), ("e-mail", "E-mail"), ("verbal", "In words (only for a no)")]


class StatementForm(SchoolgateForm):
    purposes = CheckboxesField("About", [InputRequired("Choose what the answer is about")], choices=PURPOSES)
    state = RadioField("Answer", [InputRequired("Choose the answer")], choices=ANSWERS)
    informant = StringField("Who said so?", [InputRequired("Enter who said so"), Length(max=200)])
    capacity = SelectField(
        "As",
        choices=[
            (Capacity.PARENT.value, "Parent or carer"),
            (Capacity.PUPIL.value, "The pupil"),
            (Capacity.SELF.value, "The adult"),
        ],
    )
    how = SelectField("How?", choices=WAYS)
    given_on = DateField("When?", [InputRequired("Enter the day as DD/MM/YYYY")])


class BiometricForm(SchoolgateForm):
    """An answer about face templates; its fields have names of their own, as both forms stand on one page."""

    kind = RadioField(
        "Face template",
        [InputRequired("Choose the answer")],
        choices=[
            (BiometricKind.GRANTED.value, "Yes (in writing, and nobody objects)"),
            (BiometricKind.PROTECTIVE_ONLY.value, "Only to keep the child out of pictures"),
            (BiometricKind.REFUSED.value, "No: delete any template now"),
        ],
    )
    informant = StringField("Who said so?", [InputRequired("Enter who said so"), Length(max=200)])
    capacity = SelectField(
        "As", choices=[(Capacity.PARENT.value, "Parent or carer"), (Capacity.PUPIL.value, "The pupil (only for a no)")]
    )
    how = SelectField("How?", choices=WAYS)
    given_on = DateField("When?", [InputRequired("Enter the day as DD/MM/YYYY")])


class ImportForm(SchoolgateForm):
    file = FileField("CSV or Excel file from your MIS", [FileRequired("Choose the file")])


class ApplyForm(SchoolgateForm):
    """Brings in the file that was just tried out, if the register is still the same."""

    packed = HiddenField()
    seen = HiddenField()


class FlagForm(SchoolgateForm):
    reason = StringField(
        "Reason (only designated safeguarding people can read it)",
        [InputRequired("Enter the reason"), Length(max=2000)],
    )
