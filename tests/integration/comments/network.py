"""A network of one account in memory: small, real, and it fails to order."""

from dataclasses import replace
from datetime import timedelta

from app.comments.networks import CAPABILITIES
from app.core import clock
from app.platforms.base import CommentPage, Network, Published, RemoteComment
from app.platforms.errors import GoneError

POST = "PAGE_1"


class FakeNetwork:
    def __init__(self, network: Network = Network.FACEBOOK) -> None:
        self.network = network
        self.capabilities = CAPABILITIES[network]
        self.comments: dict[str, RemoteComment] = {}
        self.calls: list[tuple[str, str]] = []
        self.replies: list[tuple[str, str]] = []
        self.failures: list[Exception] = []
        """Raised in turn by the next calls that change something or read."""
        self.fails_at = ""
        """The only call that fails, if one is named: the worker also reads by itself meanwhile."""
        self.on_call = lambda: None

    def write(self, remote_id: str, text: str, **fields) -> RemoteComment:
        """Somebody comments."""
        comment = RemoteComment(
            remote_id=remote_id,
            post_remote_id=fields.pop("post_remote_id", POST),
            parent_remote_id=fields.pop("parent_remote_id", None),
            author_id=fields.pop("author_id", "someone"),
            author_name=fields.pop("author_name", "Sam Somebody"),
            text=text,
            created_at=fields.pop("created_at", clock.now() - timedelta(seconds=5)),
            permalink=f"https://www.facebook.com/{remote_id}",
            **fields,
        )
        self.comments[remote_id] = comment
        return comment

    def edit(self, remote_id: str, text: str) -> None:
        self.comments[remote_id] = replace(self.comments[remote_id], text=text)

    def set_hidden(self, remote_id: str, *, hidden: bool) -> None:
        self.comments[remote_id] = replace(self.comments[remote_id], is_hidden=hidden)

    def fetch_comments(self, *, post_remote_ids, cursor) -> CommentPage:
        self._note("fetch_comments", ",".join(post_remote_ids))
        found = [
            comment
            for comment in self.comments.values()
            if self.network is Network.X or comment.post_remote_id in post_remote_ids
        ]
        return CommentPage(tuple(found), {"since": len(found)})

    def fetch_comment(self, remote_id: str) -> RemoteComment | None:
        self._note("fetch_comment", remote_id)
        return self.comments.get(remote_id)

    def author_names(self, author_ids) -> dict[str, str]:
        self._note("author_names", ",".join(author_ids))
        return {each: f"@{each} (Sam Somebody)" for each in author_ids if not each.startswith("suspended")}

    def hide(self, remote_id: str) -> None:
        self._note("hide", remote_id)
        self._there(remote_id)
        self.set_hidden(remote_id, hidden=True)

    def unhide(self, remote_id: str) -> None:
        self._note("unhide", remote_id)
        self._there(remote_id)
        self.set_hidden(remote_id, hidden=False)

    def delete_comment(self, remote_id: str) -> None:
        self._note("delete", remote_id)
        self.comments.pop(remote_id, None)

    def reply(self, remote_id: str, text: str) -> Published:
        self._note("reply", remote_id)
        self.replies.append((remote_id, text))
        return Published(f"reply{len(self.replies)}", "https://www.facebook.com/reply", clock.now())

    def find_reply(self, remote_id: str, text: str, *, since) -> Published | None:
        if (remote_id, text) not in self.replies:
            return None
        return Published("reply1", "https://www.facebook.com/reply", clock.now())

    def called(self, name: str) -> list[str]:
        return [remote_id for call, remote_id in self.calls if call == name]

    def _there(self, remote_id: str) -> None:
        if remote_id not in self.comments:
            raise GoneError("It is no longer on the network.")

    def _note(self, name: str, remote_id: str) -> None:
        self.calls.append((name, remote_id))
        self.on_call()
        if self.failures and self.fails_at in ("", name):
            raise self.failures.pop(0)
