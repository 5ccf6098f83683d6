"""What a lock-down leaves hidden when it is lifted."""

import pytest

from app.comments.locking import may_harm


@pytest.mark.parametrize(
    ("categories", "stays"),
    [
        (["criticism"], False),
        (["insult", "criticism"], True),
        (["disclosure"], False),
        (["threat", "disclosure"], True),
        (["report_of_abuse"], False),
        ([], True),  # nobody could sort it
    ],
)
def test_what_stays_hidden_after_a_lock_down(categories, stays):
    assert may_harm(categories) is stays
