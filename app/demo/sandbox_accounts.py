"""Open the made-up school's accounts on the rehearsal networks."""

from dataclasses import dataclass
from typing import Any

import requests

from app.core.errors import WrongStateError
from app.core.settings import Settings
from app.platforms.registry import FacebookCredentials, XCredentials

TIMEOUT = 10
KEEPER = "300000000000001"
OTHER_PAGES = (
    {"name": "Friends of Bramley Hill", "page_id": "100000000000002", "user_id": KEEPER},
    {
        "name": "Bramley Hill School",
        "page_id": "100000000000003",
        "user_id": "300000000000002",
        "user_name": "Priya Nair (may only moderate)",
        "tasks": ["MODERATE", "ANALYZE"],
    },
)
"""What goes wrong when an account is connected: another Page, and a person without the roles."""


@dataclass(frozen=True, slots=True)
class Accounts:
    facebook: FacebookCredentials
    facebook_url: str
    x: XCredentials
    x_url: str


def open_accounts(settings: Settings, school: str) -> Accounts:
    """Make a Page and an X account there, or find those that were made before; and others that are not the school's."""
    app = {
        "app_id": settings.facebook_app_id or "200000000000001",
        "app_secret": settings.facebook_app_secret.get_secret_value() or "rehearsal-app-secret",
        "require_appsecret_proof": True,
        "webhook_url": f"{settings.public_url}/webhooks/facebook",
        "verify_token": settings.facebook_verify_token.get_secret_value(),
    }
    keys = {
        "consumer_key": settings.x_api_key.get_secret_value(),
        "consumer_secret": settings.x_api_secret.get_secret_value(),
    }
    own = {"name": school, "page_id": "100000000000001", "page_token": "rehearsal-page-token", "user_id": KEEPER}
    page = _post(settings, "/_control/facebook/pages", app | own)
    for other in OTHER_PAGES:
        _post(settings, "/_control/facebook/pages", app | other)
    account = _post(settings, "/_control/x/accounts", {"handle": "bramleyhill", "name": school, **keys})
    _post(settings, "/_control/x/accounts", {"handle": "bramleyhillpta", "name": "Friends of Bramley Hill", **keys})
    return Accounts(
        FacebookCredentials(page["app_id"], page["app_secret"], page["page_id"], page["page_token"]),
        page["url"],
        XCredentials(
            account["consumer_key"],
            account["consumer_secret"],
            account["access_token"],
            account["access_token_secret"],
            account["id"],
            account["handle"],
        ),
        account["url"],
    )


def comment_on_facebook(settings: Settings, post_id: str, name: str, message: str) -> None:
    """Let a made-up parent comment on the public wall."""
    _post(settings, f"/_control/facebook/posts/{post_id}/comments", {"name": name, "message": message})


def _post(settings: Settings, path: str, body: dict[str, Any]) -> dict[str, Any]:
    if not settings.sandbox_url:
        raise WrongStateError("Set SCHOOLGATE_SANDBOX_URL to the rehearsal networks; the made-up school needs them.")
    try:
        answer = requests.post(f"{settings.sandbox_url}{path}", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise WrongStateError("The rehearsal networks do not answer. Start them: flask --app wsgi sandbox") from error
    found: dict[str, Any] = answer.json()
    return found
