"""Forms: one base class, so that every form protects itself and is shown in the same way."""

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class SchoolgateForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form with CSRF protection, shown by the macros of `macros/forms.html`."""


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]  # wtforms ships no types
    """Several choices as checkboxes: works without JavaScript and on a phone."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
