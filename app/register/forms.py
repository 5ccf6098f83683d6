"""Forms of the consent register."""

from collections.abc import Mapping
from typing import TypeVar

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.register.columns import PURPOSE_LABELS
from app.register.models import AdultKind, BiometricKind, Capacity
from app.web.forms import CheckboxesField, SchoolgateForm
from consent.model import ConsentState, Purpose

Word = TypeVar("Word", bound=str)

PURPOSES = PURPOSE_LABELS | {
    Purpose.INTERNAL: "Inside the school",
    Purpose.NAME: "First name in posts without photos",
}
ANSWERS = {
    ConsentState.GRANTED: "Yes (in writing)",
    ConsentState.REFUSED: "No",
    ConsentState.WITHDRAWN: "Withdrawn",
}
ADULT_KINDS = {
    AdultKind.STAFF: "A member of staff",
    AdultKind.HEADTEACHER: "The headteacher",
    AdultKind.VOLUNTEER: "A volunteer",
    AdultKind.VISITOR: "A visitor",
}
ADULT_PURPOSES = {
    Purpose.FACEBOOK: "Being shown on Facebook",
    Purpose.X: "Being shown on X",
    Purpose.NAME: "Being named",
}
WAYS = {"form": "Form", "letter": "Letter", "e-mail": "E-mail", "verbal": "In words (only for a no or a withdrawal)"}
AFTER_A_NO = (
    "Posts in which the pupil is tagged or named are stopped or being taken down. Where nobody wrote down who is in a "
    "published photo that may show the pupil, people are asked to look. The pupil’s page tells how far it is."
)
CAPACITIES = {Capacity.PARENT: "Parent or carer", Capacity.PUPIL: "The pupil", Capacity.SELF: "The adult"}
TEMPLATE_CAPACITIES = {Capacity.PARENT: "Parent or carer", Capacity.PUPIL: "The pupil (only for a no)"}
TEMPLATE_ANSWERS = {
    BiometricKind.GRANTED: "Yes (in writing, and nobody objects)",
    BiometricKind.PROTECTIVE_ONLY: "Only to keep the child out of pictures",
    BiometricKind.REFUSED: "No: delete any template now",
}


def _choices(labels: Mapping[Word, str]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in labels.items()]


class StatementForm(SchoolgateForm):
    purposes = CheckboxesField("About", [InputRequired("Choose what the answer is about")], choices=_choices(PURPOSES))
    state = RadioField(
        "Answer",
        [InputRequired("Choose the answer")],
        choices=_choices(ANSWERS),
        description="A yes that is taken back is recorded here too: choose Withdrawn. A telephone call is enough.",
    )
    informant = StringField("Who said so?", [InputRequired("Enter who said so"), Length(max=200)])
    capacity = SelectField("As", choices=_choices(CAPACITIES))
    how = SelectField("How?", choices=_choices(WAYS))
    given_on = DateField("When?", [InputRequired("Enter the day as DD/MM/YYYY")])
    wording_version = StringField("Version of the form (optional)", [Length(max=40)])
    evidence = FileField(
        "Scan or photo of the form (optional)", description="PDF or picture, up to 10 MB. It is sealed."
    )


class AdultForm(SchoolgateForm):
    title = StringField("Title (optional)", [Length(max=20)])
    forename = StringField("First name", [InputRequired("Enter the first name"), Length(max=100)])
    surname = StringField("Surname", [InputRequired("Enter the surname"), Length(max=100)])
    kind = RadioField("Who is it?", [InputRequired("Choose who it is")], choices=_choices(ADULT_KINDS))


class AgreementForm(SchoolgateForm):
    """An adult's own word."""

    purposes = CheckboxesField(
        "About", [InputRequired("Choose what the answer is about")], choices=_choices(ADULT_PURPOSES)
    )
    state = RadioField("Answer", [InputRequired("Choose the answer")], choices=_choices(ANSWERS))
    how = SelectField("How?", choices=_choices(WAYS))
    given_on = DateField("When?", [InputRequired("Enter the day as DD/MM/YYYY")])


class BiometricForm(SchoolgateForm):
    """An answer about face templates. A yes comes with its signed form."""

    kind = RadioField("Answer", [InputRequired("Choose the answer")], choices=_choices(TEMPLATE_ANSWERS))
    informant = StringField("Who said so?", [InputRequired("Enter who said so"), Length(max=200)])
    capacity = SelectField("As", choices=_choices(TEMPLATE_CAPACITIES))
    how = SelectField("How?", choices=_choices(WAYS))
    given_on = DateField("When?", [InputRequired("Enter the day as DD/MM/YYYY")])
    evidence = FileField(
        "Scan or photo of the signed form (needed for a yes)", description="PDF or picture, up to 10 MB. It is sealed."
    )

    def validate_evidence(self, field: FileField) -> None:
        if self.kind.data in (BiometricKind.GRANTED, BiometricKind.PROTECTIVE_ONLY) and not field.data:
            raise ValidationError("Add a scan or photo of the form that the parent signed")


class PortraitsForm(SchoolgateForm):
    """Three views of one pupil. The pictures are looked at and thrown away."""

    front = FileField("Front", description="Looking into the camera, the whole face, nobody else in the picture.")
    left = FileField("Turned a little to the left", description="Both eyes can still be seen.")
    right = FileField("Turned a little to the right", description="Both eyes can still be seen.")


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
