"""What the rehearsed Facebook delivers is believed when it is signed, and understood in whatever state it comes."""

import pytest

from app.platforms.webhooks import parse, verify_signature
from tests.contract.platforms.stages import FacebookStage, outgoing
from tests.contract.sandbox.test_sandbox_webhooks import Inbox


@pytest.fixture
def heard(sandbox):
    """A Page that tells us of its comments; every delivery is checked and read as the product does it."""
    inbox = Inbox()
    page = sandbox.page
    order = {"name": page["name"], "page_id": page["page_id"], "app_id": page["app_id"], "webhook_url": inbox.url}
    sandbox.control("POST", "/facebook/pages", order)
    yield Heard(FacebookStage(sandbox), inbox)
    inbox.close()


class Heard:
    def __init__(self, stage, inbox):
        self.stage, self.inbox = stage, inbox
        self.post_id = stage.platform.send(outgoing(), stage.platform.prepare(outgoing())).remote_id
        inbox.wait(lambda: inbox.deliveries)  # the post itself is told first
        inbox.deliveries.clear()

    def signed(self):
        secret = self.stage.sandbox.page["app_secret"]
        return [verify_signature(raw, sent.get("X-Hub-Signature-256"), secret) for raw, sent in self.inbox.deliveries]

    def hints(self):
        return [hint for raw, _ in self.inbox.deliveries for hint in parse(raw)]

    def wait(self, count):
        self.inbox.wait(lambda: self.inbox.deliveries and len(self.hints()) >= count)
        return self.hints()


def test_comment_is_told_as_it_is_read(heard):
    comment_id = heard.stage.say(heard.post_id, "Caf\u00e9 \U0001f389 <b>50%</b> me@home")
    (hint,) = heard.wait(1)
    comment = heard.stage.platform.fetch_comment(comment_id)
    assert all(heard.signed())
    assert (hint.verb, hint.comment_id, hint.post_id, hint.parent_id) == (
        "add",
        comment_id,
        heard.post_id,
        heard.post_id,
    )
    assert (hint.text, hint.author_id, hint.author_name) == (comment.text, comment.author_id, comment.author_name)
    assert hint.created_at == comment.created_at.replace(microsecond=0)


def test_each_deed_has_its_verb_and_our_own_are_told_too(heard):
    comment_id = heard.stage.say(heard.post_id, "Nice")
    heard.stage.reword(comment_id, "Not nice")
    heard.stage.platform.hide(comment_id)
    heard.stage.platform.unhide(comment_id)
    heard.stage.platform.delete_comment(comment_id)
    hints = heard.wait(5)
    assert [hint.verb for hint in hints] == ["add", "edited", "hide", "unhide", "remove"]
    assert {hint.comment_id for hint in hints} == {comment_id}
    assert hints[-1].text is None


def test_own_comment_is_known_as_ours(heard):
    fields = {"message": "Thank you all"}
    heard.stage.sandbox.graph("POST", f"{heard.post_id}/comments", data=fields)
    (hint,) = heard.wait(1)
    assert hint.is_own


@pytest.mark.parametrize("kind", ["bad-signature", "no-signature", "sha1-only"])
def test_delivery_that_is_not_signed_by_the_app_is_not_believed(heard, kind):
    heard.stage.sandbox.fault(kind, "facebook.webhook")
    heard.stage.say(heard.post_id, "Believe me")
    heard.wait(1)
    assert heard.signed() == [False]


@pytest.mark.parametrize(
    ("kind", "verbs"),
    [
        ("duplicate", ["add", "add"]),
        ("numeric-sender", ["add"]),
        ("no-value", []),
        ("edited-before-add", ["edited", "add"]),
    ],
)
def test_delivery_in_a_bad_state_is_understood(heard, kind, verbs):
    heard.stage.sandbox.fault(kind, "facebook.webhook")
    comment_id = heard.stage.say(heard.post_id, "Hello", name="Priya Shah")
    hints = heard.wait(len(verbs))
    assert [hint.verb for hint in hints] == verbs
    assert {(hint.comment_id, hint.author_name) for hint in hints} <= {(comment_id, "Priya Shah")}
    assert all(heard.signed())


def test_pile_on_comes_in_batches_and_none_is_missed(heard):
    told = heard.stage.say_many(heard.post_id, [f"Horrid {number}" for number in range(250)])
    hints = heard.wait(250)
    assert {hint.comment_id for hint in hints} == set(told)
    assert all(heard.signed())
