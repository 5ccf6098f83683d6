"""A thousand comments in one minute: nothing is lost, the worst are hidden first, and how long it takes."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from app.comments import inbox, judging
from app.comments.models import CommentState
from app.core import clock
from tests.integration.comments.conftest import added, delivery_of

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]
COUNT = 1000
TEXTS = (
    "Lovely evening, thank you",
    "you stupid idiots",
    "I will find you and smash your face in",
    "Worst school ever, nobody answers the phone",
    "go and kill yourself",
)


def test_a_thousand_comments_in_ten_deliveries(database, school, post, network, worker, book, capsys, monkeypatch):
    # All are judged in one go however slow the machine: nothing can be sorted before what nobody has judged yet.
    monkeypatch.setattr(judging, "MOST_TIME_FOR_NEIGHBOURS", timedelta(minutes=3))
    changes = [added(f"c{number}", TEXTS[number % len(TEXTS)]) for number in range(COUNT)]
    for change in changes:
        network.write(change["comment_id"], change["message"])
    began = time.perf_counter()
    for start in range(0, COUNT, 100):
        with database.transaction(school.id) as session:
            inbox.store(session, delivery_of(*changes[start : start + 100]))
    stored = time.perf_counter() - began
    worker.sweep_until_idle()
    seconds = time.perf_counter() - began
    comments = {comment.remote_id: comment for comment in book.comments()}
    hidden = [comments[remote_id] for remote_id in network.called("hide")]
    with capsys.disabled():
        median = sorted((each.hidden_at - each.received_at).total_seconds() for each in hidden)[len(hidden) // 2]
        told = f"{COUNT} stored in {stored:.1f} s, dealt with in {seconds:.1f} s, median to hidden {median:.1f} s"
        print(f"\n{told}")  # noqa: T201  a measurement
    assert len(comments) == COUNT
    assert Counter(comment.state for comment in comments.values()) == {
        CommentState.HIDDEN: 600,
        CommentState.VISIBLE: 400,
    }
    severities = [comment.severity for comment in hidden]
    assert severities == sorted(severities, reverse=True)
    assert clock.now() > max(comment.hidden_at for comment in hidden)
    assert seconds < 180
