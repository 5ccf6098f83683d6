"""To a network's sign-in dialog and back with keys: what is asked there, and what speaks against an account."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.channels.identity import another, is_approved
from app.channels.models import Channel
from app.core.errors import InvalidInputError
from app.platforms.base import Health, Network
from app.platforms.facebook_login import OfferedPage
from app.platforms.logins import Logins
from app.platforms.registry import Credentials, XCredentials
from app.platforms.x_login import RequestToken

NOT_ALLOWED = "You did not allow it there, so nothing was connected. Connect again when you are ready."
ROLES = "You hold the roles that we need there: create content, moderate, manage."


@dataclass(frozen=True, slots=True)
class SettingOut:
    address: str
    """Of the network's dialog."""
    key: str = field(repr=False)
    """What comes back with the person."""
    carried: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Check:
    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An account that the person who signed in may hand over, and what was checked."""

    account_id: str
    name: str
    checks: Sequence[Check]

    @property
    def may_be_connected(self) -> bool:
        return all(check.holds for check in self.checks)


def set_out(logins: Logins, network: Network, back: str) -> SettingOut:
    """Prepare the way to the dialog; X gives a token for it, Facebook takes any word of ours."""
    if network is Network.FACEBOOK:
        state = secrets.token_urlsafe(32)
        return SettingOut(logins.facebook().dialog_address(back, state), state, {})
    login = logins.x()
    request = login.ask_for_token(back)
    return SettingOut(login.dialog_address(request), request.token, {"secret": request.secret})


def recognised(network: Network, answer: Mapping[str, str]) -> tuple[str, bool]:
    """Return what the attempt is known by, and whether the person said no."""
    if network is Network.FACEBOOK:
        return answer.get("state", ""), "error" in answer
    denied = answer.get("denied", "")
    return denied or answer.get("oauth_token", ""), bool(denied)


def bring_back(
    logins: Logins, network: Network, answer: Mapping[str, str], carried: Mapping[str, Any], back: str
) -> dict[str, Any]:
    """Turn the network's word into keys. They are carried sealed until the person chooses."""
    if network is Network.FACEBOOK:
        pages = logins.facebook().offered_pages(_need(answer, "code"), back)
        return {"pages": [asdict(page) for page in pages]}
    request = RequestToken(_need(answer, "oauth_token"), str(carried.get("secret", "")))
    return {"account": asdict(logins.x().finish(request, _need(answer, "oauth_verifier")))}


def offers(channel: Channel, carried: Mapping[str, Any]) -> Sequence[Offer]:
    if "account" in carried:
        account = XCredentials(**carried["account"])
        same = _identity(channel, account.user_id, account.handle)
        return [Offer(account.user_id, f"@{account.handle}", [same])]
    return [_page_offer(channel, page) for page in _pages(carried)]


def keys_for(logins: Logins, channel: Channel, carried: Mapping[str, Any], account_id: str) -> Credentials:
    """Return the keys of the chosen account; Facebook is asked to tell us of its comments."""
    offer = next((offer for offer in offers(channel, carried) if offer.account_id == account_id), None)
    if offer is None:
        raise InvalidInputError("Choose the account to connect.")
    against = next((check.sentence for check in offer.checks if not check.holds), None)
    if against is not None:
        raise InvalidInputError(against)
    if "account" in carried:
        return XCredentials(**carried["account"])
    page = next(page for page in _pages(carried) if page.page_id == account_id)
    return logins.facebook().take(page)


def told_of(health: Health, network: Network) -> str:
    """Say what was checked, for the person who connected."""
    kind = "The key is the Page's own" if network is Network.FACEBOOK else "The keys are the account's own"
    if health.expires_at is None:
        return f"Connected. {kind}, and it has no end date." if network is Network.FACEBOOK else f"Connected. {kind}."
    return f"Connected. {kind}; it ends on {health.expires_at:%d/%m/%Y}, and we warn you before."


def _pages(carried: Mapping[str, Any]) -> Iterator[OfferedPage]:
    for page in carried.get("pages", ()):
        found = OfferedPage(**page)
        yield replace(found, tasks=tuple(found.tasks), withheld=tuple(found.withheld))


def _page_offer(channel: Channel, page: OfferedPage) -> Offer:
    able = Check(True, ROLES) if page.problem is None else Check(False, page.problem)
    return Offer(page.page_id, page.name or page.page_id, [_identity(channel, page.page_id, page.username), able])


def _identity(channel: Channel, account_id: str, handle: str) -> Check:
    if is_approved(channel, account_id, handle):
        return Check(True, f"It is the {channel.network.label} account that the leadership approved.")
    return Check(False, another(channel, account_id, handle))


def _need(answer: Mapping[str, str], name: str) -> str:
    if not answer.get(name):
        raise InvalidInputError("The network sent you back without an answer. Connect again.")
    return answer[name]
