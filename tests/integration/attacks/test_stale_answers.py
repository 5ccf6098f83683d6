"""An answer, a signature or a release was for one state of things: it does not cover another."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.errors import AppError
from app.core.permissions import Permission
from app.media.models import Photo
from app.posts.check_requests import request_check
from app.posts.checks import evaluate, key_of
from app.posts.drafting import draft_of, latest_revision, save_draft
from app.posts.faces import FacesGiven, GivenAnswer, answer_faces, sign_not_protected
from app.posts.models import PhotoScan, Post, PostState
from app.posts.submission import release
from app.register.biometrics import BiometricAnswer, record_biometric
from app.register.models import BiometricKind, Capacity, Pupil
from app.register.services import touch_register
from app.reviews.services import recheck
from consent.model import Box, Disposition, MatchStatus, Purpose, Sighting

FACE = Sighting(1, Box(10, 10, 90, 90))
ROLL_CALL = {1: GivenAnswer(Disposition.ROLL_CALL)}


def looks_like(pupil_id, status=MatchStatus.PROTECTED):
    return Sighting(1, Box(10, 10, 90, 90), status, str(pupil_id), 0.3, 0.2)


def look_again(house, photo_id, *sightings):
    """Let the engine see this from now on, as after new enrolments; what it saw before is forgotten."""
    with house.database.transaction(house.school_id) as session:
        session.execute(sa.delete(PhotoScan).where(PhotoScan.photo_id == photo_id))
        house.examiner.sightings[session.get_one(Photo, photo_id).sha256] = sightings


def check_again(house, post_id):
    with house.database.transaction(house.school_id) as session:
        post = session.get_one(Post, post_id)
        request_check(session, post, latest_revision(session, post), for_submission=False)
    house.work()


def test_roll_call_is_void_once_somebody_joined_those_who_may_not_be_shown(house):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, ROLL_CALL)
    assert house.submit(post_id) is PostState.SUBMITTED
    house.withdraw(pupil_id)
    with house.database.transaction(house.school_id) as session:
        recheck(session, post_id, actor=house.approver)
    house.work()
    assert house.submit(post_id) is PostState.BLOCKED
    house.answer(post_id, photo_id, ROLL_CALL)
    assert house.submit(post_id) is PostState.SUBMITTED


def test_signature_about_one_pupil_does_not_cover_another(house):
    first = house.pupil("1", "Omar", "Rahimi", shown=False)
    second = house.pupil("2", "Mei", "Tanaka", shown=False)
    photo_id = house.photo(looks_like(first))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, ROLL_CALL)
    with house.database.transaction(house.school_id) as session:
        sign_not_protected(session, post_id, photo_id, 1, reason="It is his cousin from Leeds.", actor=house.approver)
    house.work()
    look_again(house, photo_id, looks_like(second))
    check_again(house, post_id)
    with house.database.transaction(house.school_id) as session:
        given = {photo_id: FacesGiven(ROLL_CALL, all_faces_boxed=True, people_count=1, alt_text="A letter is written")}
        answer_faces(session, post_id, given, actor=house.author)
    house.work()
    assert house.submit(post_id) is PostState.BLOCKED


def test_same_answer_can_be_given_again_after_another_verdict(house):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(looks_like(pupil_id, MatchStatus.POSSIBLE))
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, ROLL_CALL)
    look_again(house, photo_id, FACE)
    check_again(house, post_id)
    house.answer(post_id, photo_id, ROLL_CALL)
    assert house.submit(post_id) is PostState.SUBMITTED


def test_release_of_a_shared_name_ends_with_the_consent_it_rested_on(house):
    allowed = [house.pupil(str(number), "Oliver", name, shown=True) for number, name in enumerate(("Hill", "Wood"))]
    house.pupil("9", "Oliver", "Marsh", shown=False)
    post_id = house.draft("Oliver won the chess cup.")
    assert house.submit(post_id) is PostState.SUBMITTED
    with house.database.transaction(house.school_id) as session:
        revision = latest_revision(session, session.get_one(Post, post_id))
        [finding] = evaluate(session, revision).open_findings
        release(session, post_id, key_of(finding), reason="Oliver Hill of Oak is meant.", actor=house.approver)
    house.withdraw(allowed[0], Purpose.NAME)
    house.work()
    assert house.state(post_id) is PostState.BLOCKED
    house.submit(post_id)
    with pytest.raises(AppError):
        house.approve(post_id)


def test_class_that_is_no_more_does_not_empty_the_list_of_who_may_not_be_shown(house):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False, group="4 Oak")
    photo_id = house.photo()
    [sha256] = house.examiner.sightings
    house.examiner.people[sha256] = ((Box(10, 10, 90, 90), pupil_id),)
    post_id = house.draft("A good day.", photo_id, classes=("4 Oak",))
    with house.database.transaction(house.school_id) as session:
        session.get_one(Pupil, pupil_id).reg_group = "5 Oak"
        touch_register(session)
    check_again(house, post_id)
    house.answer(post_id, photo_id, ROLL_CALL)
    assert house.submit(post_id) is PostState.BLOCKED


def test_edit_of_words_keeps_answers_that_still_hold(house):
    house.pupil("1", "Omar", "Rahimi", shown=False)
    photo_id = house.photo(FACE)
    post_id = house.draft("A good day.", photo_id)
    house.answer(post_id, photo_id, ROLL_CALL)
    with house.database.transaction(house.school_id) as session:
        revision = latest_revision(session, session.get_one(Post, post_id))
        changed = replace(draft_of(revision), caption="A very good day.")
        save_draft(session, post_id, changed, based_on=revision.id, actor=house.author)
    house.work()
    assert house.submit(post_id) is PostState.SUBMITTED


def test_scan_is_void_once_somebody_answers_otherwise_about_templates(house, actor_with):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    post_id = house.draft("A good day.", house.photo())
    assert is_fresh(house, post_id)
    answer = BiometricAnswer(BiometricKind.PROTECTIVE_ONLY, "Parent", Capacity.PARENT, "form", clock.today())
    with house.database.transaction(house.school_id) as session:
        pupil = session.get_one(Pupil, pupil_id)
        record_biometric(session, pupil, answer, actor=actor_with(Permission.REGISTER_WRITE))
    assert not is_fresh(house, post_id)


def is_fresh(house, post_id):
    with house.database.reading(house.school_id) as session:
        return evaluate(session, latest_revision(session, session.get_one(Post, post_id))).is_fresh
