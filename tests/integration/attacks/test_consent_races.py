"""Consent ends at the worst moment: while a post is being sent, found or taken down."""

from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from threading import Event, Thread

from app.core import clock
from app.platforms.base import Network
from app.platforms.errors import TransientError
from app.posts.checks import evaluate
from app.posts.faces import GivenAnswer
from app.posts.models import PostState
from app.publishing.services import take_down
from app.register.queries import snapshot
from consent.model import Box, ConsentState, Disposition, Purpose, Sighting
from tests.support.races import PATIENCE, meanwhile

FACES = (Sighting(1, Box(10, 10, 90, 90)), Sighting(2, Box(110, 10, 190, 90)))


def approved_photo(house, *pupils):
    """Approve a photo in which these pupils are tagged."""
    photo_id = house.photo(*FACES[: len(pupils)])
    post_id = house.draft("A good day.", photo_id)
    answers = {number: GivenAnswer(Disposition.PUPIL, pupil) for number, pupil in enumerate(pupils, start=1)}
    house.answer(post_id, photo_id, answers)
    house.submit(post_id)
    house.approve(post_id)
    return post_id


def consent_of(house, pupil_id):
    with house.database.reading(house.school_id) as session:
        person = snapshot(session, on=clock.today()).person(str(pupil_id))
        return person.state_for(Purpose.X, clock.today())


def test_second_withdrawal_counts_while_the_first_take_down_is_still_under_way(house):
    siblings = [house.pupil(str(number), name, "Tanaka", shown=True) for number, name in enumerate(("Mei", "Ken"))]
    post_id = approved_photo(house, *siblings)
    house.work()
    house.platforms[Network.X].fail_next.append(("retract", TransientError("busy")))
    house.withdraw(siblings[0])
    house.work()
    assert house.state(post_id) is PostState.TAKING_DOWN
    house.withdraw(siblings[1])
    assert consent_of(house, siblings[1]) is ConsentState.WITHDRAWN


def test_withdrawal_counts_while_a_worker_weighs_the_same_post(house, monkeypatch):
    pupil_id = house.pupil("1", "Mei", "Tanaka", shown=True)
    post_id = approved_photo(house, pupil_id)
    weighing, times = Event(), count(1)

    def slowly(*args):
        if next(times) == 2:  # in the transaction that lets the post go
            weighing.set()
            Event().wait(0.7)
        return evaluate(*args)

    monkeypatch.setattr("app.publishing.gate.evaluate", slowly)  # a check takes its time; here it surely does
    worker = Thread(target=house.work)
    worker.start()
    assert weighing.wait(PATIENCE)
    house.withdraw(pupil_id)
    worker.join(PATIENCE)
    house.work()
    assert consent_of(house, pupil_id) is ConsentState.WITHDRAWN
    assert house.state(post_id) in (PostState.BLOCKED, PostState.TAKEN_DOWN)
    assert [platform.wall for platform in house.platforms.values()] == [{}, {}]


def test_take_down_holds_while_the_network_just_answered(house):
    post_id = house.draft("Doors open at six.")
    house.submit(post_id)
    house.approve(post_id)
    facebook, boss = house.platforms[Network.FACEBOOK], replace(house.approver, user_id=None)
    send = facebook.send

    def sent_and_taken_down(post, prepared):
        published = send(post, prepared)
        writing.enter_context(meanwhile(house.database, house.school_id, remove))
        return published

    def remove(session):
        take_down(session, post_id, reason="A wrong picture.", actor=boss)

    facebook.send = sent_and_taken_down
    with ExitStack() as writing:
        house.work()
    house.work()
    assert house.state(post_id) is PostState.TAKEN_DOWN
    assert [platform.wall for platform in house.platforms.values()] == [{}, {}]
