"""An X account, through tweepy over our own transport."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import tweepy

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
from app.platforms.errors import (
    AmbiguousError,
    AuthorizationError,
    GoneError,
    OutcomeUnknownError,
    RejectedError,
)
from app.platforms.parsing import parse_time, same_words
from app.platforms.transport import Answer, Transport
from app.platforms.x_errors import raise_for

MOST_PAGES = 20
REPLY_FIELDS = "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,attachments"
SEARCHABLE = timedelta(days=7)
MEDIA_LIFE = timedelta(hours=24)


class Client(tweepy.Client):  # type: ignore[misc]  # tweepy ships no types
    """tweepy with our base address, timeouts and error sorting; answers are plain parsed JSON."""

    def __init__(self, keys: tuple[str, str, str, str], transport: Transport) -> None:
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
        signer = tweepy.OAuth1UserHandler(
            self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
        )
        answer = self._transport.call(
            method,
            route,
            params=_flat(params),
            body=json,
            files=files,
            data=data,
            auth=signer.apply_auth(),
            headers={"User-Agent": self.user_agent},
        )
        if not 200 <= answer.status < 300 or not isinstance(answer.body, dict):
            raise_for(answer, writes=method != "GET")
        return answer

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

    def __init__(self, user_id: str, handle: str, client: Client) -> None:
        self._user_id = user_id
        self._handle = handle.lstrip("@")
        self._client = client

    def prepare(self, post: OutgoingPost) -> Prepared:
        """Upload each photo and set its alt text: no alt text, no post."""
        media_ids = []
        for photo in post.photos:
            uploaded = self._client.request(
                "POST",
                "/2/media/upload",
                files={"media": ("photo.jpg", photo.content, photo.mime)},
                data={"media_category": "tweet_image", "media_type": photo.mime},
            )
            media_id = _need(uploaded.fields, "id")
            described = self._client.request(
                "POST",
                "/2/media/metadata",
                json={"id": media_id, "metadata": {"alt_text": {"text": photo.alt_text}}},
            )
            if "data" not in described.fields:
                raise RejectedError("X did not take the alt text of a photo, so the post was not sent. Try again.")
            media_ids.append(media_id)
        return Prepared(tuple(media_ids), clock.now() + MEDIA_LIFE if media_ids else None)

    def send(self, post: OutgoingPost, prepared: Prepared) -> Published:
        made = self._client.create_tweet(text=_words(post), media_ids=list(prepared.media_ids) or None)
        return self._published(_need(made, "id"))

    def discard(self, prepared: Prepared) -> None:
        """X forgets unused uploads by itself within a day."""

    def find_published(self, post: OutgoingPost, prepared: Prepared | None, *, since: datetime) -> Published | None:
        """Look for our own post by its first photo's key, or by its words among the posts since then."""
        wanted = _words(post)
        keys = {f"3_{media_id}" for media_id in prepared.media_ids} if prepared else set()
        matches = [found for found in self._recent(since) if _is_ours(found, wanted, keys)]
        if len(matches) > 1:
            raise AmbiguousError("Several posts on X have these words. Say which of them is this one.")
        if not matches:
            return None
        return self._published(str(matches[0]["id"]), parse_time(matches[0].get("created_at")))

    def _recent(self, since: datetime) -> Iterator[dict[str, Any]]:
        start = (since - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        params = {"start_time": start, "max_results": 100, "tweet.fields": "created_at,attachments,entities"}
        yield from self._walk(f"/2/users/{self._user_id}/tweets", params)

    def retract(self, remote_id: str) -> None:
        try:
            answer = self._client.delete_tweet(remote_id)
        except GoneError:
            return
        if not (answer.get("data") or {}).get("deleted"):
            raise OutcomeUnknownError("X did not say that the post is deleted. It is tried again.")

    def is_live(self, remote_id: str) -> bool:
        try:
            answer = self._client.get_tweet(remote_id, user_auth=True)
        except GoneError:
            return False
        return bool(answer.get("data"))

    def fetch_comments(self, *, post_remote_ids: Sequence[str], cursor: dict[str, Any]) -> CommentPage:
        """Read new mentions since the cursor; every hour also the conversations of posts under seven days old."""
        params: dict[str, Any] = {"max_results": 100, "tweet.fields": REPLY_FIELDS}
        if cursor.get("since_id"):
            params["since_id"] = cursor["since_id"]
        found = {str(item["id"]): item for item in self._walk(f"/2/users/{self._user_id}/mentions", params)}
        newest = max([*map(int, found), int(cursor.get("since_id") or 0)])
        searched_at = parse_time(cursor.get("searched_at"))
        now = clock.now()
        if searched_at is None or now - searched_at > timedelta(hours=1):
            for post_id in post_remote_ids:
                query = {"query": f"conversation_id:{post_id}", "max_results": 100, "tweet.fields": REPLY_FIELDS}
                found |= {str(item["id"]): item for item in self._walk("/2/tweets/search/recent", query)}
            searched_at = now
        comments = [self._comment(item) for _, item in sorted(found.items(), key=lambda pair: int(pair[0]))]
        following = {"since_id": str(newest) if newest else None, "searched_at": searched_at.isoformat()}
        return CommentPage(
            tuple(comment for comment in comments if comment.remote_id not in post_remote_ids), following
        )

    def fetch_comment(self, remote_id: str) -> RemoteComment | None:
        try:
            answer = self._client.get_tweet(remote_id, tweet_fields=REPLY_FIELDS.split(","), user_auth=True)
        except GoneError:
            return None
        found = answer.get("data")
        return self._comment(found) if found else None

    def hide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=True)

    def unhide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=False)

    def _set_hidden(self, remote_id: str, *, hidden: bool) -> None:
        answer = self._client.request("PUT", f"/2/tweets/{remote_id}/hidden", json={"hidden": hidden}).fields
        if (answer.get("data") or {}).get("hidden") is not hidden:
            raise OutcomeUnknownError("X did not say that it did this. It is tried again.")

    def delete_comment(self, remote_id: str) -> None:
        raise RejectedError("X lets an account hide other people's replies, but not delete them.")

    def check_health(self) -> Health:
        try:
            told = self._client.get_me(user_auth=True)
        except AuthorizationError as error:
            return Health(ok=False, problem=error.sentence)
        found = told.get("data") or {}
        if str(found.get("id")) != self._user_id:
            return Health(ok=False, problem="These keys belong to another X account. Connect with the school's own.")
        return Health(ok=True, account_name=found.get("name"))

    def _published(self, remote_id: str, at: datetime | None = None) -> Published:
        return Published(remote_id, f"https://x.com/{self._handle}/status/{remote_id}", at or clock.now())

    def _walk(self, route: str, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        following: str | None = None
        for _ in range(MOST_PAGES):
            asked = {**params, **({"pagination_token": following} if following else {})}
            if route.endswith("/recent") and following:
                asked["next_token"] = asked.pop("pagination_token")
            page = self._client.request("GET", route, params=asked).fields
            yield from page.get("data") or ()
            following = (page.get("meta") or {}).get("next_token")
            if not following:
                return

    def _comment(self, found: dict[str, Any]) -> RemoteComment:
        remote_id, author = str(found["id"]), str(found.get("author_id") or "")
        references = found.get("referenced_tweets") or found.get("referenced_posts") or ()
        parent = next((str(item["id"]) for item in references if item.get("type") == "replied_to"), None)
        return RemoteComment(
            remote_id=remote_id,
            post_remote_id=str(found.get("conversation_id") or parent or remote_id),
            parent_remote_id=parent,
            author_id=author or None,
            author_name=None,
            text=str(found.get("text") or ""),
            created_at=parse_time(found.get("created_at")) or clock.now(),
            permalink=f"https://x.com/i/web/status/{remote_id}",
            has_attachment=bool(found.get("attachments")),
            is_own=author == self._user_id,
        )


def _words(post: OutgoingPost) -> str:
    return f"{post.text}\n\n{post.link}" if post.link else post.text


def _is_ours(found: dict[str, Any], wanted: str, keys: set[str]) -> bool:
    attached = set((found.get("attachments") or {}).get("media_keys") or ())
    if keys:
        return bool(keys & attached)
    text = str(found.get("text", ""))
    for link in (found.get("entities") or {}).get("urls") or ():
        text = text.replace(str(link.get("url")), str(link.get("expanded_url")))
    return same_words(text, wanted)


def _need(answer: dict[str, Any], field: str) -> str:
    found = (answer.get("data") or {}).get(field)
    if not found:
        raise OutcomeUnknownError("X did not say whether it worked, so we look.")
    return str(found)


def _flat(params: dict[str, Any] | None) -> dict[str, Any] | None:
    if params is None:
        return None
    return {
        key: ",".join(map(str, value)) if isinstance(value, list | tuple) else value for key, value in params.items()
    }
