"""A place to act on: one account, and what its public sees and says there. The same words for every network."""

import hashlib
from dataclasses import dataclass

from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.errors import OutcomeUnknownError
from app.platforms.registry import Endpoints, FacebookCredentials, XCredentials, connect
from app.platforms.transport import Timeouts
from tests.contract.sandbox.rehearsal import jpeg
from tests.fakes import FakePlatform

QUICK = Timeouts(connect=2.0, read=1.2, whole=5.0)


FACEBOOK_STEPS = {
    "upload": "facebook.photos.create",
    "send": "facebook.feed.create",
    "list": "facebook.published_posts.read",
    "read": "facebook.post.read",
    "remove": "facebook.post.delete",
    "comments": "facebook.comments.read",
    "comment": "facebook.comment.read",
    "hide": "facebook.comment.update",
    "delete": "facebook.comment.delete",
    "health": "facebook.debug_token.read",
}
X_STEPS = {
    "upload": "x.media.create",
    "describe": "x.metadata.create",
    "send": "x.posts.create",
    "list": "x.timeline.read",
    "read": "x.posts.read",
    "remove": "x.posts.delete",
    "comments": "x.mentions.read",
    "search": "x.search.read",
    "comment": "x.posts.read",
    "hide": "x.posts.hide",
    "health": "x.me.read",
}
"""What a network's faults call the steps of an adapter."""


@dataclass(frozen=True)
class Shown:
    """A post as the public sees it."""

    remote_id: str
    text: str
    link: str
    alt_texts: list[str]
    pictures: list[str]
    hidden: set[str]
    """The ids of its comments that were hidden."""


def photo(number=0, alt_text="Children run"):
    content = jpeg(number)
    return OutgoingPhoto(content, "image/jpeg", alt_text, hashlib.sha256(content).hexdigest())


def outgoing(text="Sports day is on Friday.", photos=0, link=None):
    return OutgoingPost(text, tuple(photo(number, f"Photo {number}: children run") for number in range(photos)), link)


class SandboxStage:
    """A real adapter over HTTP; its subclasses know what a network calls its steps."""

    network: Network
    steps: dict[str, str]

    def __init__(self, sandbox, timeouts=QUICK):
        self.sandbox = sandbox
        self.endpoints = Endpoints(
            facebook_base_url=f"{sandbox.url}/graph",
            x_base_url=f"{sandbox.url}/x",
            x_web_url=f"{sandbox.url}/x",
            timeouts=timeouts,
        )

    @property
    def platform(self):
        return connect(self.network, self.credentials(), self.endpoints)

    def fault(self, kind, step, **more):
        self.sandbox.fault(kind, self.steps[step], **more)

    def lose_answer(self):
        self.fault("drop", "send", effect="after")

    def lose_request(self):
        self.fault("drop", "send", effect="before")


class FacebookStage(SandboxStage):
    network = Network.FACEBOOK
    steps = FACEBOOK_STEPS

    def credentials(self, **changed):
        page = self.sandbox.page
        given = {
            "app_id": page["app_id"],
            "app_secret": page["app_secret"],
            "page_id": page["page_id"],
            "page_token": page["page_token"],
        }
        return FacebookCredentials(**(given | changed))

    def wall(self):
        return [
            Shown(
                post["id"],
                post["message"],
                post["link"],
                [each["alt_text"] for each in post["photos"]],
                [each["sha256"] for each in post["photos"]],
                {comment["id"] for comment in post["comments"] if comment["is_hidden"]},
            )
            for post in self.sandbox.wall()
        ]

    def say(self, post_id, text, *, parent=None, **more):
        return self.sandbox.comment(post_id, text, **({"parent_id": parent} if parent else {}), **more)

    def say_many(self, post_id, texts):
        orders = {"comments": [{"message": text} for text in texts]}
        return self.sandbox.control("POST", f"/facebook/posts/{post_id}/comments/batch", orders)["ids"]

    def reword(self, comment_id, text):
        return self.sandbox.control("PATCH", f"/facebook/comments/{comment_id}", {"message": text})["id"]

    def unsay(self, comment_id):
        self.sandbox.control("DELETE", f"/facebook/comments/{comment_id}")

    def post_elsewhere(self, text):
        return self.sandbox.control("POST", f"/facebook/{self.sandbox.page_id}/posts", {"message": text})["id"]

    def remove_elsewhere(self, post_id):
        self.sandbox.control("DELETE", f"/facebook/posts/{post_id}")

    def break_sign_in(self, state="revoked"):
        token = {"token": self.sandbox.page["page_token"], "state": state}
        self.sandbox.control("POST", "/facebook/tokens/state", token)

    def secrets(self):
        page = self.sandbox.page
        return [page["page_token"], page["app_secret"]]


