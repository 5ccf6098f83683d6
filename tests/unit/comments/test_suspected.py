"""What is a mere guess of the model, and what is read by itself."""

import pytest

from app.comments.suspected import is_only_suspected

GUESS = ("model.disclosure", "disclosure", 0.6)


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ([], True),
        ([("insult.plain", "insult", 0.9)], True),
        ([("model.threat", "threat", 0.65)], True),
        ([("model.threat", "threat", 0.9)], False),
        ([("threat.plain", "threat", 0.65)], False),
        ([("weapons.plain", "weapons", 0.9)], False),
        ([("disclosure.self", "disclosure", 0.45)], False),
    ],
)
def test_guess_beside_something_sure_is_no_mere_guess(beside, expected):
    categories = [label for _, label, _ in (GUESS, *beside)]
    assert is_only_suspected(categories, [GUESS, *beside]) is expected
