"""What the leadership sees and decides, and who is asked no more once it is decided."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.roles import Role
from app.core import clock
from app.notifications.models import Notice
from app.posts.drafting import latest_revision
from app.posts.faces import FacesGiven, GivenAnswer, answer_faces, sign_not_protected
from app.posts.models import Post, PostState, Revision
from app.posts.submission import recall
from app.reviews.queries import count_waiting_for
from consent.model import Box, Disposition, MatchStatus, Quality, Sighting

SMALL = Quality(height=20, sharpness=90, turned=70, covered=0, sure=1)
REASON = "Too much is to be seen of the site."


@pytest.fixture
def leader(house, sign_in):
    with house.database.reading(house.school_id) as session:
        return sign_in(user=session.get_one(User, house.approver.user_id))


def revision_id(house, post_id):
    with house.database.reading(house.school_id) as session:
        return latest_revision(session, session.get_one(Post, post_id)).id


def unread_by(house, actor):
    query = sa.select(Notice.sentence).where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))
    with house.database.reading(house.school_id) as session:
        return session.scalars(query).all()


def test_post_is_rejected_with_a_reason_that_its_author_reads(house, leader):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    asked = {"revision_id": revision_id(house, post_id)}
    assert leader.post(f"/reviews/{post_id}/reject", data=asked | {"reason": " "}).status_code == 422
    leader.post(f"/reviews/{post_id}/reject", data=asked | {"reason": REASON})
    assert house.state(post_id) is PostState.REJECTED
    with house.database.reading(house.school_id) as session:
        assert session.get_one(Post, post_id).state_reason == REASON


@pytest.mark.parametrize("way", ["approve", "return", "reject", "recall"])
def test_nobody_is_asked_to_approve_what_is_decided(house, leader, way):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    assert len(unread_by(house, house.approver)) == 1
    if way == "recall":
        with house.database.transaction(house.school_id) as session:
            recall(session, post_id, actor=house.author)
    else:
        leader.post(f"/reviews/{post_id}/{way}", data={"revision_id": revision_id(house, post_id), "reason": REASON})
    assert unread_by(house, house.approver) == []


def test_page_of_before_the_approval_does_not_stop_the_post(house, leader):
    post_id = house.draft("Doors open at six.", scheduled_for=clock.now() + timedelta(days=1))
    house.submit(post_id)
    told = {"revision_id": revision_id(house, post_id), "reason": REASON}
    house.approve(post_id)
    for way in ("return", "reject"):
        answer = leader.post(f"/reviews/{post_id}/{way}", data=told | {"saw": "submitted"})
        assert (answer.status_code, "Bea Boss approved this at" in answer.text) == (409, True)
    assert house.state(post_id) is PostState.SCHEDULED
    assert "Stop it" in leader.get(f"/posts/{post_id}").text
    leader.post(f"/reviews/{post_id}/return", data=told | {"saw": "scheduled"})
    assert house.state(post_id) is PostState.RETURNED


def test_post_page_shows_what_goes_out_and_asks_nothing_once_it_is_out(house, leader, sign_in):
    with house.database.reading(house.school_id) as session:
        teacher = sign_in(user=session.get_one(User, house.author.user_id))
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90)))
    post_id = house.draft("A good day.", photo_id)
    with house.database.transaction(house.school_id) as session:
        given = FacesGiven({1: GivenAnswer(Disposition.OBSCURED)}, all_faces_boxed=True, people_count=1)
        answer_faces(session, post_id, {photo_id: given}, actor=house.author)
    page = teacher.get(f"/posts/{post_id}").text
    assert ("/renditions/" in page, "Faces are obscured when it goes out" in page) == (False, True)
    house.submit(post_id)
    page = teacher.get(f"/posts/{post_id}").text
    assert ("/renditions/" in page, "Faces are obscured when it goes out" in page) == (True, False)
    leader.post(f"/reviews/{post_id}/return", data={"revision_id": revision_id(house, post_id), "reason": REASON})
    assert REASON in teacher.get(f"/posts/{post_id}/edit").text
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    house.pupil("1", "Omar", "Rahimi", shown=False)  # whose face nobody has looked for
    assert house.state(post_id) is PostState.PUBLISHED
    assert "Before it can go out" not in teacher.get(f"/posts/{post_id}").text


def test_who_edited_last_is_not_counted_as_an_approver(house):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    with house.database.transaction(house.school_id) as session:
        assert count_waiting_for(session, house.approver) == 1
        session.execute(sa.update(Revision).values(edited_by=house.approver.user_id))
        assert count_waiting_for(session, house.approver) == 0


def test_approver_sees_quality_count_and_signature_of_each_face(house, leader, sign_in, user_with):
    pupil_id = house.pupil("1", "Omar", "Rahimi", shown=False)
    resembling = Sighting(1, Box(10, 10, 90, 90), MatchStatus.PROTECTED, str(pupil_id), 0.3, 0.2)
    far = Sighting(2, Box(200, 10, 220, 30), quality=SMALL)
    photo_id = house.photo(resembling, far)
    post_id = house.draft("A good day.", photo_id)
    answers = {1: GivenAnswer(Disposition.ROLL_CALL), 2: GivenAnswer(Disposition.NOT_RECOGNISABLE)}
    house.answer(post_id, photo_id, answers)
    signer = user_with(Role.HEADTEACHER, name="Cara Chief")
    with house.database.transaction(house.school_id) as session:
        sign_not_protected(session, post_id, photo_id, 1, reason="It is his cousin.", actor=signer.as_actor())
    house.work()
    assert house.submit(post_id) is PostState.SUBMITTED
    page = leader.get(f"/reviews/{post_id}").text
    for told in (
        "small and turned away",
        "counted 1 person",
        "2 boxes were found or drawn, 1 as nobody",
        "Cara Chief signed",
        "It is his cousin.",
        "Omar Rahimi",
    ):
        assert told in page
    assert "Approve this version" in page
