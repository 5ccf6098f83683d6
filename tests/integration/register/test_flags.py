"""The no-publish flag outranks every consent, and its reason is nobody else's to read."""

from uuid import uuid4

import pytest

from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.register.models import NoPublishFlag
from app.register.services import lift_flag, set_flag
from consent.model import ConsentState, Purpose

REASON = "Court order of 3 March"


@pytest.fixture
def flag(office, app):
    def change(pupil_id, reason=REASON, actor=None):
        sealer = app.extensions["schoolgate.sealers"]["evidence"]
        with office.database.transaction(office.school_id) as session:
            set_flag(session, pupil_id, reason=reason, sealer=sealer, actor=actor or office.actor)

    return change


@pytest.fixture
def lift(office):
    def change(pupil_id, actor=None):
        with office.database.transaction(office.school_id) as session:
            lift_flag(session, pupil_id, actor=actor or office.actor)

    return change


def test_flag_refuses_everything_that_was_granted(office, flag):
    ann = office.pupil()
    office.say(ann, ConsentState.GRANTED, tuple(Purpose))
    flag(ann)
    assert {office.state(ann, purpose) for purpose in Purpose} == {ConsentState.REFUSED}


def test_lifting_lets_consent_count_again(office, flag, lift):
    ann = office.pupil()
    office.say(ann, ConsentState.GRANTED)
    flag(ann)
    lift(ann)
    assert office.state(ann) is ConsentState.GRANTED


def test_reason_is_sealed_and_in_no_record(office, flag):
    flag(office.pupil())
    (kept,) = office.all_of(NoPublishFlag)
    assert REASON.encode() not in kept.reason_sealed
    assert office.events("flag:set")[0].details == {}


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_reason_is_needed(office, flag, reason):
    with pytest.raises(InvalidInputError, match="reason"):
        flag(office.pupil(), reason)


def test_flag_is_set_once_and_lifted_once(office, flag, lift):
    ann = office.pupil()
    with pytest.raises(WrongStateError):
        lift(ann)
    flag(ann)
    with pytest.raises(WrongStateError):
        flag(ann)
    lift(ann)
    assert len(office.events("flag:lifted")) == 1


def test_only_those_who_may_flag(office, flag, lift, actor_with):
    ann = office.pupil()
    other = actor_with(Permission.REGISTER_READ, Permission.REGISTER_WRITE)
    with pytest.raises(NotPermittedError):
        flag(ann, actor=other)
    flag(ann)
    with pytest.raises(NotPermittedError):
        lift(ann, other)


def test_nobody_to_flag(flag):
    with pytest.raises(NotFoundError):
        flag(uuid4())