class XStage(SandboxStage):
    network = Network.X
    steps = X_STEPS

    def credentials(self, **changed):
        x = self.sandbox.x
        given = {
            "api_key": x["consumer_key"],
            "api_secret": x["consumer_secret"],
            "access_token": x["access_token"],
            "access_secret": x["access_token_secret"],
            "user_id": x["id"],
            "handle": x["handle"],
        }
        return XCredentials(**(given | changed))

    def wall(self):
        return [
            Shown(
                post["id"],
                post["text"],
                "",
                [each["alt_text"] for each in post["photos"]],
                [each["sha256"] for each in post["photos"]],
                {reply["id"] for reply in post["replies"] if reply["is_hidden"]},
            )
            for post in self.sandbox.x_wall()
        ]

    def say(self, post_id, text, *, parent=None, **more):
        return self.sandbox.reply(parent or post_id, text, **more)

    def say_many(self, post_id, texts):
        orders = {"replies": [{"text": text} for text in texts]}
        return self.sandbox.control("POST", f"/x/posts/{post_id}/replies/batch", orders)["ids"]

    def reword(self, comment_id, text):
        return self.sandbox.control("PATCH", f"/x/posts/{comment_id}", {"text": text})["id"]

    def unsay(self, comment_id):
        self.sandbox.control("DELETE", f"/x/posts/{comment_id}")

    def post_elsewhere(self, text):
        return self.sandbox.control("POST", f"/x/{self.sandbox.x['handle']}/posts", {"text": text})["id"]

    def remove_elsewhere(self, post_id):
        self.sandbox.control("DELETE", f"/x/posts/{post_id}")

    def break_sign_in(self, state="revoked"):
        self.sandbox.control("POST", f"/x/accounts/{self.sandbox.x['handle']}/state", {"state": state})

    def secrets(self):
        return [self.sandbox.x[name] for name in ("consumer_secret", "access_token", "access_token_secret")]


class FakeStage:
    """The stand-in that other tests use, held to the same promises."""

    def __init__(self, network):
        self.network = network
        self.platform = FakePlatform(network)

    def wall(self):
        return [
            Shown(
                item.remote_id,
                item.post.text,
                item.post.link or "",
                [each.alt_text for each in item.post.photos],
                [each.sha256 for each in item.post.photos],
                {
                    comment.remote_id
                    for comment in self.platform.comments.values()
                    if comment.is_hidden and comment.post_remote_id == item.remote_id
                },
            )
            for item in reversed(self.platform.wall.values())
        ]

    def say(self, post_id, text, *, parent=None, **more):
        return self.platform.say(post_id, text, parent=parent)

    def say_many(self, post_id, texts):
        return [self.platform.say(post_id, text) for text in texts]

    def reword(self, comment_id, text):
        return self.platform.reword(comment_id, text)

    def unsay(self, comment_id):
        self.platform.comments.pop(comment_id)

    def post_elsewhere(self, text):
        return self.platform.send(OutgoingPost(text), self.platform.prepare(OutgoingPost(text))).remote_id

    def remove_elsewhere(self, post_id):
        self.platform.wall.pop(post_id)

    def break_sign_in(self):
        self.platform.signed_in = False

    def lose_answer(self):
        self.platform.lose_next.append(("send", OutcomeUnknownError("The network did not answer.")))

    def lose_request(self):
        self.platform.fail_next.append(("send", OutcomeUnknownError("The network did not answer.")))
