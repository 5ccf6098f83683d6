"""Face matching is decided with everything the law asks for on the table, and ends when nobody looks at it again."""

from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa

from app.accounts.roles import PERMISSIONS, Role
from app.core import clock
from app.core.errors import InvalidInputError, NotPermittedError
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.register import decisions
from app.register.checklist import Checklist
from app.register.matching import decision_in_force
from app.register.matching_models import DecisionState, MatchingDecision
from app.register.models import BiometricKind, FaceTemplate
from app.register.reviewing import GRACE, WARN_AHEAD, review_decisions
from app.schools.models import BiometricMode, School

TODAY = clock.today()
BEFORE = (TODAY - timedelta(days=30)).isoformat()
COMPLETE = {
    "mode": "transient",
    "impact_assessed_on": BEFORE,
    "officer_advice": "Agreed, with strict retention and a review in spring.",
    "governors_agreed_on": BEFORE,
    "parents_written_to_on": BEFORE,
    "children_told_on": BEFORE,
    "other_way": "The roll call by eye with the face sheet.",
    "review_on": (TODAY + timedelta(days=200)).isoformat(),
    "because": "Minutes of the governors of 3 March.",
}
ANSWER = {"answer": "I agree. The assessment is sound."}
REASON = {"reason": "The governors want no more of it."}


@pytest.fixture
def now(office):
    """Read the mode and the states of all decisions, oldest first."""

    def read():
        with office.database.reading(office.school_id) as session:
            mode = session.get_one(School, office.school_id).settings.biometric_mode.value
            query = sa.select(MatchingDecision.state).order_by(MatchingDecision.proposed_at)
            return mode, [state.value for state in session.scalars(query)]

    return read


def proposal(office):
    (found,) = office.all_of(MatchingDecision, MatchingDecision.state == DecisionState.PROPOSED)
    return f"/register/matching/{found.id}"


READERS = (Role.HEADTEACHER, Role.ADMINISTRATOR, Role.DPO, Role.OFFICE_MANAGER, Role.SAFEGUARDING_LEAD)


def test_each_role_may_do_its_own_and_no_more():
    """The pages' guards are tried over HTTP for every role in tests/architecture/test_routes.py."""
    holding = {
        permission: {role for role in Role if permission in PERMISSIONS[role]}
        for permission in (Permission.MATCHING_READ, Permission.MATCHING_PROPOSE, Permission.MATCHING_SIGN)
    }
    assert holding == {
        Permission.MATCHING_READ: set(READERS),
        Permission.MATCHING_PROPOSE: {Role.HEADTEACHER, Role.ADMINISTRATOR},
        Permission.MATCHING_SIGN: {Role.DPO},
    }


def test_incomplete_checklist_switches_nothing_on(sign_in, now):
    head = sign_in(Role.HEADTEACHER)
    for missing in COMPLETE:
        answer = head.post("/register/matching/decide", data=COMPLETE | {missing: ""})
        assert (answer.status_code, now()) == (422, ("off", [])), missing
        assert "There is a problem" in answer.text, missing


UNSOUND = [
    ({"impact_assessed_on": (TODAY + timedelta(days=1)).isoformat()}, "in the future"),
    ({"impact_assessed_on": TODAY.isoformat()}, "comes first"),
    ({"review_on": TODAY.isoformat()}, "twelve months"),
    ({"review_on": (TODAY + timedelta(days=400)).isoformat()}, "twelve months"),
    ({"officer_advice": "ok"}, "in a sentence"),
    ({"mode": "off"}, "not a valid choice"),
]


def test_unsound_checklist_is_said_at_its_field(sign_in, now):
    head = sign_in(Role.HEADTEACHER)
    for changes, sentence in UNSOUND:
        answer = head.post("/register/matching/decide", data=COMPLETE | changes)
        assert (answer.status_code, sentence in answer.text.lower()) == (422, True), changes
    assert now() == ("off", [])


def test_strict_holds_at_once_and_transient_waits_for_the_officer(sign_in, office, now):
    head = sign_in(Role.HEADTEACHER)
    head.post("/register/matching/decide", data=COMPLETE | {"mode": "strict"})
    assert now() == ("strict", ["in_force"])
    head.post("/register/matching/decide", data=COMPLETE)
    assert now() == ("strict", ["in_force", "proposed"])
    assert head.post(f"{proposal(office)}/sign", data=ANSWER).status_code == 403
    officer = sign_in(Role.DPO)
    head.post(f"{proposal(office)}/take-back")
    head.post("/register/matching/decide", data=COMPLETE)
    asked = (Notice.user_id == officer.person.id, Notice.read_at.is_(None))
    assert len(office.all_of(Notice, *asked)) == 1
    officer.post(f"{proposal(office)}/sign", data=ANSWER)
    assert now() == ("transient", ["ended", "taken_back", "in_force"])
    assert not office.all_of(Notice, *asked), "what was signed asks nobody any more"
    page = head.get("/register/matching").text
    for word in (officer.person.name, ANSWER["answer"], COMPLETE["other_way"], "Letters sent to each parent"):
        assert word in page


