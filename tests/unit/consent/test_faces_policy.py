"""What is decided about faces: who may be shown, and who must answer."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent import CheckSettings, Code, Outcome, Severity, check
from consent.model import (
    Answer,
    Box,
    ConsentState,
    Content,
    Disposition,
    Grant,
    MatchStatus,
    Picture,
    Purpose,
    Sighting,
    Surface,
    SurfaceKind,
)
from consent.policy import shows_people
from tests.support.registers import EVERYTHING, ListedRegister, adult, pupil

TODAY = date(2026, 11, 2)
AUTHOR, LEADER = "author", "leader"
REGISTER = ListedRegister(
    [
        pupil("granted", "Zofia Kowalska", grants=EVERYTHING),
        pupil("facebook-only", "Tariq Rahimi", grants=[Grant(Purpose.FACEBOOK, ConsentState.GRANTED)]),
        pupil("refused", "Ada Novak", grants=[Grant(Purpose.FACEBOOK, ConsentState.REFUSED)]),
        pupil("flagged", "Ada Novak", grants=EVERYTHING, no_publish=True),
        pupil("expired", "Kwame Mensah", grants=[Grant(Purpose.FACEBOOK, ConsentState.GRANTED, date(2026, 8, 31))]),
        pupil("silent", "Esme Whitlock"),
        adult("agreed", "Helen Varga", grants=EVERYTHING),
        adult("unasked", "Tom Rourke"),
    ]
)
ALT = Surface(SurfaceKind.ALT_TEXT, "Children paint a mural", "p")


def face(answer=None, *, status=MatchStatus.UNKNOWN, gone=False, number=1):
    return Sighting(number, Box(0, 0, 10, 10), status, answer=answer, obscured_and_gone=gone)


def answered(disposition, person_id=None, *, signed_by=None):
    return Answer(disposition, person_id, answered_by=AUTHOR, second_signature_by=signed_by)


def report_of(*faces, boxed=True, roster=None, purposes=(Purpose.FACEBOOK,), surfaces=(ALT,), problem=None):
    picture = Picture("p", tuple(faces), all_faces_boxed=boxed, problem=problem)
    content = Content(tuple(surfaces), (picture,), tuple(purposes), roster, AUTHOR)
    return check(content, REGISTER, settings=CheckSettings(), on=TODAY)


def codes(report, severity=None):
    return {finding.code for finding in report.findings if severity in (None, finding.severity)}


def test_picture_with_consented_pupil_is_clear():
    report = report_of(face(answered(Disposition.PUPIL, "granted")))
    assert report.outcome is Outcome.CLEAR
    assert report.depicted == {"granted"}


@pytest.mark.parametrize("person_id", ["refused", "flagged", "expired", "silent", "unasked"])
def test_person_without_consent_blocks(person_id):
    disposition = Disposition.ADULT if person_id == "unasked" else Disposition.PUPIL
    assert codes(report_of(face(answered(disposition, person_id))), Severity.BLOCK) == {Code.FACE_NO_CONSENT}


def test_every_network_of_the_post_is_asked_for():
    report = report_of(face(answered(Disposition.PUPIL, "facebook-only")), purposes=[Purpose.FACEBOOK, Purpose.X])
    [finding] = report.findings
    assert "no consent for X." in finding.message
    assert "Facebook" not in finding.message


def test_hidden_flag_reads_like_a_refusal():
    [refused] = report_of(face(answered(Disposition.PUPIL, "refused"))).findings
    [flagged] = report_of(face(answered(Disposition.PUPIL, "flagged"))).findings
    assert replace(flagged, person_id="refused") == refused


def test_post_with_pictures_but_no_network_is_blocked():
    assert Code.NETWORK_MISSING in codes(report_of(face(answered(Disposition.PUPIL, "silent")), purposes=[]))


def test_tag_of_nobody_known_blocks():
    for person_id in (None, "stranger"):
        report = report_of(face(answered(Disposition.ADULT, person_id)))
        assert codes(report, Severity.BLOCK) == {Code.FACE_UNKNOWN_PERSON}


@pytest.mark.parametrize("status", MatchStatus)
def test_unanswered_face_blocks(status):
    assert codes(report_of(face(status=status)), Severity.BLOCK) == {Code.FACE_UNANSWERED}


def test_unconfirmed_picture_blocks_even_without_faces():
    assert codes(report_of(boxed=False), Severity.BLOCK) == {Code.PICTURE_UNCONFIRMED}


def test_picture_without_alt_text_blocks():
    for surfaces in ((), (Surface(SurfaceKind.ALT_TEXT, " ", "p"),), (Surface(SurfaceKind.ALT_TEXT, "Trees", "q"),)):
        assert codes(report_of(surfaces=surfaces), Severity.BLOCK) == {Code.ALT_TEXT_MISSING}


def test_picture_that_could_not_be_checked_blocks_with_its_reason():
    [finding] = report_of(problem="This file is cut short. Upload it again.").findings
    assert (finding.code, finding.severity) == (Code.PICTURE_PROBLEM, Severity.BLOCK)
    assert finding.message == "This file is cut short. Upload it again."


def test_obscured_face_must_be_gone():
    answer = answered(Disposition.OBSCURED)
    assert codes(report_of(face(answer)), Severity.BLOCK) == {Code.FACE_NOT_OBSCURED}
    assert report_of(face(answer, gone=True)).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    "disposition", [d for d in Disposition if d not in (Disposition.OBSCURED, Disposition.CROPPED)]
)
@pytest.mark.parametrize("signed_by", [None, "", AUTHOR])
def test_author_alone_cannot_answer_away_a_protected_face(disposition, signed_by):
    answer = answered(disposition, "granted", signed_by=signed_by)
    report = report_of(face(answer, status=MatchStatus.PROTECTED))
    assert Code.FACE_PROTECTED in codes(report, Severity.BLOCK)


def test_protected_face_may_be_hidden_or_signed_for():
    obscured = face(answered(Disposition.OBSCURED), status=MatchStatus.PROTECTED, gone=True)
    cropped = face(answered(Disposition.CROPPED), status=MatchStatus.PROTECTED, number=2)
    assert report_of(obscured, cropped).outcome is Outcome.CLEAR
    signed = face(answered(Disposition.PUPIL, "granted", signed_by=LEADER), status=MatchStatus.PROTECTED)
    assert codes(report_of(signed)) == {Code.FACE_POSSIBLE}


def test_protected_face_that_is_still_to_be_seen_is_not_hidden():
    report = report_of(face(answered(Disposition.OBSCURED), status=MatchStatus.PROTECTED))
    assert report.outcome is Outcome.BLOCK


@pytest.mark.parametrize(
    "disposition", [Disposition.ROLL_CALL, Disposition.NOT_A_FACE, Disposition.NOT_RECOGNISABLE, Disposition.PUPIL]
)
def test_answer_for_a_possible_match_is_shown_to_the_approver(disposition):
    report = report_of(face(answered(disposition, "granted"), status=MatchStatus.POSSIBLE))
    assert codes(report) == {Code.FACE_POSSIBLE}
    assert report.outcome is Outcome.WARN


@pytest.mark.parametrize("status", [MatchStatus.SUGGESTED, MatchStatus.UNKNOWN])
@pytest.mark.parametrize(
    "disposition", [Disposition.ROLL_CALL, Disposition.NOT_A_FACE, Disposition.NOT_RECOGNISABLE, Disposition.CROPPED]
)
def test_other_faces_take_any_answer(status, disposition):
    assert report_of(face(answered(disposition), status=status)).outcome is Outcome.CLEAR


def test_pupil_outside_the_roster_is_a_warning():
    answer = answered(Disposition.PUPIL, "granted")
    assert codes(report_of(face(answer), roster=frozenset({"silent"})), Severity.WARN) == {Code.FACE_OUTSIDE_ROSTER}
    assert report_of(face(answer), roster=frozenset({"granted"})).outcome is Outcome.CLEAR


def test_nobody_is_twice_in_one_picture():
    answer = answered(Disposition.PUPIL, "granted")
    report = report_of(face(answer), face(answer, number=2))
    assert codes(report, Severity.BLOCK) == {Code.FACE_TWICE}
    poster = answered(Disposition.ADULT, "agreed")
    assert codes(report_of(face(poster), face(poster, number=2)), Severity.HOLD) == {Code.FACE_TWICE}


@pytest.mark.parametrize(("count", "found"), [(1, {Code.PEOPLE_MISSING}), (2, set()), (3, {Code.PEOPLE_MISSING})])
def test_more_or_fewer_people_than_boxes_block(count, found):
    faces = (face(answered(Disposition.PUPIL, "granted")), face(answered(Disposition.ROLL_CALL), number=2))
    no_person = face(answered(Disposition.NOT_A_FACE), number=3)
    counted = replace(picture(*faces, no_person), people_count=count)
    content = Content((ALT,), (counted,), (Purpose.FACEBOOK,), None, AUTHOR)
    report = check(content, REGISTER, settings=CheckSettings(), on=TODAY)
    assert codes(report, Severity.BLOCK) == found


@pytest.mark.parametrize(
    ("roster", "severity"), [(None, Severity.WARN), ({"refused"}, Severity.WARN), ({"granted"}, Severity.HOLD)]
)
def test_protected_pupil_who_was_not_to_be_there_is_held(roster, severity):
    resembling = replace(face(answered(Disposition.ROLL_CALL), status=MatchStatus.POSSIBLE), person_id="refused")
    report = report_of(resembling, roster=roster and frozenset(roster))
    assert codes(report, severity) == {Code.FACE_POSSIBLE}


@pytest.mark.parametrize(("distance", "severity"), [(0.48, Severity.HOLD), (0.5, Severity.HOLD), (0.51, Severity.WARN)])
def test_face_very_like_a_protected_pupil_is_held_though_another_is_nearer(distance, severity):
    alike = replace(face(answered(Disposition.PUPIL, "granted"), status=MatchStatus.POSSIBLE), distance=distance)
    alike = replace(alike, person_id="refused", margin=-0.2)
    content = Content((ALT,), (picture(alike),), (Purpose.FACEBOOK,), None, AUTHOR, protected_distance=0.5)
    assert codes(check(content, REGISTER, settings=CheckSettings(), on=TODAY), severity) == {Code.FACE_POSSIBLE}


def test_tag_that_the_matching_contradicts_is_shown_to_the_approver():
    suggested = replace(face(answered(Disposition.PUPIL, "granted"), status=MatchStatus.SUGGESTED), person_id="silent")
    assert codes(report_of(suggested), Severity.WARN) == {Code.FACE_NOT_AS_SUGGESTED}
    assert report_of(replace(suggested, person_id="granted")).outcome is Outcome.CLEAR


def test_brother_of_a_protected_pupil_is_looked_at_again():
    family = ListedRegister([pupil("one", "Jack Penrose", grants=EVERYTHING), pupil("two", "Oliver Penrose")])
    tagged = picture(face(answered(Disposition.PUPIL, "one")))
    content = Content((ALT,), (tagged,), (Purpose.FACEBOOK,), None, AUTHOR)
    assert codes(check(content, family, settings=CheckSettings(), on=TODAY)) == {Code.FACE_LIKE_FAMILY}


@pytest.mark.parametrize(("disposition", "who"), [(Disposition.ADULT, "granted"), (Disposition.PUPIL, "agreed")])
def test_pupil_is_no_adult_and_an_adult_no_pupil(disposition, who):
    assert codes(report_of(face(answered(disposition, who))), Severity.BLOCK) == {Code.FACE_UNKNOWN_PERSON}


def picture(*faces, boxed=True, problem=None):
    return Picture("p", faces, all_faces_boxed=boxed, problem=problem)


@pytest.mark.parametrize(
    ("pictures", "shows"),
    [
        ([], False),
        ([picture()], False),
        ([picture(face(answered(Disposition.NOT_A_FACE)))], False),
        ([picture(boxed=False)], True),
        ([picture(problem="broken")], True),
        ([picture(face())], True),
        ([picture(face(answered(Disposition.OBSCURED), gone=True))], True),
        ([picture(face(answered(Disposition.NOT_RECOGNISABLE)))], True),
        ([picture(face(answered(Disposition.NOT_A_FACE), status=MatchStatus.PROTECTED))], True),
        ([picture(face(answered(Disposition.NOT_A_FACE, signed_by=LEADER), status=MatchStatus.PROTECTED))], False),
        ([picture(), picture(face())], True),
    ],
)
def test_only_a_confirmed_empty_picture_shows_nobody(pictures, shows):
    assert shows_people(pictures) is shows


people = st.sampled_from([None, "stranger", *(person.id for person in REGISTER.people())])
answers = st.builds(
    Answer,
    st.sampled_from(Disposition),
    people,
    st.just(AUTHOR),
    st.sampled_from([None, AUTHOR, LEADER]),
)
faces = st.lists(
    st.builds(
        face, st.none() | answers, status=st.sampled_from(MatchStatus), gone=st.booleans(), number=st.integers(1, 50)
    ),
    max_size=5,
)


@given(faces, st.booleans(), st.none() | st.just("broken"))
def test_nothing_passes_that_shows_somebody_without_consent(sightings, boxed, problem):
    report = report_of(*sightings, boxed=boxed, problem=problem)
    if report.outcome is Outcome.BLOCK:
        return
    assert boxed
    assert problem is None
    for sighting in sightings:
        answer = sighting.answer
        assert answer is not None
        if answer.disposition in (Disposition.PUPIL, Disposition.ADULT):
            assert REGISTER.person(answer.person_id).allows([Purpose.FACEBOOK], TODAY)
        if sighting.status is MatchStatus.PROTECTED and answer.disposition is not Disposition.CROPPED:
            assert sighting.obscured_and_gone or answer.second_signature_by == LEADER
