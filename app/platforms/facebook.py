"""A Facebook Page, through facebook-sdk over our own transport."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import facebook
import structlog

from app.core import clock
from app.platforms.base import (
    Absence,
    Capabilities,
    CommentPage,
    Health,
    Network,
    OutgoingPost,
    Prepared,
    Published,
    RemoteComment,
    RemotePost,
)
from app.platforms.errors import (
    AmbiguousError,
    AuthorizationError,
    GoneError,
    OutcomeUnknownError,
    PlatformError,
    RejectedError,
    TransientError,
)
from app.platforms.facebook_errors import BAD_ARGUMENT, TooMuchAskedError, raise_for
from app.platforms.facebook_reading import (
    SITE,
    comment_of,
    health_of,
    is_token_of_a_page,
    photo_ids_of,
    post_of,
    post_of_comment,
    whole_post_id,
)
from app.platforms.pace import Allowance, facebook_pause
from app.platforms.parsing import fields_of, identifier_of, items_of, same_words
from app.platforms.transport import Bearer, Transport

log = structlog.get_logger()
COMMENT_FIELDS = (
    "id,message,created_time,from{id,name},parent{id},is_hidden,can_hide,can_remove,permalink_url,attachment"
)
POST_FIELDS = "id,message,created_time,permalink_url"
ALBUM_FIELDS = f"{POST_FIELDS},attachments{{target,subattachments}}"
SECRETS = frozenset({"input_token", "client_secret", "fb_exchange_token", "code"})
"""Arguments that must never stand in an address: it is written into logs on its way."""
MOST_PAGES = 1000
MOST_EMPTY_PAGES = 3
FEWEST_ROWS = 10
"""Of a list are asked for at once, after Facebook could not gather more."""
CLOCKS_DIFFER = timedelta(minutes=5)


class Graph(facebook.GraphAPI):  # type: ignore[misc]  # facebook-sdk ships no types
    """facebook-sdk without its faults: current versions, no token in any address, JSON for lists, real errors."""

    def __init__(
        self,
        token: str,
        version: str,
        transport: Transport,
        allowance: Allowance,
        *,
        app_id: str = "",
        app_secret: str = "",
    ) -> None:
        super().__init__(access_token=token)
        self.version = version
        self._transport = transport
        self._app = (app_id, app_secret)
        self._proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else ""
        self.allowance = allowance

    def request(
        self,
        path: str,
        args: dict[str, Any] | None = None,
        post_args: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
        method: str | None = None,
    ) -> dict[str, Any]:
        """Send what the SDK would send. A question with a secret goes as a form, as Facebook allows: see `SECRETS`."""
        verb, given = ("POST", dict(post_args)) if post_args is not None else (method or "GET", dict(args or {}))
        writes, token = verb != "GET", given.pop("access_token", self.access_token)
        if token == self.access_token and self._proof:
            given["appsecret_proof"] = self._proof
        if verb != "POST" and SECRETS & given.keys():
            verb, given = "POST", {**given, "method": verb}
        placed = {"data" if verb == "POST" else "params": given}
        return self._call(verb, path, token=token, files=files, writes=writes, **placed)

    def inspect_own_token(self) -> dict[str, Any]:
        """Ask what our token is, in the app's name where we know the app."""
        if all(self._app):
            return dict(self.debug_access_token(self.access_token, *self._app))
        return self.request(f"{self.version}/debug_token", {"input_token": self.access_token})

    def get_version(self) -> str:
        """Return the version that we ask for; the SDK would ask with the token in the address."""
        return self.version.removeprefix("v")

    def _call(
        self,
        verb: str,
        path: str,
        *,
        token: str,
        writes: bool,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        auth = Bearer(token) if token else None
        answer = self._transport.call(
            verb, path, params=_encoded(params), data=_encoded(data), files=files, auth=auth, writes=writes
        )
        self.allowance.pause(facebook_pause(answer.headers))
        if answer.status != 200 or not answer.fields or "error" in answer.fields:
            raise_for(answer, writes=writes, guess=self.allowance.guess)
        self.allowance.answered()
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
            for number, photo in enumerate(post.photos, start=1):
                made = self._graph.put_photo(
                    image=(f"photo-{number}.{photo.mime.rpartition('/')[2]}", photo.content, photo.mime),
                    album_path=f"{self._page_id}/photos",
                    published=False,
                    alt_text_custom=photo.alt_text,
                )
                media_ids.append(_need_id(made))
        except PlatformError:
            self.discard(Prepared(tuple(media_ids)))
            raise
        return Prepared(tuple(media_ids))

    def send(self, post: OutgoingPost, prepared: Prepared) -> Published:
        data: dict[str, Any] = {"message": _message(post)}
        if post.link and not post.photos:
            data["link"] = post.link
        if prepared.media_ids:
            data["attached_media"] = [{"media_fbid": media_id} for media_id in prepared.media_ids]
        made = self._graph.put_object(self._page_id, "feed", **data)
        post_id = whole_post_id(_need_id(made), self._page_id)
        try:
            return self._read_post(post_id)
        except PlatformError:  # it is certainly there: a failure to read its address must not lose its id
            return Published(post_id, f"{SITE}/{post_id}", clock.now())

    def discard(self, prepared: Prepared) -> None:
        """Remove photos that will not be used; one that cannot be removed now stays invisible."""
        for media_id in prepared.media_ids:
            try:
                self._graph.delete_object(media_id)
            except PlatformError as error:
                log.warning("facebook.orphan-left", media_id=media_id, code=error.code)

    def find_published(self, post: OutgoingPost, prepared: Prepared | None, *, since: datetime) -> Published | None:
        """Look for our own post: by its photos, or by its words among the posts since then."""
        if prepared is not None and prepared.media_ids:
            return self._find_by_photos(prepared.media_ids, since)
        wanted = _message(post)
        if not wanted.strip():
            return None
        found = [seen for seen, _ in self._recent(since, POST_FIELDS) if same_words(seen.text, wanted)]
        if len(found) > 1:
            raise AmbiguousError("Several posts on Facebook have these words. Say which of them is this one.")
        return _published(found[0]) if found else None

    def recent_posts(self, *, since: datetime) -> tuple[RemotePost, ...]:
        self._graph.allowance.ensure()
        return tuple(seen for seen, _ in self._recent(since, POST_FIELDS))

    def retract(self, remote_id: str) -> None:
        try:
            _ensure_done(self._graph.delete_object(remote_id))
        except GoneError:
            return

    def absence_of(self, remote_id: str) -> Absence | None:
        """Look whether a post is gone. Facebook says so too when it only hides things from us: that is no proof."""
        try:
            self._graph.get_object(remote_id, fields="id")
        except GoneError as error:
            self._graph.get_connections(self._page_id, "published_posts", fields="id", limit=1)
            return Absence(str(error.code), error.trace, clock.now())
        return None

    def is_live(self, remote_id: str) -> bool:
        return self.absence_of(remote_id) is None

    def fetch_comments(self, *, post_remote_ids: Sequence[str], cursor: dict[str, Any]) -> CommentPage:
        """Read all comments of the posts; knowing which are new is the caller's part."""
        self._graph.allowance.ensure()
        comments = [
            comment_of(found, post_id, self._page_id)
            for post_id in post_remote_ids
            for found in self._walk(
                f"{post_id}/comments", fields=COMMENT_FIELDS, filter="stream", order="chronological", limit=100
            )
        ]
        return CommentPage(tuple(comment for comment in comments if comment is not None), None)

    def fetch_comment(self, remote_id: str) -> RemoteComment | None:
        try:
            found = self._graph.get_object(remote_id, fields=COMMENT_FIELDS)
        except GoneError:
            return None
        comment = comment_of(found, post_of_comment(remote_id, self._page_id), self._page_id)
        if comment is None:
            raise TransientError("Facebook showed something else than the comment. It is tried again by itself.")
        return comment

    def author_names(self, author_ids: Sequence[str]) -> dict[str, str]:
        """Facebook names the writer with the comment, or not at all."""
        return {}

    def hide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=True)

    def unhide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=False)

    def _set_hidden(self, remote_id: str, *, hidden: bool) -> None:
        _ensure_done(self._graph.request(f"{self._graph.version}/{remote_id}", post_args={"is_hidden": hidden}))

    def delete_comment(self, remote_id: str) -> None:
        self.retract(remote_id)

    def reply(self, remote_id: str, text: str) -> Published:
        """Write as the Page under one of its posts or under a comment."""
        made = _need_id(self._graph.put_object(remote_id, "comments", message=text))
        try:
            seen = self.fetch_comment(made)
        except PlatformError:  # it is certainly there: a failure to read its address must not lose its id
            seen = None
        permalink = seen.permalink if seen is not None else None
        return Published(made, permalink or f"{SITE}/{made}", clock.now())

    def find_reply(self, remote_id: str, text: str, *, since: datetime) -> Published | None:
        """Look whether our own words stand there already."""
        args = {"fields": COMMENT_FIELDS, "filter": "stream", "order": "reverse_chronological", "limit": 100}
        for found in self._walk(f"{remote_id}/comments", **args):
            seen = comment_of(found, remote_id, self._page_id)
            if seen is not None and seen.created_at < since - CLOCKS_DIFFER:
                return None
            if seen is not None and seen.is_own and same_words(seen.text, text):
                return Published(seen.remote_id, seen.permalink or f"{SITE}/{seen.remote_id}", seen.created_at)
        return None

    def check_health(self) -> Health:
        try:
            told = self._graph.inspect_own_token().get("data")
            page = self._graph.get_object("me", fields="id,name,username") if is_token_of_a_page(told) else {}
        except AuthorizationError as error:
            return Health(ok=False, problem=error.sentence)
        except GoneError:
            return Health(ok=False, problem="Facebook no longer shows this Page. Look there, then reconnect it.")
        if not isinstance(told, dict) or (page and identifier_of(page.get("id")) is None):
            raise TransientError("Facebook did not say whose key this is. It is tried again by itself.")
        return health_of(told, page, self._page_id)

    def _read_post(self, post_id: str) -> Published:
        found = post_of(self._graph.get_object(post_id, fields=POST_FIELDS), self._page_id)
        if found is None:
            raise TransientError("Facebook showed something else than the post. It is tried again by itself.")
        return _published(found)

    def _find_by_photos(self, media_ids: Sequence[str], since: datetime) -> Published | None:
        """Ask a photo for its post; where it does not say, look for it among the posts."""
        for media_id in media_ids:
            try:
                photo = self._graph.get_object(media_id, fields="page_story_id")
                story = identifier_of(photo.get("page_story_id"))
                if story:
                    return self._read_post(whole_post_id(story, self._page_id))
            except GoneError:
                continue
        wanted = set(media_ids)
        found = [seen for seen, raw in self._recent(since, ALBUM_FIELDS) if wanted & set(photo_ids_of(raw))]
        return _published(found[0]) if found else None

    def _recent(self, since: datetime, fields: str) -> Iterator[tuple[RemotePost, dict[str, Any]]]:
        for found in self._walk(f"{self._page_id}/published_posts", fields=fields, limit=100):
            post = post_of(found, self._page_id)
            if post is None:
                continue
            if post.published_at < since - CLOCKS_DIFFER:
                return
            yield post, found

    def _walk(self, path: str, **args: Any) -> Iterator[dict[str, Any]]:
        """Follow the cursors, not the `next` addresses, which carry the token; an empty page may have a successor."""
        after, empty = "", 0
        for _ in range(MOST_PAGES):
            page = self._read_page(path, args, after)
            rows = items_of(page["data"])
            yield from rows
            paging = fields_of(page.get("paging"))
            following = fields_of(paging.get("cursors")).get("after")
            empty = 0 if rows else empty + 1
            goes_on = paging.get("next") if rows else empty <= MOST_EMPTY_PAGES
            if not goes_on or not isinstance(following, str) or (rows and following == after):
                return
            after = following
        log.warning("facebook.list-too-long", path=path)

    def _read_page(self, path: str, args: dict[str, Any], after: str) -> dict[str, Any]:
        asked = {**args, "after": after} if after else args
        try:
            page = self._graph.request(f"{self._graph.version}/{path}", asked)
        except TooMuchAskedError:
            if args["limit"] <= FEWEST_ROWS:
                raise
            return self._read_page(path, {**args, "limit": args["limit"] // 2}, after)
        except RejectedError as error:
            if after and str(error.code).partition("/")[0] == str(BAD_ARGUMENT):
                sentence = "The list changed while we read it. It is read again by itself."
                raise TransientError(sentence, code=error.code, trace=error.trace) from error
            raise
        if not isinstance(page.get("data"), list):
            raise TransientError("Facebook sent something else than a list. It is tried again by itself.")
        return page


def _encoded(given: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if given is None else {name: _as_sent(value) for name, value in given.items()}


def _as_sent(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, list | dict) else value


def _message(post: OutgoingPost) -> str:
    """A link beside photos stands in the words: Facebook shows a preview or photos, not both."""
    return f"{post.text}\n\n{post.link}" if post.link and post.photos else post.text


def _published(found: RemotePost) -> Published:
    return Published(found.remote_id, found.permalink, found.published_at)


def _need_id(made: dict[str, Any]) -> str:
    made_id = identifier_of(made.get("id"))
    if made_id is None:
        raise OutcomeUnknownError("Facebook did not say whether it worked, so we look.")
    return made_id


def _ensure_done(answer: dict[str, Any]) -> None:
    """Facebook writes success as true, and in places as the word."""
    if answer.get("success") not in (True, "true"):
        raise OutcomeUnknownError("Facebook did not say that it did this. It is looked up and tried again.")
