"""A no that comes with a MIS export outruns posts, like any other."""

import pytest

from app.posts.faces import GivenAnswer
from app.posts.models import PostState
from consent.model import Box, Disposition, Sighting
from tests.integration.posts.conftest import build_house

HEADINGS = "Admission No,Legal Forename,Legal Surname,Consent: Facebook,Consent: X"


@pytest.fixture
def shown(app, database, engine, school, user_with, actor_with):
    """A post that shows pupil 1, approved; `work()` sends it."""
    house = build_house(app, database, engine, school, user_with, actor_with)
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90)))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    house.submit(post_id)
    house.approve(post_id)
    return house, post_id


@pytest.mark.parametrize("answer", ["No", "Withdrawn", "✗"])
def test_post_that_waits_is_stopped(shown, office, answer):
    house, post_id = shown
    office.bring_in(HEADINGS, f"1,Mei,Tanaka,{answer},{answer}")
    house.work()
    assert (house.state(post_id), house.sent()) == (PostState.BLOCKED, [])


def test_post_that_is_out_is_taken_down(shown, office):
    house, post_id = shown
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
    office.bring_in(HEADINGS, "1,Mei,Tanaka,No,No")
    house.work()
    assert house.state(post_id) is PostState.TAKEN_DOWN


@pytest.mark.parametrize(
    ("row", "apply"),
    [
        ("1,Mei,Tanaka,,", True),
        ("1,Mei,Tanaka,No,No", False),
        ("2,Bo,Moe,No,No", True),
        ("1,Mei,Tanaka,perhaps,", True),
    ],
)
def test_what_says_no_word_of_this_pupil_takes_nothing_down(shown, office, row, apply):
    house, post_id = shown
    house.work()
    office.bring_in(HEADINGS, row, apply=apply)
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
