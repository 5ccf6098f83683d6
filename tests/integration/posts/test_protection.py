"""A pupil without consent in a picture, or a pupil's name beside one, cannot get out: the refusing side first."""

import pytest

from app.core.errors import AppError, InvalidInputError, NotPermittedError, WrongStateError
from app.posts.faces import GivenAnswer
from app.posts.models import PostState
from consent.model import Box, Disposition, MatchStatus, Sighting

FACE = Sighting(1, Box(10, 10, 90, 90))


def looks_like(pupil_id, status=MatchStatus.PROTECTED):
    return Sighting(1, Box(10, 10, 90, 90), status, str(pupil_id), 0.3, 0.2)


def test_words_alone_go_out_to_both_networks(house):
    post_id = house.publish("Doors open at six.")
    assert house.state(post_id) is PostState.PUBLISHED
    assert [len(platform.wall) for platform in house.platforms.values()] == [1, 1]


def test_face_without_an_answer_stops_submission(house):
    post_id = house.draft("A good day.", house.photo(FACE))
    assert house.submit(post_id) is PostState.BLOCKED
    assert house.sent() == []


def test_tagged_pupil_without_consent_is_blocked(house):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    assert house.submit(post_id) is PostState.BLOCKED


@pytest.mark.parametrize("disposition", [Disposition.NOT_A_FACE, Disposition.NOT_RECOGNISABLE, Disposition.ROLL_CALL])
def test_author_cannot_answer_a_protected_pupil_away(house, disposition):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(looks_like(pupil_id))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(disposition)})
    assert house.submit(post_id) is PostState.BLOCKED
    assert house.sent() == []


def test_protected_pupil_tagged_as_somebody_else_is_blocked(house):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    other_id = house.pupil("2", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(looks_like(pupil_id))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, other_id)})
    assert house.submit(post_id) is PostState.BLOCKED


def test_obscured_face_goes_out_only_when_it_is_gone(house):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(looks_like(pupil_id))
    house.examiner.vanishes = False
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.OBSCURED)})
    assert house.submit(post_id) is PostState.BLOCKED


def test_obscured_face_that_is_gone_may_go_out(house):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(looks_like(pupil_id))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.OBSCURED)})
    assert house.submit(post_id) is PostState.SUBMITTED


@pytest.mark.parametrize("caption", ["Well done Omar!", "#WellDoneOmarRahimi", "O m a r won", "Omar's tower"])
def test_pupils_name_never_goes_out_with_a_photo(house, caption):
    shown_id = house.pupil("1", "Omar", "Rahimi", shown=True)
    photo_id = house.photo(FACE)
    post_id = house.draft(caption, photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, shown_id)})
    assert house.submit(post_id) is PostState.BLOCKED


def test_pupils_name_in_alt_text_or_picture_is_blocked(house):
    shown_id = house.pupil("1", "Omar", "Rahimi", shown=True)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id, alt_text="Omar at his desk")
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, shown_id)})
    assert house.submit(post_id) is PostState.BLOCKED


def test_picture_that_could_not_be_examined_is_blocked(house):
    house.examiner.problem = "This picture could not be checked, so it cannot go out."
    post_id = house.draft("A good day.", house.photo())
    assert house.submit(post_id) is PostState.BLOCKED


def test_crash_of_the_check_blocks(house, monkeypatch):
    post_id = house.draft("A good day.", house.photo())
    monkeypatch.setattr("app.posts.checking.evaluate", lambda *_: 1 / 0)  # the one crash that no input provokes
    assert house.submit(post_id) is PostState.BLOCKED


def test_author_cannot_approve_own_post(house, user_with):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    with pytest.raises(NotPermittedError):
        house.approve(post_id, by=house.author)


def test_approver_must_have_opened_each_picture(house):
    photo_id = house.photo()
    post_id = house.draft("An empty hall.", photo_id)
    house.answer(post_id, photo_id, {})
    assert house.submit(post_id) is PostState.SUBMITTED
    with pytest.raises(InvalidInputError):
        house.approve(post_id, look=False)


def test_consent_withdrawn_before_sending_stops_the_post(house):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    house.submit(post_id)
    house.approve(post_id)
    house.withdraw(pupil_id)
    house.work()
    assert (house.state(post_id), house.sent()) == (PostState.BLOCKED, [])


def test_consent_withdrawn_after_publishing_takes_the_post_down(house):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
    house.withdraw(pupil_id)
    house.work()
    assert house.state(post_id) is PostState.TAKEN_DOWN
    assert [platform.wall for platform in house.platforms.values()] == [{}, {}]


def test_edit_after_submission_is_refused(house):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    with pytest.raises(AppError):
        house.answer(post_id, house.photo(), {})


def test_approval_of_an_older_revision_is_refused(house):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    house.approve(post_id)
    with pytest.raises(WrongStateError):
        house.approve(post_id)
