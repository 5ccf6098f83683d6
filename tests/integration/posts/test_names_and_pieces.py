"""A name that went out alone: it is found when consent ends, and held beside a photo of the same event."""

import pytest

from app.posts.checks import evaluate, key_of
from app.posts.drafting import latest_revision
from app.posts.faces import GivenAnswer
from app.posts.models import Post, PostState
from app.posts.submission import release
from consent.codes import Code
from consent.model import Box, Disposition, Purpose, Sighting

FACE = Sighting(1, Box(10, 10, 90, 90))


def publish_photo_of(house, pupil_id, caption="Sports day in the sun."):
    photo_id = house.photo(FACE)
    post_id = house.draft(caption, photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    return post_id


def open_codes(house, post_id):
    with house.database.reading(house.school_id) as session:
        findings = evaluate(session, latest_revision(session, session.get_one(Post, post_id))).open_findings
    return [finding.code for finding in findings]


@pytest.mark.parametrize("purpose", [Purpose.NAME, Purpose.X])
def test_named_pupils_post_is_taken_down_when_consent_for_it_ends(house, purpose):
    pupil_id = house.pupil("1", "Zofia", "Nowak", shown=True)
    post_id = house.publish("Zofia won the chess cup.")
    assert house.state(post_id) is PostState.PUBLISHED
    house.withdraw(pupil_id, purpose)
    house.work()
    assert house.state(post_id) is PostState.TAKEN_DOWN
    assert [len(platform.wall) for platform in house.platforms.values()] == [0, 0]


def test_named_pupils_waiting_post_goes_back_when_the_name_is_withdrawn(house):
    pupil_id = house.pupil("1", "Zofia", "Nowak", shown=True)
    post_id = house.draft("Zofia won the chess cup.")
    house.submit(post_id)
    house.withdraw(pupil_id, Purpose.NAME)
    house.work()
    assert house.state(post_id) is PostState.BLOCKED


@pytest.mark.parametrize("purpose", [Purpose.NAME, Purpose.PRESS])
def test_photo_stays_when_something_else_is_withdrawn(house, purpose):
    pupil_id = house.pupil("1", "Zofia", "Nowak", shown=True)
    post_id = publish_photo_of(house, pupil_id)
    house.withdraw(pupil_id, purpose)
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED


def test_photo_after_a_name_of_the_same_class_is_held(house):
    house.pupil("1", "Zofia", "Nowak", shown=True)
    friend_id = house.pupil("2", "Mei", "Tanaka", shown=True)
    house.publish("Zofia won the sports day cup.")
    post_id = publish_photo_of_until_submitted(house, friend_id)
    assert open_codes(house, post_id) == [Code.JIGSAW]


def publish_photo_of_until_submitted(house, pupil_id):
    photo_id = house.photo(FACE)
    post_id = house.draft("Sports day in the sun.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    assert house.submit(post_id) is PostState.SUBMITTED
    return post_id


def test_name_after_a_photo_of_the_same_class_is_held(house):
    pupil_id = house.pupil("1", "Zofia", "Nowak", shown=True)
    publish_photo_of(house, pupil_id)
    post_id = house.draft("Zofia won the sports day cup.")
    house.submit(post_id)
    assert open_codes(house, post_id) == [Code.JIGSAW]


def test_name_of_another_class_is_not_held(house):
    pupil_id = house.pupil("1", "Zofia", "Nowak", shown=True)
    house.pupil("2", "Mei", "Tanaka", shown=True, group="6 Elm")
    publish_photo_of(house, pupil_id)
    post_id = house.draft("Mei won the chess cup.")
    house.submit(post_id)
    assert open_codes(house, post_id) == []


def test_released_piece_goes_out_and_the_earlier_post_is_left_alone(house):
    pupil_id = house.pupil("1", "Zofia", "Nowak", shown=True)
    earlier_id = house.publish("Zofia won the sports day cup.")
    post_id = publish_photo_of_until_submitted(house, pupil_id)
    with house.database.transaction(house.school_id) as session:
        (finding,) = evaluate(session, latest_revision(session, session.get_one(Post, post_id))).open_findings
        release(session, post_id, key_of(finding), reason="The cup is not in the picture.", actor=house.approver)
    house.approve(post_id)
    house.work()
    assert [house.state(each) for each in (earlier_id, post_id)] == [PostState.PUBLISHED, PostState.PUBLISHED]
    assert open_codes(house, earlier_id) == []
