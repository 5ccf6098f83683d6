"""Webhooks of the Facebook stand-in: verified, signed, escaped, repeated, spoiled to order."""

import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

VERIFY = "say-friend"


class Inbox:
    """A webhook address that keeps what it is sent."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[bytes, dict[str, str]]] = []
        self.answers: list[int] = []
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                good = asked.get("hub.mode") == "subscribe" and asked.get("hub.verify_token") == VERIFY
                self.reply(200 if good else 403, asked["hub.challenge"].encode() if good else b"no")

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status = inbox.answers.pop(0) if inbox.answers else 200
                inbox.deliveries.append((raw, dict(self.headers)))
                self.reply(status, b"")

            def reply(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def changes(self):
        return [
            change for raw, _ in self.deliveries for entry in json.loads(raw)["entry"] for change in entry["changes"]
        ]

    def wait(self, done, seconds=8.0):
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            time.sleep(0.01)
        assert done(), self.deliveries


@pytest.fixture
def inbox(sandbox):
    made = Inbox()
    sandbox.control("POST", "/webhooks", {"url": made.url, "verify_token": VERIFY})
    yield made
    made.close()


def verbs(inbox, item="comment"):
    return [change["value"]["verb"] for change in inbox.changes() if change.get("value", {}).get("item") == item]


def test_address_must_know_the_verify_token(sandbox, inbox):
    app = f"{sandbox.page['app_id']}|{sandbox.page['app_secret']}"
    fields = {"object": "page", "callback_url": inbox.url, "fields": "feed", "verify_token": VERIFY}
    good = sandbox.graph("POST", f"{sandbox.page['app_id']}/subscriptions", token=app, data=fields)
    bad = sandbox.graph(
        "POST", f"{sandbox.page['app_id']}/subscriptions", token=app, data=fields | {"verify_token": "no"}
    )
    assert good.json() == {"success": True}
    assert bad.json()["error"]["code"] == 2200
    refused = requests.post(
        f"{sandbox.url}/_control/webhooks", json={"url": inbox.url, "verify_token": "no"}, timeout=5
    )
    assert refused.status_code == 422


def test_comment_is_delivered_in_the_real_shape(sandbox, inbox):
    post = sandbox.publish()
    inbox.wait(lambda: verbs(inbox, "status"))
    comment = sandbox.comment(post, "Dydd Gŵyl / 10% @home <b>", name="Priya Shah")
    inbox.wait(lambda: verbs(inbox))
    raw, headers = inbox.deliveries[-1]
    body = json.loads(raw)
    value = body["entry"][0]["changes"][0]["value"]
    assert (body["object"], body["entry"][0]["id"], body["entry"][0]["changes"][0]["field"]) == (
        "page",
        sandbox.page_id,
        "feed",
    )
    assert (value["comment_id"], value["post_id"], value["parent_id"], value["verb"]) == (comment, post, post, "add")
    assert value["from"]["name"] == "Priya Shah"
    assert isinstance(value["created_time"], int)
    assert headers["Content-Type"] == "application/json"


def test_signature_is_over_the_escaped_bytes(sandbox, inbox):
    sandbox.comment(sandbox.publish(), "Dydd Gŵyl / 10% @home")
    inbox.wait(lambda: verbs(inbox))
    raw, headers = inbox.deliveries[-1]
    expected = hmac.new(sandbox.page["app_secret"].encode(), raw, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert rb"G\u0175yl \/ 10\u0025 \u0040home" in raw
    assert raw.isascii()


def test_own_hides_and_own_comments_come_back(sandbox, inbox):
    post = sandbox.publish()
    comment = sandbox.comment(post)
    sandbox.graph("POST", comment, data={"is_hidden": "true"})
    sandbox.graph("POST", comment, data={"is_hidden": "false"})
    sandbox.graph("POST", f"{post}/comments", data={"message": "From the Page"})
    sandbox.control("PATCH", f"/facebook/comments/{comment}", {"message": "Other words"})
    sandbox.graph("DELETE", comment)
    inbox.wait(lambda: len(verbs(inbox)) == 6)
    assert verbs(inbox) == ["add", "hide", "unhide", "add", "edited", "remove"]
    values = [change["value"] for change in inbox.changes() if change["value"]["item"] == "comment"]
    assert values[3]["from"]["id"] == sandbox.page_id
    assert "message" not in values[5]


def settled(sandbox):
    return not sandbox.control("GET", "/webhooks?state=pending")["data"]


def test_refused_delivery_is_tried_again(sandbox, inbox):
    post = sandbox.publish()
    inbox.wait(lambda: verbs(inbox, "status") and settled(sandbox))
    inbox.answers = [500]
    sandbox.comment(post)
    inbox.wait(lambda: len(inbox.deliveries) == 3 and settled(sandbox))
    assert inbox.deliveries[1][0] == inbox.deliveries[2][0]
    assert [row["attempts"] for row in sandbox.control("GET", "/webhooks")["data"]] == [2, 1]


def spoiled(sandbox, inbox, kind, **more):
    """Arm the fault and let one comment go out by itself."""
    post = sandbox.publish()
    inbox.wait(lambda: verbs(inbox, "status") and settled(sandbox))
    inbox.deliveries.clear()
    sandbox.fault(kind, "facebook.webhook", **more)
    return sandbox.comment(post)


def test_duplicate_delivery(sandbox, inbox):
    spoiled(sandbox, inbox, "duplicate")
    inbox.wait(lambda: len(inbox.deliveries) == 2)
    assert inbox.deliveries[0][0] == inbox.deliveries[1][0]


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("no-signature", set()),
        ("sha1-only", {"X-Hub-Signature"}),
        ("bad-signature", {"X-Hub-Signature", "X-Hub-Signature-256"}),
    ],
)
def test_missigned_delivery(sandbox, inbox, kind, headers):
    spoiled(sandbox, inbox, kind)
    inbox.wait(lambda: inbox.deliveries)
    raw, sent = inbox.deliveries[0]
    right = "sha256=" + hmac.new(sandbox.page["app_secret"].encode(), raw, hashlib.sha256).hexdigest()
    assert {name for name in sent if name.startswith("X-Hub")} == headers
    assert sent.get("X-Hub-Signature-256") != right


def test_older_form_of_the_sender(sandbox, inbox):
    spoiled(sandbox, inbox, "numeric-sender")
    inbox.wait(lambda: inbox.deliveries)
    value = inbox.changes()[0]["value"]
    assert isinstance(value["sender_id"], int)
    assert value["sender_name"] == "A parent"
    assert "from" not in value


def test_change_without_a_value(sandbox, inbox):
    spoiled(sandbox, inbox, "no-value")
    inbox.wait(lambda: inbox.deliveries)
    assert inbox.changes() == [{"field": "feed"}]


def test_edited_may_precede_add(sandbox, inbox):
    spoiled(sandbox, inbox, "edited-before-add")
    inbox.wait(lambda: inbox.deliveries)
    assert verbs(inbox) == ["edited", "add"]


def test_lost_delivery_never_comes(sandbox, inbox):
    spoiled(sandbox, inbox, "lose")
    inbox.wait(lambda: settled(sandbox))
    assert inbox.deliveries == []


def test_thousand_changes_in_one_delivery(sandbox, inbox):
    post = sandbox.publish()
    inbox.wait(lambda: verbs(inbox, "status"))
    sandbox.control("POST", "/webhooks/pause", {"paused": True})
    try:
        orders = [{"message": f"Comment {number}"} for number in range(1000)]
        made = sandbox.control("POST", f"/facebook/posts/{post}/comments/batch", {"comments": orders})["ids"]
        assert sandbox.control("POST", "/webhooks/flush", {"batch": 1000}) == {"changes": 1000}
    finally:
        sandbox.control("POST", "/webhooks/pause", {"paused": False})
    changes = [change for entry in json.loads(inbox.deliveries[-1][0])["entry"] for change in entry["changes"]]
    assert [change["value"]["comment_id"] for change in changes] == made


def test_reordered_batch(sandbox, inbox):
    post = sandbox.publish()
    inbox.wait(lambda: verbs(inbox, "status"))
    sandbox.control("POST", "/webhooks/pause", {"paused": True})
    made = [sandbox.comment(post, f"Comment {number}") for number in range(3)]
    sandbox.fault("reorder", "facebook.webhook")
    sandbox.control("POST", "/webhooks/flush", {"batch": 10})
    sandbox.control("POST", "/webhooks/pause", {"paused": False})
    assert [change["value"]["comment_id"] for change in inbox.changes()[-3:]] == made[::-1]


def test_page_without_subscription_tells_nobody(sandbox, inbox):
    assert sandbox.graph("DELETE", f"{sandbox.page_id}/subscribed_apps").json() == {"success": True}
    sandbox.comment(sandbox.publish())
    assert sandbox.control("GET", "/webhooks")["data"] == []
    answer = sandbox.graph("POST", f"{sandbox.page_id}/subscribed_apps", data={"subscribed_fields": "feed"})
    assert answer.json() == {"success": "true"}
    assert sandbox.graph("GET", f"{sandbox.page_id}/subscribed_apps").json()["data"][0]["subscribed_fields"] == ["feed"]


def test_own_body_can_be_sent(sandbox, inbox):
    sent = sandbox.control("POST", "/webhooks/raw", {"body": {"object": "page", "entry": []}})
    assert (sent, inbox.deliveries[-1][0]) == ({"status": "200"}, b'{"object":"page","entry":[]}')
