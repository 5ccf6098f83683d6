"""Forms of the consent register."""

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.register.models import BiometricKind, Capacity
from app.web.forms import CheckboxesField, SchoolgateForm
from consent.model import ConsentState, Purpose

PURPOSES = [
    (Purpose.FACEBOOK.value, "Facebook"),
    (Purpose.X.value, "X"),
    (Purpose.WEBSITE.value, "Website"),
    (Purpose.INTERNAL.value, "Inside the school"),
    (Purpose.PRESS.value, "Press"),
    (Purpose.PROSPECTUS.value, "Prospectus"),
    (Purpose.VIDEO.value, "Video"),
    (Purpose.NAME.value, "First name in posts without photos"),
]
ANSWERS = [
    (ConsentState.GRANTED.value, "Yes (in writing)"),
    (ConsentState.REFUSED.value, "No"),
    (ConsentState.WITHDRAWN.value, "Withdrawn"),
]


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
    how = SelectField(
        "How?",
        choices=[("form", "Form"), ("letter", "Letter"), ("e-mail", "E-mail"), ("verbal", "In words (only for a no)")],
    )
    given_on = DateField("When?", [InputRequired("Enter the day")])


class BiometricForm(SchoolgateForm):
    kind = RadioField(
        "Face template",
        [InputRequired("Choose the answer")],
        choices=[
            (BiometricKind.GRANTED.value, "Yes (in writing, and nobody objects)"),
            (BiometricKind.PROTECTIVE_ONLY.value, "Only to keep the child out of pictures"),
            (BiometricKind.REFUSED.value, "No: delete any template now"),
        ],
    )
    given_on = DateField("When?", [InputRequired("Enter the day")])


class ImportForm(SchoolgateForm):
    file = FileField("CSV file from your MIS", [FileRequired("Choose the file")])


class FlagForm(SchoolgateForm):
    reason = StringField(
        "Reason (only designated safeguarding people can read it)", [InputRequired("Enter the reason")]
    )
