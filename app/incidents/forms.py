"""What is asked about an incident."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from wtforms import BooleanField, DateField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.comments.models import Audience
from app.incidents.authorities import AUTHORITIES
from app.incidents.handing_over import Circle
from app.incidents.kinds import CARDS
from app.incidents.passing_on import Concern
from app.web.forms import CheckboxesField, SchoolgateForm
from app.web.front_end import state_words
from moderation.labels import Characteristic

Chosen = TypeVar("Chosen", bound=StrEnum)
LONG = Length(max=20_000, message="That is too long: keep it under 20,000 characters")
SHORT = Length(max=200, message="Keep it under 200 characters")


CONCERNS = {
    Concern.UNSURE: "I am not sure",
    Concern.COLLEAGUE: "Something unkind or untrue about a colleague",
    Concern.GENERAL: "Something unkind or untrue about the school",
    Concern.CHILD: "A child may be at risk",
    Concern.CONTACT: "Somebody seeks contact with a child",
    Concern.ADULT: "Something that an adult of the school is said to have done",
    Concern.LEAD: "Something that the safeguarding lead is said to have done",
    Concern.HEAD: "Something that the headteacher is said to have done",
}
WAYS = {
    "a message to a school account": "A message to one of our accounts",
    "a comment": "A comment",
    "an e-mail, a letter or a call": "An e-mail, a letter or a call",
    "another way": "Another way",
}
CIRCLES = {
    Audience.GENERAL: "The headteacher and the designated persons, in the open queue",
    Audience.DESIGNATED: "The designated persons, the headteacher among them",
    Audience.HEAD: "The headteacher alone, because it is about the safeguarding lead or another designated person",
    Audience.CHAIR: "The chair of governors alone, because it is about the headteacher",
}


def _choices(labels: Mapping[Chosen, str]) -> list[SelectChoice]:
    return [SelectChoice(value.value, label) for value, label in labels.items()]


class SeenElsewhereForm(SchoolgateForm):
    what = TextAreaField("A link, or what you saw", [LONG])
    screenshot = FileField("A screenshot")
    concern = RadioField("What is it about?", choices=_choices(CONCERNS), default=Concern.UNSURE.value)


class ContactForm(SchoolgateForm):
    words = TextAreaField(
        "What did the child write or say?", [InputRequired("Write down what the child wrote or said"), LONG]
    )
    who = StringField("Who is the child, if you know?", [SHORT])
    how = RadioField(
        "How did it reach us?", choices=[SelectChoice(*way) for way in WAYS.items()], default=next(iter(WAYS))
    )
    screenshot = FileField("A screenshot")


class NoteForm(SchoolgateForm):
    text = TextAreaField("Note", [InputRequired("Write something in the note first"), LONG])


class SupportForm(SchoolgateForm):
    offered_to = StringField("Who was offered support?", [InputRequired("Say who was offered support"), SHORT])
    support = TextAreaField("What was offered?", [InputRequired("Say what was offered"), LONG])
    on = DateField("On which day?", [Optional()])
    declined = BooleanField("They declined for now")
    answer = TextAreaField("What did they say?", [LONG])


class AddReportForm(SchoolgateForm):
    authority = SelectField(
        "Who else must be told?", choices=_choices({key: card.label for key, card in AUTHORITIES.items()})
    )


class SettleReportForm(SchoolgateForm):
    reference = StringField("Reference number", [SHORT])
    outcome = TextAreaField("What came of it", [LONG])


class WaiveReportForm(SchoolgateForm):
    reason = StringField("Why it is not needed", [InputRequired("Say why this report is not needed"), LONG])


class KindForm(SchoolgateForm):
    kind = SelectField("Kind of incident", choices=_choices({kind: card.label for kind, card in CARDS.items()}))
    characteristics = CheckboxesField(
        "Which protected characteristic was it about?",
        choices=[SelectChoice(each.value, state_words(each.value)) for each in Characteristic],
    )
    why = TextAreaField("Why is it this kind?", [LONG])


class CircleForm(SchoolgateForm):
    audience = RadioField(
        "Who should deal with it?", [InputRequired("Choose who should deal with it")], choices=_choices(CIRCLES)
    )
    is_not_about_them = BooleanField("I have read it. It is about none of the people who will see it")
    reason = TextAreaField("Why?", [InputRequired("Say why other people should deal with it"), LONG])

    def offer(self, circles: Sequence[Circle], *, asks: bool) -> None:
        """Show by name who would see it; `asks` when it may be about one of them."""
        self.audience.choices = [SelectChoice(each.audience.value, _circle_words(each)) for each in circles]
        if not asks:
            del self.is_not_about_them


def _circle_words(circle: Circle) -> str:
    people = ", ".join(circle.people) or "nobody yet: no such person has a sign-in here"
    after = "" if circle.has_actor else " You will not see it any more."
    return f"{CIRCLES[circle.audience]}. These people will see it: {people}.{after}"


class JoinForm(SchoolgateForm):
    into = SelectField("Keep this one open; the other is read with it", validate_choice=False)


class CloseForm(SchoolgateForm):
    outcome = TextAreaField("How did it end?", [InputRequired("Say how this ended"), LONG])
    lessons = TextAreaField("What do we do differently from now on?", [LONG])


class ReopenForm(SchoolgateForm):
    reason = TextAreaField("Why is it opened again?", [InputRequired("Say why it is opened again"), LONG])


class PictureForm(SchoolgateForm):
    screenshot = FileField("A screenshot")


class RemovePictureForm(SchoolgateForm):
    reason = StringField("Why is it removed?", [InputRequired("Say why the picture is removed"), LONG])
