"""Forms of the official-account register."""

from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import URL, Email, InputRequired, Length

from app.platforms.base import Network
from app.web.forms import SchoolgateForm


class ProposalForm(SchoolgateForm):
    network = RadioField(
        "Network",
        [InputRequired("Choose the network")],
        choices=[SelectChoice(network.value, network.label) for network in Network],
    )
    name = StringField("Name of the account", [InputRequired("Enter its name"), Length(max=200)])
    handle = StringField(
        "Handle",
        [InputRequired("Enter its handle"), Length(max=200)],
        description="The name behind the @ or in its address. For a Page without one, its Page id: a number.",
    )
    url = StringField(
        "Address", [InputRequired("Enter its address"), URL(message="Enter a full address, with https://")]
    )
    owner = StringField("Who is in charge of it?", [InputRequired("Enter who is in charge"), Length(max=200)])
    school_email = EmailField(
        "School e-mail it is registered with",
        [InputRequired("Enter the e-mail"), Email("Enter a school e-mail address")],
    )
    second_factor_on = BooleanField("Signing in to it needs a second factor")


class FacebookForm(SchoolgateForm):
    app_id = StringField("App id", [InputRequired("Enter the app id"), Length(max=64)])
    app_secret = PasswordField("App secret", [InputRequired("Enter the app secret"), Length(max=200)])
    page_id = StringField("Page id", [InputRequired("Enter the Page id"), Length(max=64)])
    page_token = PasswordField("Page token", [InputRequired("Enter the Page's token"), Length(max=600)])


class XForm(SchoolgateForm):
    api_key = PasswordField("API key", [InputRequired("Enter the API key"), Length(max=200)])
    api_secret = PasswordField("API key secret", [InputRequired("Enter the API key secret"), Length(max=200)])
    access_token = PasswordField("Access token", [InputRequired("Enter the access token"), Length(max=200)])
    access_secret = PasswordField("Access token secret", [InputRequired("Enter the secret"), Length(max=200)])
    user_id = StringField("Account id (a number)", [InputRequired("Enter the account id"), Length(max=64)])
    handle = StringField("Handle", [InputRequired("Enter the handle"), Length(max=64)])
