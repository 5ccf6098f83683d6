"""A network shows words and a picture of a linked page: whoever approves has looked at it."""

import pytest

from app.accounts.models import User
from app.core.errors import InvalidInputError
from app.posts.drafting import latest_revision
from app.posts.models import Post, PostState


def linked(house):
    post_id = house.draft("Our news.", link="https://school.example/news")
    assert house.submit(post_id) is PostState.SUBMITTED
    return post_id


def test_link_that_nobody_opened_is_not_approved(house):
    post_id = linked(house)
    with pytest.raises(InvalidInputError):
        house.approve(post_id)


def test_approver_says_on_the_page_that_the_link_was_opened(house, sign_in):
    post_id = linked(house)
    with house.database.reading(house.school_id) as session:
        boss = session.get_one(User, house.approver.user_id)
        revision_id = latest_revision(session, session.get_one(Post, post_id)).id
    browser = sign_in(user=boss)
    assert 'name="link_opened"' in browser.get(f"/reviews/{post_id}").text
    assert browser.post(f"/reviews/{post_id}/approve", data={"revision_id": revision_id}).status_code == 422
    told = {"revision_id": revision_id, "link_opened": "1"}
    assert browser.post(f"/reviews/{post_id}/approve", data=told).status_code == 302
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
