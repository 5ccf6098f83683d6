"""Connecting a Facebook Page: to the sign-in dialog and back, to the Pages that a person may hand over."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from app.platforms.errors import PermissionMissingError, TransientError
from app.platforms.facebook import Graph
from app.platforms.facebook_reading import NEEDED_SCOPES
from app.platforms.parsing import fields_of, identifier_of, items_of, text_of
from app.platforms.registry import Endpoints, FacebookCredentials
from app.platforms.transport import Transport

SCOPES = (*NEEDED_SCOPES, "pages_show_list", "pages_manage_metadata")
NEEDED_TASKS = ("CREATE_CONTENT", "MODERATE", "MANAGE")
MOST_LISTS = 20


@dataclass(frozen=True, slots=True)
class OfferedPage:
    """A Page that the person who signed in looks after."""

    page_id: str
    name: str
    token: str = field(repr=False)
    tasks: tuple[str, ...]
    username: str = ""
    withheld: tuple[str, ...] = ()
    """Permissions that were not given in the dialog."""

    @property
    def problem(self) -> str | None:
        """Say what this person may not do there, and we could not either."""
        missing = [task for task in NEEDED_TASKS if task not in self.tasks]
        if missing:
            return f"You lack these roles on this Page: {', '.join(missing)}. Ask its owner for them."
        if self.withheld:
            return f"These permissions were not given: {', '.join(self.withheld)}. Connect again and leave all ticked."
        return None


class FacebookLogin:
    """One app's way to a Page's token: it has no expiry date when the token that it comes from is a lasting one."""

    def __init__(self, app_id: str, app_secret: str, endpoints: Endpoints) -> None:
        self._app = (app_id, app_secret)
        self._endpoints = endpoints

    def dialog_address(self, redirect_uri: str, state: str) -> str:
        """Return where the coordinator says yes; `state` must come back unchanged."""
        asked = {
            "client_id": self._app[0],
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": ",".join(SCOPES),
            "response_type": "code",
        }
        base = self._endpoints.facebook_dialog_url
        return f"{base}/{self._endpoints.facebook_version}/dialog/oauth?{urlencode(asked)}"

    def offered_pages(self, code: str, redirect_uri: str) -> tuple[OfferedPage, ...]:
        """Turn the code that the dialog sent back into the Pages on offer."""
        short = _token_of(self._graph("").get_access_token_from_code(code, redirect_uri, *self._app))
        person = self._graph(_token_of(self._graph(short).extend_access_token(*self._app)))
        withheld = _withheld(person)
        found: list[OfferedPage] = []
        after = ""
        for _ in range(MOST_LISTS):
            asked = {"fields": "id,name,username,access_token,tasks", **({"after": after} if after else {})}
            listed = person.get_connections("me", "accounts", **asked)
            offered = (_offered(page, withheld) for page in items_of(listed.get("data")))
            found += [page for page in offered if page is not None]
            paging = fields_of(listed.get("paging"))
            after = text_of(fields_of(paging.get("cursors")).get("after")) if paging.get("next") else ""
            if not after:
                break
        if not found:
            raise PermissionMissingError("Facebook offered no Page. Sign in as somebody who looks after the Page.")
        return tuple(found)

    def take(self, page: OfferedPage) -> FacebookCredentials:
        """Have Facebook tell us of the Page's comments, and return what is needed to act for it."""
        graph = self._graph(page.token)
        told = graph.put_object(page.page_id, "subscribed_apps", subscribed_fields="feed")
        if told.get("success") not in (True, "true"):
            raise TransientError("Facebook did not agree to tell us of comments. Try to connect once more.")
        return FacebookCredentials(*self._app, page_id=page.page_id, page_token=page.token)

    def _graph(self, token: str) -> Graph:
        transport = Transport(self._endpoints.facebook_base_url, self._endpoints.timeouts)
        allowance = self._endpoints.pace.of(f"app:{self._app[0]}")
        secret = self._app[1] if token else ""
        return Graph(token, self._endpoints.facebook_version, transport, allowance, app_secret=secret)


def _withheld(person: Graph) -> tuple[str, ...]:
    """Return what this person did not allow: the dialog lets them take out each permission."""
    listed = items_of(person.get_connections("me", "permissions").get("data"))
    given = {text_of(each.get("permission")) for each in listed if each.get("status") == "granted"}
    return tuple(scope for scope in SCOPES if scope not in given)


def _offered(listed: dict[str, object], withheld: tuple[str, ...]) -> OfferedPage | None:
    page_id, token = identifier_of(listed.get("id")), text_of(listed.get("access_token"))
    tasks = listed.get("tasks")
    if page_id is None or not token:
        return None
    return OfferedPage(
        page_id=page_id,
        name=text_of(listed.get("name")),
        token=token,
        tasks=tuple(map(str, tasks if isinstance(tasks, list) else ())),
        username=text_of(listed.get("username")),
        withheld=withheld,
    )


def _token_of(told: dict[str, object]) -> str:
    token = text_of(told.get("access_token"))
    if not token:
        raise TransientError("Facebook sent no key. Try to connect once more.")
    return token
