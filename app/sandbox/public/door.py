"""The public pages' one blueprint, and what their templates may use."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from app.sandbox.settings import SandboxSettings

blueprint = Blueprint("public", __name__)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LONDON = ZoneInfo("Europe/London")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_SENTENCES = {
    403: "That is not possible from here.",
    404: "There is nothing at this address. It may have been deleted, or the rehearsal was started over.",
    413: "That is too large to send.",
}


@blueprint.before_request
def refuse_other_sites() -> None:
    """Take what a form sends only from our own pages; there is no session that a token could protect."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)


@blueprint.app_errorhandler(HTTPException)
def explain(error: HTTPException) -> tuple[str, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    sentence = _SENTENCES.get(status, "Something went wrong in the rehearsal sandbox.")
    return render_template("error.html", status=status, sentence=sentence), status


@blueprint.app_template_filter("moment")
def moment(value: datetime) -> str:
    """Say when in London time: 21 November 2026, 5:41 am."""
    local = value.astimezone(_LONDON)
    hour = local.strftime("%I:%M %p").lstrip("0").lower()
    return f"{local.day} {local.strftime('%B %Y')}, {hour}"


@blueprint.app_template_filter("linked")
def linked(text: str) -> Markup:
    """Make the links of a post clickable; everything else is escaped."""
    pieces, at = [], 0
    for match in _LINK.finditer(text):
        link = escape(match.group())
        pieces += [escape(text[at : match.start()]), Markup('<a href="{0}" rel="nofollow ugc">{0}</a>').format(link)]
        at = match.end()
    return Markup("").join([*pieces, escape(text[at:])])


@blueprint.app_template_filter("initials")
def initials(name: str) -> str:
    words = [word for word in re.findall(r"\w+", name) if word]
    return "".join(word[0] for word in words[:2]).upper() or "?"


@blueprint.app_template_filter("hue")
def hue(name: str) -> int:
    """Give a person one of eight colours, the same one every time."""
    return sum(ord(sign) for sign in name) % 8


def control_is_locked() -> bool:
    settings: SandboxSettings = current_app.extensions["sandbox.settings"]
    return bool(settings.control_token.get_secret_value())
