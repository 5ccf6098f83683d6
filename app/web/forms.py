"""Forms: one base class, so that every form protects itself and is shown in the same way."""

from flask import request
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class SchoolgateForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form with CSRF protection, shown by the macros of `macros/forms.html`."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """Read what a page's form sends; flask-wtf would read any JSON as well, and fall over most of it."""
            return None if request.is_json else super().wrap_formdata(form, formdata)


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]  # wtforms ships no types
    """Several choices as checkboxes: works without JavaScript and on a phone."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
