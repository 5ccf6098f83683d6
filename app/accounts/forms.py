"""Forms for signing in and for one's own account."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.accounts.roles import Role
from app.web.forms import CheckboxesField, SchoolgateForm


class SignInForm(SchoolgateForm):
    email = EmailField("E-mail address", [InputRequired("Enter your school e-mail address"), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Enter your password"), Length(max=200)])


class PersonForm(SchoolgateForm):
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=200)])
    email = EmailField("School e-mail address", [InputRequired("Enter the e-mail address"), Length(max=254)])
    roles = CheckboxesField(
        "Roles",
        [InputRequired("Choose at least one role")],
        choices=[SelectChoice(role.value, role.label) for role in Role],
    )


class RolesForm(SchoolgateForm):
    roles = PersonForm.roles


class WelcomeForm(SchoolgateForm):
    password = PasswordField(
        "Your password",
        [InputRequired("Choose a password"), Length(min=12, max=200, message="Use 12 to 200 characters")],
        description="At least 12 characters. Three random words are easy to remember and hard to guess.",
    )


class ChangePasswordForm(SchoolgateForm):
    current = PasswordField("Current password", [InputRequired("Enter your current password"), Length(max=200)])
    new = PasswordField(
        "New password", [InputRequired("Enter a new password"), Length(min=12, message="Use at least 12 characters")]
    )
