"""A Facebook Page, through facebook-sdk over our own transport."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import facebook
import structlog

from app.core import clock
from app.platforms.base import (
    Capabilities,
    CommentPage,
    Health,
    Network,
    OutgoingPost,
    Prepared,
    Published,
    RemoteComment,
)
from app.platforms.errors import AmbiguousError, AuthorizationError, GoneError, PlatformError
from app.platforms.facebook_errors import raise_for
from app.platforms.parsing import parse_time, same_words
from app.platforms.transport import Transport

log = structlog.get_logger()
COMMENT_FIELDS = (
    "id,message,created_time,from{id,name},parent{id},is_hidden,can_hide,can_remove,permalink_url,attachment"
)
NEEDED_SCOPES = ("pages_manage_posts", "pages_manage_engagement", "pages_read_engagement", "pages_read_user_content")
MOST_PAGES = 50


class Graph(facebook.GraphAPI):  # type: ignore[misc]  # facebook-sdk ships no types
    """facebook-sdk without its faults: current versions, no token in any address, JSON for lists, real errors."""

    def __init__(self, token: str, app_secret: str, version: str, transport: Transport) -> None:
        super().__init__(access_token=token)
        self.version = version
        self._transport = transport
        self._proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else ""

    def request(
        self,
        path: str,
        args: dict[str, Any] | None = None,
        post_args: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
        method: str | None = None,
    ) -> dict[str, Any]:
        verb = "POST" if post_args is not None else method or "GET"
        proof = {"appsecret_proof": self._proof} if self._proof else {}
        data = (
            {key: _encoded(value) for key, value in {**post_args, **proof}.items()} if post_args is not None else None
        )
        params = {**(args or {}), **({} if data is not None else proof)}
        answer = self._transport.call(
            verb,
            path,
            params={key: _encoded(value) for key, value in params.items()},
            data=data,
            files=files,
            headers={"Authorization": f"Bearer {self.access_token}"},
        )
        if answer.status != 200 or not answer.fields or "error" in answer.fields:
            raise_for(answer, writes=verb != "GET")
        return answer.fields


class FacebookPage:
    network = Network.FACEBOOK
    capabilities = Capabilities(
        max_photos=10, hidden_stays_reachable=False, can_delete_comments=True, hides_per_quarter_hour=None
    )

    def __init__(self, page_id: str, graph: Graph) -> None:
        self._page_id = page_id
        self._graph = graph

    def prepare(self, post: OutgoingPost) -> Prepared:
        """Upload each photo unpublished, with its alt text, which can be set only now."""
        media_ids: list[str] = []
        try:
            for photo in post.photos:
                made = self._graph.put_photo(
                    image=BytesIO(photo.content),
                    album_path=f"{self._page_id}/photos",
                    published=False,
                    alt_text_custom=photo.alt_text,
                )
                media_ids.append(_id_of(made))
        except PlatformError:
            self.discard(Prepared(tuple(media_ids)))
            raise
        return Prepared(tuple(media_ids))

    def send(self, post: OutgoingPost, prepared: Prepared) -> Published:
        data: dict[str, Any] = {"message": post.text}
        if post.link and not prepared.media_ids:
            data["link"] = post.link
        elif post.link:
            data["message"] = f"{post.text}\n\n{post.link}"
        if prepared.media_ids:
            data["attached_media"] = [{"media_fbid": media_id} for media_id in prepared.media_ids]
        made = self._graph.put_object(self._page_id, "feed", **data)
        return self._published(_id_of(made))

    def _published(self, post_id: str) -> Published:
        """Read the address of a post that is certainly there; a failure here must not lose its id."""
        try:
            found = self._graph.get_object(post_id, fields="id,permalink_url,created_time")
        except PlatformError:
            return Published(post_id, f"https://www.facebook.com/{post_id}", clock.now())
        permalink = str(found.get("permalink_url") or f"https://www.facebook.com/{post_id}")
        return Published(post_id, permalink, parse_time(found.get("created_time")) or clock.now())

    def discard(self, prepared: Prepared) -> None:
        """Remove photos that will not be used; one that cannot be removed now stays invisible."""
        for media_id in prepared.media_ids:
            try:
                self._graph.delete_object(media_id)
            except PlatformError as error:
                log.warning("facebook.orphan-left", media_id=media_id, code=error.code)

    def find_published(self, post: OutgoingPost, prepared: Prepared | None, *, since: datetime) -> Published | None:
        """Look for our own post: by its first photo, or by its words among the posts since then."""
        if prepared is not None and prepared.media_ids:
            try:
                photo = self._graph.get_object(prepared.media_ids[0], fields="page_story_id")
            except GoneError:
                return None
            story = photo.get("page_story_id")
            return self._published(str(story)) if story else None
        matches = [found for found in self._recent(since) if same_words(str(found.get("message", "")), post.text)]
        if len(matches) > 1:
            raise AmbiguousError("Several posts on Facebook have these words. Say which of them is this one.")
        return self._published(_id_of(matches[0])) if matches else None

    def _recent(self, since: datetime) -> Iterator[dict[str, Any]]:
        earliest = since - timedelta(minutes=5)
        for found in self._walk(f"{self._page_id}/published_posts", fields="id,message,created_time", limit=100):
            created = parse_time(found.get("created_time"))
            if created is not None and created < earliest:
                return
            yield found

    def retract(self, remote_id: str) -> None:
        try:
            self._graph.delete_object(remote_id)
        except GoneError:
            return

    def is_live(self, remote_id: str) -> bool:
        try:
            self._graph.get_object(remote_id, fields="id")
        except GoneError:
            return False
        return True

    def fetch_comments(self, *, post_remote_ids: Sequence[str], cursor: dict[str, Any]) -> CommentPage:
        """Read all comments of the posts; knowing which are new is the caller's part."""
        comments = [
            self._comment(found, post_id)
            for post_id in post_remote_ids
            for found in self._walk(
                f"{post_id}/comments", fields=COMMENT_FIELDS, filter="stream", order="chronological", limit=100
            )
        ]
        return CommentPage(tuple(comments), None)

    def fetch_comment(self, remote_id: str) -> RemoteComment | None:
        try:
            found = self._graph.get_object(remote_id, fields=COMMENT_FIELDS)
        except GoneError:
            return None
        return self._comment(found, remote_id.rsplit("_", maxsplit=1)[0])

    def hide(self, remote_id: str) -> None:
        self._graph.request(f"{self._graph.version}/{remote_id}", post_args={"is_hidden": True})

    def unhide(self, remote_id: str) -> None:
        self._graph.request(f"{self._graph.version}/{remote_id}", post_args={"is_hidden": False})

    def delete_comment(self, remote_id: str) -> None:
        self.retract(remote_id)

    def check_health(self) -> Health:
        """Ask the network what this token is: of a Page, valid, until when, with which permissions."""
        try:
            token = self._graph.access_token
            told = self._graph.get_object("debug_token", input_token=token)["data"]
            page = self._graph.get_object(self._page_id, fields="id,name")
        except AuthorizationError as error:
            return Health(ok=False, problem=error.sentence)
        except (KeyError, TypeError):
            return Health(ok=False, problem="Facebook did not say whether the sign-in works. Try again later.")
        scopes = tuple(str(scope) for scope in told.get("scopes", ()))
        missing = [scope for scope in NEEDED_SCOPES if scope not in scopes]
        problem = None
        if not told.get("is_valid"):
            problem = "Facebook's sign-in no longer works. Reconnect the Page."
        elif str(told.get("type", "")).upper() != "PAGE":
            problem = "This is a person's token. Connect with the token of the Page itself."
        elif missing:
            problem = f"The sign-in lacks: {', '.join(missing)}. Reconnect and allow these."
        return Health(problem is None, problem, page.get("name"), _expiry(told.get("expires_at")), scopes)

    def _walk(self, path: str, **args: Any) -> Iterator[dict[str, Any]]:
        """Follow the cursors, not the `next` addresses, which carry the token; an empty page may have a successor."""
        after: str | None = None
        for _ in range(MOST_PAGES):
            page = self._graph.request(f"{self._graph.version}/{path}", {**args, **({"after": after} if after else {})})
            yield from page.get("data", ())
            paging = page.get("paging") or {}
            following = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not following or following == after:
                return
            after = following

    def _comment(self, found: dict[str, Any], post_id: str) -> RemoteComment:
        author = found.get("from") or {}
        return RemoteComment(
            remote_id=_id_of(found),
            post_remote_id=post_id,
            parent_remote_id=(found.get("parent") or {}).get("id"),
            author_id=str(author["id"]) if author.get("id") else None,
            author_name=author.get("name"),
            text=str(found.get("message") or ""),
            created_at=parse_time(found.get("created_time")) or clock.now(),
            is_hidden=bool(found.get("is_hidden")),
            can_hide=bool(found.get("can_hide", True)),
            permalink=found.get("permalink_url"),
            has_attachment=bool(found.get("attachment")),
            is_own=str(author.get("id")) == self._page_id,
        )


def _encoded(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, list | dict) else value


def _id_of(found: dict[str, Any]) -> str:
    return str(found["id"])


def _expiry(stamp: Any) -> datetime | None:
    return datetime.fromtimestamp(int(stamp), tz=clock.now().tzinfo) if stamp else None
