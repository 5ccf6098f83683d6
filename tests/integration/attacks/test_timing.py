"""Late, suspended, expired, failed: what lies about too long goes nowhere by itself, and is not lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from app.accounts.services import suspend_user
from app.core import clock
from app.core.errors import AppError
from app.core.permissions import Permission
from app.platforms.errors import RejectedError
from app.posts.drafting import draft_of, latest_revision, save_draft
from app.posts.faces import GivenAnswer
from app.posts.models import Post, PostState
from consent.model import Box, Disposition, Sighting

FACE = Sighting(1, Box(10, 10, 90, 90))


def test_approval_after_its_time_is_refused_even_when_no_worker_expired_it(house):
    post_id = house.draft("Doors open at six.", scheduled_for=clock.now() + timedelta(hours=1))
    assert house.submit(post_id) is PostState.SUBMITTED
    with time_machine.travel(clock.now() + timedelta(minutes=57), tick=False), pytest.raises(AppError):
        house.approve(post_id)


def test_post_of_a_suspended_author_waits(house, actor_with):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    house.approve(post_id)
    with house.database.transaction(house.school_id) as session:
        suspend_user(session, house.author.user_id, actor=actor_with(Permission.USER_MANAGE))
    house.work()
    assert house.sent() == []


def test_expired_post_can_be_given_a_new_time(house):
    post_id = house.draft("Doors open at six.", scheduled_for=clock.now() + timedelta(hours=1))
    house.submit(post_id)
    house.approve(post_id)
    with time_machine.travel(clock.now() + timedelta(hours=20), tick=False):
        house.work()
        assert house.state(post_id) is PostState.EXPIRED
        with house.database.transaction(house.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            later = replace(draft_of(revision), scheduled_for=clock.now() + timedelta(hours=1))
            save_draft(session, post_id, later, based_on=revision.id, actor=house.author)
        house.work()
        assert house.submit(post_id) is PostState.SUBMITTED


def test_failed_post_tried_again_is_weighed_against_what_went_out_meanwhile(house):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    for platform in house.platforms.values():
        platform.fail_next.append(("send", RejectedError("no")))
    named = house.publish("Mei won the cup.")
    assert house.state(named) is PostState.FAILED
    photo_id = house.photo(FACE)
    shown = house.draft("A good day.", photo_id)
    house.answer(shown, photo_id, {1: GivenAnswer(Disposition.PUPIL, pupil_id)})
    house.submit(shown)
    with pytest.raises(AppError):
        house.approve(shown)
