"""How often ordinary sentences are stopped, and disguised names missed, in a school of 1,400 made-up pupils.

A colleague wrote `ordinary_sentences.txt` and `disguised_names.tsv` before they were seen by anybody who worked on the
rules. First measured, unseen: 34 of 500 sentences held (9 of them for staff without a recorded agreement), 21 blocked;
259 of 260 disguised names stopped. What is asserted here was reached after looking at them.
"""

from collections import Counter
from datetime import date

import pytest

from consent import CheckSettings, Outcome, check_text
from consent.words.gazetteer import compile_gazetteer
from tests.support.registers import ListedRegister, lines, pupil, rich_school

SCHOOL = rich_school()
STOPPED = (Outcome.BLOCK, Outcome.HOLD)


@pytest.fixture(scope="module")
def names():
    return compile_gazetteer(SCHOOL.people())


@pytest.mark.parametrize(
    ("file", "most_held"), [("ordinary.txt", 0.01), ("held_out.txt", 0.02), ("ordinary_sentences.txt", 0.05)]
)
def test_ordinary_sentences_stay_clear(names, file, most_held):
    sentences = lines(file)
    outcomes = Counter(outcome(sentence, SCHOOL, names) for sentence in sentences)
    assert outcomes[Outcome.BLOCK] == 0
    assert outcomes[Outcome.HOLD] <= most_held * len(sentences)


@pytest.mark.parametrize(("file", "fewest_found"), [("tuned_disguises.tsv", 1.0), ("disguised_names.tsv", 1.0)])
def test_disguised_names_are_stopped(file, fewest_found):
    rows = [line.split("\t", 1) for line in lines(file) if not line.startswith("register name")]
    disguised = (pupil(f"D{i}", name) for i, name in enumerate(dict.fromkeys(name for name, _ in rows)))
    register = ListedRegister([*SCHOOL.people(), *disguised])
    names = compile_gazetteer(register.people())
    missed = [text for _, text in rows if outcome(text.replace("\\n", "\n"), register, names) not in STOPPED]
    assert len(missed) <= (1 - fewest_found) * len(rows), missed


def outcome(text, register, names):
    return check_text(
        text, register, names=names, settings=CheckSettings(), on=date(2026, 11, 2), with_photo=True
    ).outcome
