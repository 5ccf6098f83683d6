"""What is decided about names: where they may stand, and whose."""

from datetime import date

import pytest

from consent import MEANINGS, CheckSettings, Code, Outcome, Severity, check, check_text
from consent.model import (
    Answer,
    Box,
    ConsentState,
    Content,
    Disposition,
    Grant,
    Picture,
    Purpose,
    Sighting,
    Surface,
    SurfaceKind,
)
from consent.words.gazetteer import compile_gazetteer
from tests.support.registers import EVERYTHING, ListedRegister, adult, pupil

TODAY = date(2026, 11, 2)
NAMED = [Grant(Purpose.NAME, ConsentState.GRANTED)]
REGISTER = ListedRegister(
    [
        pupil("named", "Zofia Kowalska", grants=EVERYTHING),
        pupil("unnamed", "Tariq Rahimi"),
        pupil("flagged", "Kwame Mensah", grants=EVERYTHING, no_publish=True),
        pupil("name-only", "Priya Nandakumar", grants=NAMED),
        pupil("grace", "Grace Okafor", grants=EVERYTHING),
        pupil("will", "Will Adeyemi"),
        pupil("first-esme", "Esme Whitlock", grants=EVERYTHING),
        pupil("second-esme", "Esme Farrow"),
        adult("agreed", "Helen Varga", grants=EVERYTHING),
        adult("unasked", "Tom Rourke"),
    ]
)
NAMES = compile_gazetteer(REGISTER.people())
EMPTY = Picture("p", (), all_faces_boxed=True)
CROWD = Picture("p", (Sighting(1, Box(0, 0, 9, 9), answer=Answer(Disposition.NOT_RECOGNISABLE)),), all_faces_boxed=True)


def words(text, *, with_photo=False, purposes=(Purpose.FACEBOOK,), **settings):
    return check_text(
        text,
        REGISTER,
        names=NAMES,
        settings=CheckSettings(**settings),
        on=TODAY,
        with_photo=with_photo,
        purposes=purposes,
    )


def codes(report):
    return {finding.code for finding in report.findings}


@pytest.mark.parametrize("kind", SurfaceKind)
def test_name_on_any_surface_of_a_photo_post_blocks(kind):
    alt = Surface(SurfaceKind.ALT_TEXT, "A crowd", "p")
    content = Content((alt, Surface(kind, "see zofia-kowalska-1.jpg", "p")), (CROWD,), (Purpose.FACEBOOK,))
    report = check(content, REGISTER, names=NAMES, settings=CheckSettings(), on=TODAY)
    [finding] = [finding for finding in report.findings if finding.severity is Severity.BLOCK]
    assert (finding.code, finding.surface, finding.picture_id) == (Code.NAME_IN_PHOTO_POST, kind, "p")
    assert finding.person_id == "named"


def test_words_left_with_the_picture_are_a_surface():
    picture = Picture("p", CROWD.sightings, ("Star of the week", "Zofia"), all_faces_boxed=True)
    content = Content((Surface(SurfaceKind.ALT_TEXT, "A crowd", "p"),), (picture,), (Purpose.FACEBOOK,))
    report = check(content, REGISTER, names=NAMES, settings=CheckSettings(), on=TODAY)
    [finding] = report.findings
    assert (finding.code, finding.surface) == (Code.NAME_IN_PHOTO_POST, SurfaceKind.PICTURE_TEXT)


def test_consent_does_not_let_a_name_stand_beside_a_photo():
    assert codes(words("Zofia sang", with_photo=True)) == {Code.NAME_IN_PHOTO_POST}
    assert codes(words("Zofia Kowalska sang", with_photo=True)) == {Code.NAME_IN_PHOTO_POST}


def test_message_says_what_to_do():
    [finding] = words("Zofia sang", with_photo=True).findings
    assert finding.message == "“Zofia” is the name of a pupil. Take the name out, or take the photos out."
    assert finding.span == (0, 5)


