import pytest
import time_machine

from tests.support.consent_words import TODAY


@pytest.fixture(autouse=True, scope="module")
def on_a_day_in_november():
    """Dates of the made-up answers are in the past on every day that the tests are run."""
    with time_machine.travel(TODAY, tick=False):
        yield
