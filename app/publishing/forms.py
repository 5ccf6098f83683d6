"""Forms of quiet times, of the budget, and of a breach."""

from wtforms import BooleanField, DecimalField, RadioField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.web.forms import SchoolgateForm


class HoursForm(SchoolgateForm):
    quiet_from = TimeField("Nothing goes out from", [Optional()], description="London time, such as 21:00.")
    quiet_until = TimeField("until", [Optional()], description="Such as 07:00. Leave both blank for no quiet nights.")
    quiet_weekends = BooleanField("Nothing goes out at weekends")
    x_budget_dollars = DecimalField(
        "What posts on X may cost in a month, in US dollars",
        [Optional(), NumberRange(0, 100_000, "Between 0 and 100,000")],
        description="A post waits when it would cost more, and the account coordinator is told. Blank sets no limit.",
    )

    def validate_quiet_until(self, _: object) -> None:
        if (self.quiet_from.data is None) != (self.quiet_until.data is None):
            self.quiet_until.errors = [*self.quiet_until.errors, "Give both times, or neither"]


class BreachForm(SchoolgateForm):
    is_reportable = RadioField(
        "Was the Information Commissioner told?",
        [InputRequired("Choose one")],
        choices=[
            SelectChoice("yes", "Yes, it was reported"),
            SelectChoice("no", "No: it is unlikely that anybody's rights are at risk"),
        ],
    )
    reasons = TextAreaField("Why? The law asks for the reasons either way.", [InputRequired("Give the reasons")])
    reference = StringField("Reference of the report (if there is one)", [Length(max=200)])
    people_told = TextAreaField("Which families were told, and when? No names are needed.", [Length(max=2000)])