@pytest.mark.parametrize(
    ("text", "code", "outcome"),
    [
        ("Zofia sang beautifully", None, Outcome.CLEAR),
        ("Zofia Kowalska sang", Code.NAME_SURNAME, Outcome.BLOCK),
        ("Kowalska sang", Code.NAME_SURNAME, Outcome.BLOCK),
        ("Zofia in Year 4 sang", Code.NAME_WITH_CLASS, Outcome.WARN),
        ("Zofia Kowalska in Year 4 sang", Code.NAME_SURNAME, Outcome.BLOCK),
        ("Zofia is home from hospital", Code.NAME_WITH_DETAILS, Outcome.BLOCK),
        ("Tariq sang", Code.NAME_IN_POST, Outcome.BLOCK),
        ("Kwame sang", Code.NAME_IN_POST, Outcome.BLOCK),
        ("Priya sang", Code.NAME_IN_POST, Outcome.BLOCK),
        ("Esme sang", Code.NAME_WHICH, Outcome.HOLD),
        ("Grace sang for us", None, Outcome.CLEAR),
        ("Will sang for us", Code.NAME_MAYBE, Outcome.HOLD),
        ("Thank you Mrs Varga", None, Outcome.CLEAR),
        ("Thank you Mr Rourke", Code.NAME_STAFF, Outcome.HOLD),
        ("Thank you Tom Rourke", Code.NAME_STAFF, Outcome.HOLD),
        ("Thank you Mr Unheardof", Code.NAME_STAFF, Outcome.HOLD),
        ("Thank you Miss Kowalska", Code.NAME_STAFF, Outcome.HOLD),
        ("Well done Ottoline", Code.NAME_UNKNOWN, Outcome.HOLD),
    ],
)
def test_text_alone(text, code, outcome):
    report = words(text)
    assert report.outcome is outcome
    assert codes(report) == ({code} if code else set())


def test_name_consent_alone_is_enough_where_no_network_is_asked_for():
    assert words("Priya sang", purposes=()).outcome is Outcome.CLEAR


def test_name_in_an_empty_picture_is_looked_at():
    surfaces = (Surface(SurfaceKind.ALT_TEXT, "A certificate", "p"), Surface(SurfaceKind.PICTURE_TEXT, "Zofia", "p"))
    report = check(
        Content(surfaces, (EMPTY,), (Purpose.FACEBOOK,)), REGISTER, names=NAMES, settings=CheckSettings(), on=TODAY
    )
    assert codes(report) == {Code.NAME_IN_PICTURE}
    assert report.outcome is Outcome.HOLD


def test_hold_shows_the_sentence():
    [finding] = words("What a day. We heard Will read aloud! Then we ate.", with_photo=True).findings
    assert "“We heard Will read aloud!”" in finding.message


def test_mentioned_gathers_pupils_and_not_staff():
    assert words("Mrs Varga and Zofia and Esme").mentioned == {"named", "first-esme", "second-esme"}


def test_register_is_compiled_when_no_names_are_given():
    content = Content((Surface(SurfaceKind.CAPTION, "Tariq sang"),), (), (Purpose.FACEBOOK,))
    assert codes(check(content, REGISTER, settings=CheckSettings(), on=TODAY)) == {Code.NAME_IN_POST}


def test_settings_reach_data_and_links():
    text = "Call 020 7946 0000 today"
    assert codes(words(text)) == {Code.DATA_PHONE}
    assert codes(words("see http://school.org")) == {Code.LINK_NOT_HTTPS}
    allowed = words(
        "Call 020 7946 0000, see http://school.org", published_contacts=["020 7946 0000"], allowed_hosts=["school.org"]
    )
    assert allowed.outcome is Outcome.CLEAR


def test_an_error_is_let_out():
    class BrokenRegister(ListedRegister):
        def person(self, person_id):
            raise LookupError(person_id)

    content = Content((Surface(SurfaceKind.CAPTION, "Zofia"),))
    with pytest.raises(LookupError):
        check(content, BrokenRegister(REGISTER.people()), names=NAMES, settings=CheckSettings(), on=TODAY)


def test_every_code_has_its_meaning():
    assert set(MEANINGS) == set(Code)
