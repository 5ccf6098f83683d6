"""A pupil whom nobody tagged is in a published photo: when consent ends, people are asked to look."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.notifications.models import Notice
from app.posts.faces import GivenAnswer
from app.posts.models import Post, PostState
from consent.model import Box, Disposition, Purpose, Sighting


@pytest.mark.parametrize(
    ("classes", "purpose", "said", "approved", "is_asked"),
    [
        (("4 Oak",), Purpose.X, Disposition.ROLL_CALL, "this year", True),
        ((), Purpose.FACEBOOK, Disposition.NOT_RECOGNISABLE, "this year", True),
        (("5 Elm",), Purpose.X, Disposition.ROLL_CALL, "this year", False),
        (("4 Oak",), Purpose.PRESS, Disposition.ROLL_CALL, "this year", False),
        (("5 Elm",), Purpose.X, Disposition.ROLL_CALL, "last year", True),
    ],
)
def test_people_look_at_published_photos_that_may_show_a_pupil(
    house, sign_in, classes, purpose, said, approved, is_asked
):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    house.pupil("2", "Ada", "Okafor", shown=True, group="5 Elm")
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90)))
    post_id = house.draft("A good day.", photo_id, classes=classes)
    house.answer(post_id, photo_id, {1: GivenAnswer(said)})
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
    if approved == "last year":  # the pupil has moved up into another class since
        with house.database.transaction(house.school_id) as session:
            session.get_one(Post, post_id).approved_at -= timedelta(days=366)
    house.withdraw(pupil_id, purpose)
    with house.database.reading(house.school_id) as session:
        query = sa.select(Notice.link).where(
            Notice.user_id == house.approver.user_id, Notice.sentence.contains("Compare its faces")
        )
        assert session.scalars(query).all() == ([f"/posts/{post_id}"] if is_asked else [])
    page = sign_in(Role.OFFICE_MANAGER).get(f"/register/{pupil_id}").text
    assert ("1 post may show the pupil" in page, "Nobody tagged or named the pupil" in page) == (is_asked, True)


def test_office_sees_the_proof_that_a_tagged_post_is_gone(house, sign_in):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90)))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    office = sign_in(Role.OFFICE_MANAGER)
    address = f"/register/{pupil_id}"
    assert "Posts with this pupil" not in office.get(address).text, "before a no it is nobody's business"
    house.withdraw(pupil_id, Purpose.X)
    assert office.get(address).text.count("Promised to be gone by") == 2
    house.work()
    page = office.get(address).text
    assert (page.count(">Gone<"), page.count("when asked for it"), f"/posts/{post_id}" in page) == (2, 2, False)
