"""The address that Facebook calls: verified over the raw bytes, stored, answered."""

import json

import pytest
from pydantic import SecretStr

from app.comments.models import CommentState, WebhookDelivery
from tests.integration.comments.conftest import SECRET, added, delivery_of, signature

ADDRESS = "/webhooks/facebook"
NASTY = "You are a bitch and an idiot"


@pytest.fixture
def verify_token(app, monkeypatch):
    settings = app.extensions["schoolgate.settings"].model_copy(update={"facebook_verify_token": SecretStr("agreed")})
    monkeypatch.setitem(app.extensions, "schoolgate.settings", settings)


def test_signed_delivery_is_stored_and_read(client, channel, post, worker, network, book):
    network.write("c1", NASTY)
    body = delivery_of(added("c1", NASTY))
    assert client.post(ADDRESS, data=body, headers=signature(body)).status_code == 200
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.HIDDEN


def test_protection_of_forms_does_not_stop_the_network(app, client, channel):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        body = delivery_of(added("c1", "Lovely"))
        assert (
            client.post(ADDRESS, data=body, headers=signature(body), content_type="application/json").status_code == 200
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_escaped_letters_are_signed_as_they_come(client, channel, book):
    body = delivery_of(added("c1", "Très bien ✓"))
    assert b"\\u2713" in body
    assert client.post(ADDRESS, data=body, headers=signature(body)).status_code == 200
    assert len(book.all(WebhookDelivery)) == 1


def test_doubled_delivery_is_stored_once(client, channel, book):
    body = delivery_of(added("c1", "Lovely"))
    answers = [client.post(ADDRESS, data=body, headers=signature(body)).status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    assert len(book.all(WebhookDelivery)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": "sha256=0"},
        {"X-Hub-Signature": "sha1=0"},
        {"X-Hub-Signature-256": "nonsense"},
        {"X-Hub-Signature-256": "sha256=é"},
    ],
)
def test_unsigned_delivery_is_refused_and_not_kept(client, channel, book, headers):
    assert client.post(ADDRESS, data=delivery_of(added("c1", "Lovely")), headers=headers).status_code == 403
    assert book.all(WebhookDelivery) == []


def test_delivery_changed_on_the_way_is_refused(client, channel):
    body = delivery_of(added("c1", "Lovely"))
    assert client.post(ADDRESS, data=body.replace(b"Lovely", b"Lousy!"), headers=signature(body)).status_code == 403


def test_delivery_for_a_page_that_is_not_ours_is_refused(client, channel):
    body = delivery_of(added("c1", "Lovely"), page="OTHER")
    assert client.post(ADDRESS, data=body, headers=signature(body)).status_code == 403


def test_page_that_we_no_longer_look_after_does_not_cost_us_the_subscription(app, client, channel, book, monkeypatch):
    """Facebook's own test button sends such a delivery too, for Page 0."""
    changed = {"facebook_app_secret": SecretStr(SECRET)}
    settings = app.extensions["schoolgate.settings"].model_copy(update=changed)
    monkeypatch.setitem(app.extensions, "schoolgate.settings", settings)
    body = delivery_of(added("c1", "Lovely"), page="0")
    assert client.post(ADDRESS, data=body, headers=signature(body)).status_code == 200
    assert client.post(ADDRESS, data=body, headers={"X-Hub-Signature-256": "sha256=0"}).status_code == 403
    assert book.all(WebhookDelivery) == []


@pytest.mark.parametrize("body", [b"", b"nonsense", b"{}", json.dumps({"object": "user", "entry": []}).encode()])
def test_nonsense_is_refused(client, channel, book, body):
    assert client.post(ADDRESS, data=body, headers=signature(body)).status_code == 400
    assert book.all(WebhookDelivery) == []


def test_huge_delivery_is_refused(client, channel):
    assert client.post(ADDRESS, data=b"x" * (9 * 1024 * 1024)).status_code == 413


def test_handshake_gives_the_challenge_back(client, verify_token):
    answer = client.get(
        ADDRESS, query_string={"hub.mode": "subscribe", "hub.verify_token": "agreed", "hub.challenge": "12345"}
    )
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "12345", "text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": "agreed", "hub.challenge": "1"},
        {},
    ],
)
def test_wrong_handshake_is_refused(client, verify_token, query):
    assert client.get(ADDRESS, query_string=query).status_code == 403


def test_handshake_without_a_token_of_ours_is_refused(client):
    assert (
        client.get(
            ADDRESS, query_string={"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
        ).status_code
        == 403
    )


@pytest.mark.parametrize(("pages", "answer"), [(100, 403), (101, 400), (40_000, 400)])
def test_delivery_that_names_countless_pages_is_refused_before_anything_is_looked_up(client, channel, pages, answer):
    entries = [{"id": str(number), "time": 1, "changes": []} for number in range(pages)]
    body = json.dumps({"object": "page", "entry": entries}).encode()
    assert client.post(ADDRESS, data=body, headers={"X-Hub-Signature-256": "sha256=0"}).status_code == answer
