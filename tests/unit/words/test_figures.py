"""How often ordinary sentences are stopped, and disguised names missed, in a school of 1,400 made-up pupils.

A colleague wrote `ordinary_sentences.txt` and `disguised_names.tsv` before they were seen by anybody who worked on the
rules. First measured, unseen: 34 of 500 sentences held (9 of them for staff without a recorded agreement), 21 blocked;
259 of 260 disguised names stopped. `later_sentences.txt` was written later in the same way, and is full of shows, places
and people of history: unseen, 21 of 303 were held (8 of them for staff) and 15 blocked. What is asserted here was
reached after looking at them. `hard_sentences.txt` and `more_disguises.tsv` came last: 66 of 500 sentences, full of names
of teachers, firms, stories and people of history, were held unseen (36 of them for staff), 26 blocked; 255 of 260 stopped.
"""

from datetime import date

import pytest

from consent import CheckSettings, Outcome, check_text
from consent.codes import Code
from consent.model import Severity
from consent.words.gazetteer import compile_gazetteer
from tests.support.registers import ListedRegister, lines, pupil, rich_school

SCHOOL = rich_school()
STOPPED = (Outcome.BLOCK, Outcome.HOLD)
RIGHTLY_HELD = (Code.NAME_STAFF, Code.DATA_WHEREABOUTS)


@pytest.fixture(scope="module")
def names():
    return compile_gazetteer(SCHOOL.people())


@pytest.mark.parametrize(
    ("file", "most_stopped"),
    [
        ("ordinary.txt", 0.01),
        ("held_out.txt", 0.02),
        ("ordinary_sentences.txt", 0.018),
        ("later_sentences.txt", 0.04),
        ("hard_sentences.txt", 0.06),
    ],
)
def test_ordinary_sentences_stay_clear(names, file, most_stopped):
    """What is rightly held does not count: staff who did not agree, and where pupils will be and when."""
    sentences = lines(file)
    stopped = [sentence for sentence in sentences if is_stopped_wrongly(sentence, names)]
    assert len(stopped) <= most_stopped * len(sentences), stopped


@pytest.mark.parametrize(
    "text",
    [
        "Oliver! opens the batting on Friday",
        "Annie, our musical star, was away",
        "Our pupil in Georgia's class",
        "We learned a lot in school, Georgia",
        "Charlotte is our word wizard",
        "Patience is our star",
        "Oliver & Co won the relay",
        "Annie Novak Florists was the best stall of our enterprise week",
    ],
)
def test_words_about_shows_and_places_hide_nobody(text):
    people = [
        pupil(f"S{i}", f"{name} Novak")
        for i, name in enumerate(("Oliver", "Annie", "Georgia", "Charlotte", "Patience"))
    ]
    register = ListedRegister(people)
    assert outcome(text, register, compile_gazetteer(people)) in STOPPED


@pytest.mark.parametrize(
    ("file", "fewest_found"),
    [("tuned_disguises.tsv", 1.0), ("disguised_names.tsv", 1.0), ("more_disguises.tsv", 0.995)],
)
def test_disguised_names_are_stopped(file, fewest_found):
    rows = [line.split("\t", 1) for line in lines(file) if not line.startswith("register name")]
    disguised = (pupil(f"D{i}", name) for i, name in enumerate(dict.fromkeys(name for name, _ in rows)))
    register = ListedRegister([*SCHOOL.people(), *disguised])
    names = compile_gazetteer(register.people())
    missed = [text for _, text in rows if outcome(text.replace("\\n", "\n"), register, names) not in STOPPED]
    assert len(missed) <= (1 - fewest_found) * len(rows), missed


def outcome(text, register, names):
    return report(text, register, names).outcome


def is_stopped_wrongly(sentence, names):
    found = report(sentence, SCHOOL, names).findings
    return any(finding.severity is not Severity.WARN and finding.code not in RIGHTLY_HELD for finding in found)


def report(text, register, names):
    return check_text(text, register, names=names, settings=CheckSettings(), on=date(2026, 11, 2), with_photo=True)
