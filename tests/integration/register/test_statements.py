"""Writing down what people say about consent: who may, what is sound, and that nothing is ever taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.core import clock
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError
from app.core.permissions import Permission
from app.register.models import Adult, Capacity, ConsentStatement, Pupil
from app.register.queries import people_in_classes, protected_ids, snapshot
from app.register.services import Statement, add_adult, pupil_with, record_statement
from app.schools.models import School
from consent.model import ConsentState, Purpose

YES, NO, GONE = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.WITHDRAWN


def test_yes_lasts_until_the_end_of_the_school_year(office):
    ann = office.pupil()
    office.say(ann, YES)
    (facebook, _) = office.all_of(ConsentStatement)
    assert (facebook.expires_on.month, facebook.expires_on.day) == (8, 31)
    assert office.state(ann) is office.state(ann, Purpose.X) is YES


@pytest.mark.parametrize("state", [NO, GONE])
@pytest.mark.parametrize("how", ["verbal", "form"])
def test_no_counts_at_once_however_it_was_said(office, state, how):
    ann = office.pupil()
    office.say(ann, YES)
    office.say(ann, state, how=how)
    assert office.state(ann) is state


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": YES, "how": "verbal"}, "in writing"),
        ({"state": YES, "how": ""}, "in writing"),
        ({"state": YES, "purposes": ()}, "what the answer is about"),
        ({"state": YES, "by": "  "}, "who gave the answer"),
        ({"state": NO, "by": ""}, "who gave the answer"),
        ({"state": ConsentState.EXPIRED}, "granted, refused or withdrawn"),
        ({"state": ConsentState.NOT_RECORDED}, "granted, refused or withdrawn"),
        ({"state": YES, "on": "tomorrow"}, "future"),
    ],
)
def test_unsound_answers_are_refused(office, changes, sentence):
    ann = office.pupil()
    changes = changes | ({"on": clock.today() + timedelta(days=1)} if "on" in changes else {})
    with pytest.raises(InvalidInputError, match=sentence):
        office.say(ann, changes.pop("state"), changes.pop("purposes", (Purpose.FACEBOOK,)), **changes)
    assert office.count(ConsentStatement) == 0


def test_what_was_said_is_never_changed(office):
    office.say(office.pupil(), YES)
    for change in ("state", "delete"):
        with office.database.transaction(office.school_id) as session:
            word = session.query(ConsentStatement).first()
            if change == "delete":
                session.delete(word)
            else:
                word.state = NO
            with pytest.raises(RuntimeError, match="never changed"):
                session.flush()
            session.rollback()
    assert {word.state for word in office.all_of(ConsentStatement)} == {YES}


def test_every_answer_adds_to_the_history_and_the_record(office):
    ann = office.pupil()
    for state in (YES, GONE, YES, NO):
        office.say(ann, state, (Purpose.X,))
    assert [word.state for word in sorted(office.all_of(ConsentStatement), key=lambda word: word.recorded_at)] == [
        YES,
        GONE,
        YES,
        NO,
    ]
    assert len(office.events("consent:granted")) == 2
    assert office.events("consent:refused")[0].details == {"purposes": ["x"], "capacity": "parent"}


@pytest.mark.parametrize(
    "permission", [None, Permission.REGISTER_READ, Permission.REGISTER_IMPORT, Permission.REGISTER_FLAG]
)
def test_only_those_who_write_the_register(office, actor_with, permission):
    ann = office.pupil()
    statement = Statement((Purpose.X,), NO, "Mother", Capacity.PARENT, clock.today(), "form")
    actor = actor_with(*([permission] if permission else []))
    with office.database.transaction(office.school_id) as session, pytest.raises(NotPermittedError):
        record_statement(session, session.get_one(Pupil, ann), statement, actor=actor)


def test_every_answer_makes_a_new_version_of_the_register(office):
    ann = office.pupil()
    versions = set()
    for state in (YES, NO):
        office.say(ann, state)
        versions |= {school.register_version for school in office.all_of(School)}
    assert len(versions) == 2


def test_adults_speak_for_themselves(office):
    adult = Adult(id=uuid4(), forename="Tom", surname="Rourke")
    statement = Statement((Purpose.FACEBOOK,), YES, "Tom Rourke", Capacity.SELF, clock.today(), "form")
    with office.database.transaction(office.school_id) as session:
        record_statement(session, add_adult(session, adult, actor=office.actor), statement, actor=office.actor)
    (word,) = office.all_of(ConsentStatement)
    assert (word.adult_id, word.expires_on, office.state(adult.id)) == (adult.id, None, YES)


def test_protected_are_all_who_may_not_be_shown_everywhere(office):
    shown, facebook_only, refused, silent = (office.pupil(str(number)) for number in range(4))
    office.say(shown, YES)
    office.say(facebook_only, YES, (Purpose.FACEBOOK,))
    office.say(refused, NO)
    today = clock.today()
    with office.database.reading(office.school_id) as session:
        register = snapshot(session, on=today)
        both = protected_ids(register, (Purpose.FACEBOOK, Purpose.X), today)
        only = protected_ids(register, (Purpose.FACEBOOK,), today)
    assert (both, only) == ({facebook_only, refused, silent}, {refused, silent})


@pytest.mark.parametrize(
    ("years", "left", "known"), [(17, True, True), (19, True, False), (None, True, True), (19, False, True)]
)  # fmt: skip
def test_leavers_stay_protected_until_they_are_18(office, years, left, known):
    today = clock.today()
    born = None if years is None else today - timedelta(days=round(years * 365.25))
    ann = office.pupil(date_of_birth=born, left_on=today - timedelta(days=30) if left else None)
    with office.database.reading(office.school_id) as session:
        assert (snapshot(session, on=today).person(str(ann)) is not None) is known


def test_leavers_are_in_no_class(office):
    today = clock.today()
    ann = office.pupil("1", reg_group="4 Oak")
    office.pupil("2", reg_group="4 Oak", left_on=today - timedelta(days=1))
    with office.database.reading(office.school_id) as session:
        assert people_in_classes(session, ["4 Oak"], []) == {ann}


def test_pupil_who_is_not_there(office):
    with office.database.reading(office.school_id) as session, pytest.raises(NotFoundError):
        pupil_with(session, uuid4())
