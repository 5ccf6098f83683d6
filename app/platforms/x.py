"""An X account, through tweepy over our own transport."""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import tweepy

from app.core import clock
from app.platforms.base import (
    Absence,
    Capabilities,
    CommentPage,
    Health,
    Network,
    OutgoingPhoto,
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
    RejectedError,
    TransientError,
)
from app.platforms.pace import Allowance, x_pause
from app.platforms.parsing import fields_of, identifier_of, parse_time, text_of
from app.platforms.transport import Answer, Transport
from app.platforms.x_errors import NOT_FOUND, names_parameter, raise_for, says_gone
from app.platforms.x_reading import (
    POST_FIELDS,
    REPLY_FIELDS,
    answers,
    comment_of,
    is_ours,
    is_searchable,
    made_at,
    names_in,
    numbered,
    post_number,
    with_whole_links,
)

MOST_PAGES = 100
MEDIA_LIFE = timedelta(hours=24)
MOST_LOOKS_AT_UPLOAD = 6
LONGEST_LOOK = 5.0
SEARCH_EVERY = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(minutes=5)
NOT_SHOWN = "X no longer shows this account. Look there, then reconnect it."
ROUTINE = ("/mentions", "/search/recent")

for _name in ("tweepy", "oauthlib", "requests_oauthlib"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at DEBUG they write the keys down


class Client(tweepy.Client):  # type: ignore[misc]  # tweepy ships no types
    """tweepy with our base address, timeouts and error sorting; answers are plain parsed JSON."""

    def __init__(self, keys: tuple[str, str, str, str], transport: Transport, allowance: Allowance) -> None:
        api_key, api_secret, access_token, access_secret = keys
        super().__init__(
            consumer_key=api_key,
            consumer_secret=api_secret,
            access_token=access_token,
            access_token_secret=access_secret,
            return_type=dict,
            wait_on_rate_limit=False,
        )
        self._transport = transport
        self.allowance = allowance
        self._noun = "tweet"

    def request(
        self,
        method: str,
        route: str,
        params: dict[str, Any] | None = None,
        json: Any = None,
        user_auth: bool = False,
        files: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
    ) -> Answer:
        """Send a request; when X refuses the name of a field that it is renaming, once more by the other name."""
        named = f"{self._noun}.fields"
        answer = self._send(method, route, params, json, files, data)
        if method == "GET" and named in self._renamed(params) and names_parameter(answer, named):
            self._noun = "post" if self._noun == "tweet" else "tweet"
            answer = self._send(method, route, params, json, files, data)
        if not 200 <= answer.status < 300 or not isinstance(answer.body, dict):
            raise_for(answer, writes=method != "GET")
        if method != "POST" and says_gone(answer):
            raise GoneError("It is no longer on X.", code=NOT_FOUND)
        return answer

    def _send(
        self,
        method: str,
        route: str,
        params: dict[str, Any] | None,
        json: Any,
        files: dict[str, Any] | None,
        data: dict[str, Any] | None,
    ) -> Answer:
        signer = tweepy.OAuth1UserHandler(
            self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
        )
        answer = self._transport.call(
            method,
            route,
            params=self._renamed(params),
            body=json,
            files=files,
            data=data,
            auth=signer.apply_auth(),
            headers={"User-Agent": self.user_agent},
        )
        if route.endswith(ROUTINE):
            self.allowance.pause(x_pause(answer.headers))
        return answer

    def _renamed(self, params: dict[str, Any] | None) -> dict[str, Any]:
        """Write the field names as X knows them now, and lists with commas."""
        flat = {
            name: ",".join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in (params or {}).items()
        }
        asked = flat.pop("tweet.fields", None)
        return flat if asked is None else {**flat, f"{self._noun}.fields": str(asked).replace("tweet", self._noun)}

    def _make_request(
        self,
        method: str,
        route: str,
        params: dict[str, Any] | None = None,
        endpoint_parameters: Sequence[str] = (),
        json: Any = None,
        data_type: Any = None,
        user_auth: bool = False,
    ) -> dict[str, Any]:
        """Return the parsed answer whole: tweepy's own classes drop the errors of a half success."""
        asked = self._process_params(params or {}, endpoint_parameters=endpoint_parameters)
        return self.request(method, route, params=asked, json=json, user_auth=user_auth).fields


class XAccount:
    network = Network.X
    capabilities = Capabilities(
        max_photos=4, hidden_stays_reachable=True, can_delete_comments=False, hides_per_quarter_hour=50
    )

    def __init__(self, user_id: str, handle: str, client: Client, *, site: str = "https://x.com") -> None:
        self._user_id = user_id
        self._handle = handle.lstrip("@")
        self._client = client
        self._site = site

    def prepare(self, post: OutgoingPost) -> Prepared:
        """Upload each photo and set its alt text: no alt text, no post."""
        uploads = [self._upload(photo) for photo in post.photos]
        return Prepared(tuple(media_id for media_id, _ in uploads), min((until for _, until in uploads), default=None))

    def _upload(self, photo: OutgoingPhoto) -> tuple[str, datetime]:
        answer = self._client.request(
            "POST",
            "/2/media/upload",
            files={"media": (f"photo.{photo.mime.rpartition('/')[2]}", photo.content, photo.mime)},
            data={"media_category": "tweet_image", "media_type": photo.mime},
        )
        told = _told(answer)
        media_id = _need_id(told)
        self._await_upload(media_id, told)
        self._describe(media_id, photo.alt_text)
        seconds = told.get("expires_after_secs")
        life = timedelta(seconds=seconds) if isinstance(seconds, int) and 0 < seconds < 10**7 else MEDIA_LIFE
        return media_id, clock.now() + life

    def _await_upload(self, media_id: str, told: dict[str, Any]) -> None:
        """Wait while X works on a picture: until it is ready, a post with it is refused."""
        for _ in range(MOST_LOOKS_AT_UPLOAD):
            processing = fields_of(told.get("processing_info"))
            state = text_of(processing.get("state")) or "succeeded"
            if state == "succeeded":
                return
            if state == "failed":
                raise RejectedError("X could not read one of the photos. Take it out or add it again.", code=state)
            seconds = processing.get("check_after_secs")
            time.sleep(min(max(float(seconds), 0), LONGEST_LOOK) if isinstance(seconds, int | float) else 1)
            status = {"command": "STATUS", "media_id": media_id}
            told = _told(self._client.request("GET", "/2/media/upload", params=status))
        raise TransientError("X is still working on a photo. The post is tried again by itself.", code="processing")

    def _describe(self, media_id: str, alt_text: str) -> None:
        metadata = {"id": media_id, "metadata": {"alt_text": {"text": alt_text}}}
        described = self._client.request("POST", "/2/media/metadata", json=metadata).fields
        if not fields_of(described.get("data")):
            raise TransientError("X did not take the alt text of a photo, so the post waits. It is tried again.")

    def send(self, post: OutgoingPost, prepared: Prepared) -> Published:
        made = self._client.create_tweet(text=_words(post) or None, media_ids=list(prepared.media_ids) or None)
        return self._published(_need_id(fields_of(made.get("data"))))

    def discard(self, prepared: Prepared) -> None:
        """X forgets unused uploads by itself within a day."""

    def find_published(self, post: OutgoingPost, prepared: Prepared | None, *, since: datetime) -> Published | None:
        """Look for our own post by its photos' keys, or by its words among the posts since then."""
        keys = {f"3_{media_id}" for media_id in prepared.media_ids} if prepared else set()
        matches = [found for found in self._recent(since) if is_ours(found, _words(post), keys)]
        if len(matches) > 1:
            raise AmbiguousError("Several posts on X have these words. Say which of them is this one.")
        if not matches:
            return None
        return self._published(str(post_number(matches[0])))

    def recent_posts(self, *, since: datetime) -> tuple[RemotePost, ...]:
        """List what the account has written since then, replies included."""
        return tuple(
            RemotePost(seen.remote_id, with_whole_links(found), seen.published_at, seen.permalink)
            for found in self._recent(since)
            for seen in (self._published(str(post_number(found))),)
        )

    def _recent(self, since: datetime) -> Iterator[dict[str, Any]]:
        start = (since - CLOCKS_DIFFER).strftime("%Y-%m-%dT%H:%M:%SZ")
        params = {"start_time": start, "max_results": 100, "tweet.fields": POST_FIELDS}
        yield from self._walk(f"/2/users/{self._user_id}/tweets", params)

    def retract(self, remote_id: str) -> None:
        try:
            answer = self._client.delete_tweet(remote_id)
        except GoneError:
            return
        if fields_of(answer.get("data")).get("deleted") is not True:
            raise OutcomeUnknownError("X did not say that the post is deleted. It is tried again.")

    def absence_of(self, remote_id: str) -> Absence | None:
        try:
            self._read(remote_id, POST_FIELDS)
        except GoneError as error:
            if error.code != NOT_FOUND:
                raise TransientError("X did not say that the post is gone. It is looked at again by itself.") from error
            return Absence(str(error.code), error.trace, clock.now())
        return None

    def is_live(self, remote_id: str) -> bool:
        return self.absence_of(remote_id) is None

    def _read(self, remote_id: str, wanted: str) -> dict[str, Any]:
        found = fields_of(self._client.get_tweet(remote_id, tweet_fields=wanted, user_auth=True).get("data"))
        if not post_number(found):
            raise TransientError("X did not show the post. It is tried again by itself.")
        return found

    def fetch_comments(self, *, post_remote_ids: Sequence[str], cursor: dict[str, Any]) -> CommentPage:
        """Read new mentions since the cursor; every hour also the conversations of posts under seven days old."""
        self._client.allowance.ensure()
        now, searched_at = clock.now(), parse_time(cursor.get("searched_at"))
        newest = post_number({"id": cursor.get("since_id")})
        params = {"max_results": 100, "tweet.fields": REPLY_FIELDS, **({"since_id": str(newest)} if newest else {})}
        found = {post_number(item): item for item in self._walk(f"/2/users/{self._user_id}/mentions", params)}
        newest = max([*found, newest])
        if searched_at is None or now - searched_at > SEARCH_EVERY:
            for post_id in post_remote_ids:
                if is_searchable(post_id, now):
                    found |= {post_number(item): item for item in self._conversation(post_id)}
            searched_at = now
        comments = [comment_of(found[number], self._user_id, self._site) for number in sorted(found)]
        following = {"since_id": str(newest) if newest else None, "searched_at": searched_at.isoformat()}
        return CommentPage(tuple(one for one in comments if one.remote_id not in post_remote_ids), following)

    def _conversation(self, post_id: str) -> Iterator[dict[str, Any]]:
        query = {"query": f"conversation_id:{post_id}", "max_results": 100, "tweet.fields": REPLY_FIELDS}
        yield from self._walk("/2/tweets/search/recent", query, goes_on_by="next_token")

    def fetch_comment(self, remote_id: str) -> RemoteComment | None:
        try:
            return comment_of(self._read(remote_id, REPLY_FIELDS), self._user_id, self._site)
        except GoneError:
            return None

    def author_names(self, author_ids: Sequence[str]) -> dict[str, str]:
        """Ask by what handle and name X shows up to a hundred people; whom it does not show is left out."""
        self._client.allowance.ensure()
        try:
            told = self._client.get_users(ids=list(author_ids), user_auth=True)
        except GoneError as error:
            if error.code != NOT_FOUND:
                raise TransientError("X did not say who wrote it. It is asked again by itself.") from error
            return {}
        return dict(names_in(told.get("data")))

    def hide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=True)

    def unhide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=False)

    def _set_hidden(self, remote_id: str, *, hidden: bool) -> None:
        answer = self._client.request("PUT", f"/2/tweets/{remote_id}/hidden", json={"hidden": hidden}).fields
        if fields_of(answer.get("data")).get("hidden") is not hidden:
            raise OutcomeUnknownError("X did not say that it did this. It is tried again.")

    def delete_comment(self, remote_id: str) -> None:
        raise RejectedError("X lets an account hide other people's replies, but not delete them.")

    def reply(self, remote_id: str, text: str) -> Published:
        """Answer one of our own posts, or somebody who named us; X refuses it elsewhere."""
        made = self._client.create_tweet(text=text, in_reply_to_tweet_id=remote_id)
        return self._published(_need_id(fields_of(made.get("data"))))

    def find_reply(self, remote_id: str, text: str, *, since: datetime) -> Published | None:
        """Look whether our own words stand there already."""
        params = {"max_results": 100, "tweet.fields": REPLY_FIELDS}
        start = (since - CLOCKS_DIFFER).strftime("%Y-%m-%dT%H:%M:%SZ")
        for found in self._walk(f"/2/users/{self._user_id}/tweets", params | {"start_time": start}):
            if answers(found, remote_id) and is_ours(found, text, set()):
                return self._published(str(post_number(found)))
        return None

    def check_health(self) -> Health:
        try:
            found = fields_of(self._client.get_me(user_auth=True).get("data"))
        except AuthorizationError as error:
            return Health(ok=False, problem=error.sentence)
        except GoneError:
            return Health(ok=False, problem=NOT_SHOWN)
        me = identifier_of(found.get("id"))
        if me is None:
            raise TransientError("X did not say whose keys these are. It is tried again by itself.")
        if me != self._user_id:
            return Health(ok=False, problem="These keys belong to another X account. Connect with the school's own.")
        handle, name = text_of(found.get("username")), text_of(found.get("name"))
        return Health(ok=True, account_id=me, handle=handle or None, account_name=name or None)

    def _published(self, remote_id: str) -> Published:
        number = post_number({"id": remote_id})
        address = f"{self._site}/{self._handle}/status/{remote_id}"
        return Published(remote_id, address, made_at(number) if number else clock.now())

    def _walk(
        self, route: str, params: dict[str, Any], goes_on_by: str = "pagination_token"
    ) -> Iterator[dict[str, Any]]:
        following = ""
        for _ in range(MOST_PAGES):
            page = self._read_page(route, {**params, goes_on_by: following} if following else params)
            yield from numbered(page.get("data"))
            following = text_of(page["meta"].get("next_token"))
            if not following:
                return

    def _read_page(self, route: str, params: dict[str, Any]) -> dict[str, Any]:
        """Read one page of a list. An empty one says so in its meta; without it, there are only errors."""
        try:
            page = self._client.request("GET", route, params=params).fields
        except GoneError as error:
            raise AuthorizationError(NOT_SHOWN) from error
        if not isinstance(page.get("meta"), dict):
            raise TransientError("X sent something else than a list. It is tried again by itself.")
        return page


def _told(upload: Answer) -> dict[str, Any]:
    """Read what X says of an upload, which it has also said without the usual wrapping."""
    return fields_of(upload.fields.get("data")) or upload.fields


def _words(post: OutgoingPost) -> str:
    return f"{post.text}\n\n{post.link}" if post.link else post.text


def _need_id(made: dict[str, Any]) -> str:
    made_id = identifier_of(made.get("id"))
    if made_id is None:
        raise OutcomeUnknownError("X did not say whether it worked, so we look.")
    return made_id
