"""What a lock-down leaves hidden when it is lifted."""

import pytest

from app.comments.locking import may_harm


@pytest.mark.parametrize(
    ("categories", "severity", "stays"),
    [
        (["criticism"], 1, False),
        (["insult", "criticism"], 1, False),
        (["threat", "criticism"], 4, True),
        (["insult", "unkind"], 1, True),
        (["disclosure"], 4, False),
        (["threat", "disclosure"], 4, True),
        (["report_of_abuse"], 2, False),
        ([], 0, False),  # it was harmless, and only the lock-down hid it
        ([], 3, True),  # nobody could sort it
    ],
)
def test_what_stays_hidden_after_a_lock_down(categories, severity, stays):
    assert may_harm(categories, severity) is stays