def test_nobody_signs_their_own_proposal(sign_in, office, now, actor_with):
    both = sign_in(Role.HEADTEACHER, Role.DPO)
    both.post("/register/matching/decide", data=COMPLETE)
    answer = both.post(f"{proposal(office)}/sign", data=ANSWER)
    assert (answer.status_code, now()) == (403, ("off", ["proposed"]))
    machine, (waiting,) = actor_with(Permission.MATCHING_SIGN), office.all_of(MatchingDecision)
    with office.database.transaction(office.school_id) as session:
        school = session.get_one(School, office.school_id)
        with pytest.raises(NotPermittedError):
            decisions.sign(session, school, waiting.id, answer=ANSWER["answer"], actor=machine)


def test_declined_and_taken_back_proposals_change_nothing(sign_in, office, now):
    head, officer = sign_in(Role.HEADTEACHER), sign_in(Role.DPO)
    head.post("/register/matching/decide", data=COMPLETE)
    second = head.post("/register/matching/decide", data=COMPLETE)
    assert (second.status_code, "waits for the data protection officer" in second.text) == (422, True)
    officer.post(f"{proposal(office)}/decline", data={"answer": "The letters were not sent."})
    head.post("/register/matching/decide", data=COMPLETE)
    head.post(f"{proposal(office)}/take-back")
    assert now() == ("off", ["declined", "taken_back"])


def test_switching_off_deletes_every_template_with_a_line_each(sign_in, office, now):
    head = sign_in(Role.HEADTEACHER)
    for number in ("1", "22"):
        office.decide(BiometricMode.TRANSIENT)
        pupil = office.pupil(number)
        office.say_of_templates(pupil, BiometricKind.GRANTED)
        office.enrol(pupil, np.full(128, len(number) / 100))
    answer = head.post("/register/matching/off", data=REASON, follow_redirects=True)
    assert (office.count(FaceTemplate), now()[0], answer.status_code) == (0, "off", 200)
    log = sign_in(Role.DPO).get("/register/matching/disposals").text
    assert (log.count("1 × face templates"), "Ann" in log) == (2, False)
    export = sign_in(Role.DPO).post("/register/matching/disposals/export")
    assert (export.text.count("matching switched off"), "Lee" in export.text) == (2, False)
    assert "off already" in head.post("/register/matching/off", data=REASON, follow_redirects=True).text


def test_command_line_decision_is_to_be_confirmed(sign_in, office):
    office.decide(BiometricMode.TRANSIENT)
    assert "without a checklist" in sign_in(Role.DPO).get("/register/matching").text


REVIEWS = [
    (WARN_AHEAD + timedelta(days=1), "transient", 0),
    (WARN_AHEAD, "transient", 1),
    (-GRACE, "transient", 1),
    (-GRACE - timedelta(days=1), "off", 1),
]


@pytest.mark.parametrize(("ahead", "mode", "warnings"), REVIEWS)
def test_review_is_called_for_and_matching_ends_without_it(user_with, office, now, ahead, mode, warnings):
    user_with(Role.DPO)
    office.decide(BiometricMode.TRANSIENT)
    with office.database.transaction(office.school_id) as session:
        decision_in_force(session).review_on = TODAY + ahead
    for _ in range(2):
        review_decisions(office.database)
    assert (now()[0], office.count(Notice)) == (mode, warnings)


def test_proposal_does_not_outlive_the_end_of_matching(sign_in, office, now):
    office.decide(BiometricMode.TRANSIENT)
    sign_in(Role.HEADTEACHER).post("/register/matching/decide", data=COMPLETE)
    with office.database.transaction(office.school_id) as session:
        decision_in_force(session).review_on = TODAY - GRACE - timedelta(days=1)
    review_decisions(office.database)
    assert now() == ("off", ["ended", "taken_back", "in_force"])


def test_matching_from_before_decisions_were_kept_is_put_on_record(office, now):
    with office.database.transaction(office.school_id) as session:
        session.get_one(School, office.school_id).settings_json = {"biometric_mode": "strict"}
    review_decisions(office.database)
    assert now() == ("strict", ["in_force"])
    assert office.all_of(MatchingDecision)[0].review_on > TODAY


def test_signing_asks_the_checklist_again(office, user_with, actor_with):
    """A proposal may lie so long that its review date has passed."""
    officer = user_with(Role.DPO).as_actor()
    given = Checklist.of(COMPLETE)
    with office.database.transaction(office.school_id) as session:
        school = session.get_one(School, office.school_id)
        proposer = actor_with(Permission.MATCHING_PROPOSE)
        waiting = decisions.propose(
            session, school, BiometricMode.TRANSIENT, given, because=COMPLETE["because"], actor=proposer
        )
        waiting.checklist = waiting.checklist | {"review_on": TODAY.isoformat()}
        with pytest.raises(InvalidInputError, match="twelve months"):
            decisions.sign(session, school, waiting.id, answer=ANSWER["answer"], actor=officer)


def test_off_cannot_be_signed_afterwards(office, sign_in, now):
    head, officer = sign_in(Role.HEADTEACHER), sign_in(Role.DPO)
    head.post("/register/matching/decide", data=COMPLETE)
    address = proposal(office)
    officer.post("/register/matching/off", data=REASON)
    assert "cannot sign" in officer.post(f"{address}/sign", data=ANSWER, follow_redirects=True).text
    assert now() == ("off", ["declined", "in_force"])
