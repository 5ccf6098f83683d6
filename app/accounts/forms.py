"""Forms for signing in and for one's own account."""

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from app.web.forms import SchoolgateForm


class SignInForm(SchoolgateForm):
    email = EmailField("E-mail address", [InputRequired("Enter your school e-mail address"), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Enter your password"), Length(max=200)])


class ChangePasswordForm(SchoolgateForm):
    current = PasswordField("Current password", [InputRequired("Enter your current password"), Length(max=200)])
    new = PasswordField(
        "New password", [InputRequired("Enter a new password"), Length(min=12, message="Use at least 12 characters")]
    )
