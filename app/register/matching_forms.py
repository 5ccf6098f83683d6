"""Forms of the decisions on face matching."""

from datetime import date

from wtforms import DateField, FloatField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.register.checklist import LABELS, Checklist, shortcomings
from app.schools.models import BiometricMode
from app.web.forms import SchoolgateForm

MODES = {
    BiometricMode.STRICT: "Strict: compare only when everybody who may be in the photo has consented",
    BiometricMode.TRANSIENT: "Transient: also turn other faces into numbers for a moment, in memory. "
    "The data protection officer must sign",
}
LONGEST = 4_000


class DecisionForm(SchoolgateForm):
    """The mode and the whole checklist: nothing is switched on while anything is missing."""

    mode = RadioField(
        "What do you decide?",
        [InputRequired("Choose strict or transient")],
        choices=[SelectChoice(mode.value, label) for mode, label in MODES.items()],
    )
    impact_assessed_on = DateField(
        "When was the impact assessment finished?",
        [Optional()],
        description="It comes before the governors decide. Put the figures of a calibration into it, if you have any.",
    )
    officer_advice = TextAreaField(LABELS["officer_advice"], [Length(max=LONGEST)], description="What they advised.")
    governors_agreed_on = DateField("When did the governors agree?", [Optional()])
    parents_written_to_on = DateField(
        "When did the letters go to each parent of every pupil?",
        [Optional()],
        description="Everybody with parental responsibility, with the right to object, before any face is enrolled.",
    )
    children_told_on = DateField(
        "When were the pupils told?", [Optional()], description="In a notice that a child understands: a no is enough."
    )
    other_way = TextAreaField(
        "What is the other way, for whoever does not consent?",
        [Length(max=LONGEST)],
        description="As good and complete. Here it is the roll call: every face is compared by eye with the list of "
        "those who may not be shown.",
    )
    review_on = DateField(
        "By when do you look at it again?", [Optional()], description="Within twelve months. Then matching ends."
    )
    because = TextAreaField(
        "What does the decision rest on?",
        [InputRequired("Say in a sentence what the decision rests on"), Length(min=10, max=LONGEST)],
        description="For instance: minutes of the governors, and why the school needs it.",
    )

    def checklist(self) -> Checklist:
        return Checklist.of(self.data)

    def is_complete(self, on: date) -> bool:
        """Validate, and show at each field what the checklist still lacks."""
        is_valid = bool(self.validate_on_submit())
        for name, sentence in shortcomings(self.checklist(), on=on).items():
            if not self[name].errors:
                self[name].errors = [sentence]
        return is_valid and not any(field.errors for field in self)


class SwitchOffForm(SchoolgateForm):
    reason = TextAreaField("Why does matching end?", [InputRequired("Say in a sentence why"), Length(max=LONGEST)])


class AnswerForm(SchoolgateForm):
    answer = TextAreaField(
        "Your advice", [InputRequired("Write down your advice"), Length(max=LONGEST)], description="It stays on record."
    )


class DistancesForm(SchoolgateForm):
    alarm = FloatField(
        "Alarm",
        [InputRequired("Enter a number"), NumberRange(0.3, 0.9, "Between 0.3 and 0.9")],
        description="A face this near to a pupil who may not be shown is pointed out.",
    )
    protected = FloatField(
        "Only a second person can say otherwise",
        [InputRequired("Enter a number"), NumberRange(0.2, 0.9, "Between 0.2 and 0.9")],
    )
    suggestion = FloatField(
        "A pupil is suggested", [InputRequired("Enter a number"), NumberRange(0.2, 0.7, "Between 0.2 and 0.7")]
    )
    margin = FloatField(
        "How much nearer than anybody else a suggested pupil must be",
        [InputRequired("Enter a number"), NumberRange(0.0, 0.3, "Between 0 and 0.3")],
    )
    elsewhere = FloatField(
        "A pupil who may not be shown and, as the author says, did not take part",
        [InputRequired("Enter a number"), NumberRange(0.2, 0.7, "Between 0.2 and 0.7")],
        description="There are many of them in every photo, so only a very near face is pointed out.",
    )
    because = TextAreaField(
        "Why these?",
        [InputRequired("Say in a sentence why"), Length(min=10, max=LONGEST)],
        description="For the record.",
    )
