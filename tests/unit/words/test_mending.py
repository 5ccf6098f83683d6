"""One tap takes a name out; what is underlined is exactly what was written."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent import CheckSettings, Outcome, check_text
from consent.model import Finding, Severity, SurfaceKind
from consent.words.gazetteer import compile_gazetteer
from consent.words.mending import mends_for
from tests.support.registers import ListedRegister, pupil

REGISTER = ListedRegister([pupil("1", "Amelia Hart"), pupil("2", "Zofia Kowalska"), pupil("3", "Siân|ap Rhys")])
NAMES = compile_gazetteer(REGISTER.people())
REMOVE, REPLACE = 0, 1
WRITTEN = ["Amelia", "Amelia Hart", "Zofia’s", "Siân", unicodedata.normalize("NFD", "Siân"), "𝓐𝓶𝓮𝓵𝓲𝓪", "Ａｍｅｌｉａ", "A.m.e.l.i.a",
           "A\u200bmelia", "#WellDoneAmelia", "@ameliahart"]  # fmt: skip
AROUND = st.text(alphabet="🎉👩‍👧❤️\u0301é .,!?\n👍🏽🇬🇧", max_size=12)


def check(text):
    return check_text(text, REGISTER, names=NAMES, settings=CheckSettings(), on=date(2026, 11, 2), with_photo=True)


@pytest.mark.parametrize(
    ("text", "name", "how", "after"),
    [
        ("Well done Amelia!", "Amelia", REMOVE, "Well done!"),
        ("Well done Amelia!", "Amelia", REPLACE, "Well done one of our pupils!"),
        ("Amelia won the cup.", "Amelia", REMOVE, "Won the cup."),
        ("Amelia won the cup.", "Amelia", REPLACE, "One of our pupils won the cup."),
        ("We loved Amelia's poem", "Amelia", REPLACE, "We loved one of our pupils’ poem"),
        ("Well done Amelia and Ben today", "Amelia", REMOVE, "Well done Ben today"),
        ("Well done Ben and Amelia today", "Amelia", REMOVE, "Well done Ben today"),
        ("Well done Ben, Amelia and Zofia", "Amelia", REMOVE, "Well done Ben and Zofia"),
        ("Well done Amelia, Ben and Zofia", "Amelia", REMOVE, "Well done Ben and Zofia"),
        ("See #WellDoneAmelia!", "Amelia", REMOVE, "See!"),
        ("Hi. Amelia sang", "Amelia", REMOVE, "Hi. Sang"),
    ],
)
def test_name_is_taken_out_or_said_otherwise(text, name, how, after):
    start = text.index(name)
    finding = Finding("name.in-photo-post", Severity.BLOCK, "", SurfaceKind.CAPTION, (start, start + len(name)))
    assert mends_for(text, finding)[how].apply(text) == after


@settings(max_examples=400, deadline=None)
@given(AROUND, st.sampled_from(WRITTEN), AROUND)
def test_exactly_the_name_is_underlined(before, written, after):
    text = f"{before} {written} {after}"
    spans = [finding.span for finding in check(text).findings]
    marked = {text[start:end] for start, end in spans}
    assert any(mark in written and len(mark) >= 4 for mark in marked), (text, marked)


@settings(max_examples=400, deadline=None)
@given(AROUND, st.sampled_from(WRITTEN), AROUND, st.sampled_from([REMOVE, REPLACE]))
def test_mends_end_in_words_that_pass(before, written, after, how):
    text = f"{before} {written} {after}"
    for _ in range(6):
        report = check(text)
        if report.outcome is Outcome.CLEAR:
            return
        mends = mends_for(text, report.findings[0])
        text = mends[min(how, len(mends) - 1)].apply(text)
    raise AssertionError(text)
