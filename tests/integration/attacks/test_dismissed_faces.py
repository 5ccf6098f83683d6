"""Whoever says that a face is none, to put a name beside it, does not decide that alone."""

import pytest

from app.core.errors import WrongStateError
from app.posts.checks import evaluate, key_of
from app.posts.drafting import latest_revision
from app.posts.faces import GivenAnswer
from app.posts.models import Post, PostState
from app.posts.submission import release
from consent.model import Box, Disposition, Sighting


def test_name_beside_a_face_that_its_author_calls_none_is_held(house):
    house.pupil("1", "Mei", "Tanaka", shown=True)
    photo_id = house.photo(Sighting(1, Box(10, 10, 90, 90)))
    post_id = house.draft("Mei won the cup.", photo_id, alt_text="A silver cup")
    house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.NOT_A_FACE)})
    assert house.submit(post_id) is PostState.SUBMITTED
    with pytest.raises(WrongStateError):
        house.approve(post_id)
    with house.database.transaction(house.school_id) as session:
        [finding] = evaluate(session, latest_revision(session, session.get_one(Post, post_id))).open_findings
        release(session, post_id, key_of(finding), reason="It is the cup alone.", actor=house.approver)
    house.approve(post_id)
