"""Connecting an X account with OAuth 1.0a: a request token, the person's yes, and the account's lasting keys."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from requests_oauthlib import OAuth1

from app.platforms.errors import AuthorizationError, TransientError
from app.platforms.parsing import identifier_of
from app.platforms.registry import Endpoints, XCredentials
from app.platforms.transport import Transport
from app.platforms.x_errors import raise_for


@dataclass(frozen=True, slots=True)
class RequestToken:
    """Kept, with its secret, between leaving for X and coming back."""

    token: str
    secret: str = field(repr=False)


class XLogin:
    def __init__(self, api_key: str, api_secret: str, endpoints: Endpoints) -> None:
        self._keys = (api_key, api_secret)
        self._transport = Transport(endpoints.x_base_url, endpoints.timeouts)
        self._base_url = endpoints.x_base_url

    def ask_for_token(self, callback: str) -> RequestToken:
        """Ask X for a token to send the coordinator with."""
        told = self._ask("/oauth/request_token", OAuth1(*self._keys, callback_uri=callback))
        if told.get("oauth_callback_confirmed") != "true":
            raise AuthorizationError("X does not know the address to come back to. Enter it in the developer portal.")
        return RequestToken(_need(told, "oauth_token"), _need(told, "oauth_token_secret"))

    def dialog_address(self, request: RequestToken) -> str:
        """Return where the coordinator says yes."""
        return f"{self._base_url}/oauth/authorize?{urlencode({'oauth_token': request.token})}"

    def finish(self, request: RequestToken, verifier: str) -> XCredentials:
        """Turn the verifier that came back into the account's keys, which last until they are revoked."""
        signer = OAuth1(*self._keys, request.token, request.secret, verifier=verifier)
        told = self._ask("/oauth/access_token", signer)
        api_key, api_secret = self._keys
        return XCredentials(
            api_key=api_key,
            api_secret=api_secret,
            access_token=_need(told, "oauth_token"),
            access_secret=_need(told, "oauth_token_secret"),
            user_id=_need(told, "user_id"),
            handle=_need(told, "screen_name"),
        )

    def _ask(self, path: str, signer: OAuth1) -> dict[str, str]:
        """These two answers alone are forms, not JSON. Asking again only makes another token: nothing is uncertain."""
        answer = self._transport.call("POST", path, auth=signer, writes=False)
        if answer.status != 200:
            raise_for(answer, writes=False)
        return dict(parse_qsl(answer.text))


def _need(told: dict[str, str], name: str) -> str:
    found = told.get(name, "")
    if not found or (name == "user_id" and identifier_of(found) is None):
        raise TransientError("X sent no key. Try to connect once more.")
    return found
