"""X names writers for money: who wrote what was flagged is asked for once, and kept beside the sealed evidence."""

from datetime import timedelta

import pytest
import time_machine

from app.accounts.roles import Role
from app.comments.authors import WAITS, name_authors
from app.comments.evidence import open_evidence
from app.comments.models import CommentState
from app.core import clock
from app.platforms.base import Network
from app.platforms.errors import TransientError
from tests.integration.comments.conftest import make_channel
from tests.integration.comments.network import FakeNetwork


@pytest.fixture
def network():
    return FakeNetwork(Network.X)


@pytest.fixture
def channel(database, school, connector):
    return make_channel(database, school.id, connector, Network.X)


@pytest.fixture
def on_x(comes_in):
    def come(remote_id: str, text: str, author_id: str) -> None:
        comes_in(remote_id, text, author_id=author_id, author_name=None)

    return come


def test_only_writers_of_what_was_flagged_are_named(on_x, book, network, database, connector, sealer, sign_in):
    cases = {
        "c1": ("You are a bitch and an idiot", "rude", CommentState.HIDDEN, "@rude (Sam Somebody)"),
        "c2": ("Please help me, I want to kill myself", "child", CommentState.QUEUED, "@child (Sam Somebody)"),
        "c3": ("What a lovely day", "kind", CommentState.VISIBLE, ""),
        "c4": ("You are a bitch and an idiot", "suspended", CommentState.HIDDEN, ""),
    }
    for remote_id, (text, author_id, _, _) in cases.items():
        on_x(remote_id, text, author_id)
    for _ in range(2):
        name_authors(database, connector)
    assert network.called("author_names") == ["child,rude,suspended"]
    for remote_id, (_, _, state, name) in cases.items():
        comment = book.comment(remote_id)
        assert (comment.state, comment.author_name, bool(comment.author_asked_at)) == (
            state,
            name,
            state is not CommentState.VISIBLE,
        )
    assert {open_evidence(kept, sealer=sealer)["author"] for kept in book.evidence()} == {""}
    page = sign_in(Role.HEADTEACHER).get(f"/comments/{book.comment('c1').id}").text
    assert "Shown name of the writer: @rude (Sam Somebody). X said so when it was asked" in page


def test_failures_are_harmless_and_end(on_x, book, network, database, connector):
    on_x("c1", "You are a bitch and an idiot", "rude")
    network.failures = [TransientError("X is having trouble.") for _ in WAITS]
    network.fails_at = "author_names"
    with time_machine.travel(clock.now(), tick=False) as at:
        for _ in range(len(WAITS) + 2):
            name_authors(database, connector)
            name_authors(database, connector)
            at.shift(max(WAITS) + timedelta(seconds=1))
    comment = book.comment("c1")
    assert (len(network.called("author_names")), comment.author_name) == (len(WAITS), "")
    assert (comment.state, comment.problem) == (CommentState.HIDDEN, None)
