"""Open the made-up school's accounts on the rehearsal networks."""

from dataclasses import dataclass
from typing import Any

import requests

from app.core.errors import WrongStateError
from app.core.settings import Settings
from app.platforms.registry import FacebookCredentials, XCredentials

TIMEOUT = 10


@dataclass(frozen=True, slots=True)
class Accounts:
    facebook: FacebookCredentials
    facebook_url: str
    x: XCredentials
    x_url: str


def open_accounts(settings: Settings, school: str) -> Accounts:
    """Make a Page and an X account there, or find those that were made before."""
    page = _post(
        settings,
        "/_control/facebook/pages",
        {
            "name": school,
            "page_id": "100000000000001",
            "app_id": "200000000000001",
            "app_secret": "rehearsal-app-secret",
            "page_token": "rehearsal-page-token",
            "require_appsecret_proof": True,
            "webhook_url": f"{settings.public_url}/webhooks/facebook",
            "verify_token": settings.facebook_verify_token.get_secret_value(),
        },
    )
    account = _post(settings, "/_control/x/accounts", {"handle": "bramleyhill", "name": school})
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
