"""What counts on a day, whatever was said in whatever order: only a yes that is in date and that nobody denies."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.register.models import Pupil
from app.register.services import end_of_school_year
from app.register.snapshots import grants_from, person_from_pupil
from consent.model import ConsentState, Purpose
from tests.support.consent_words import TODAY, imported, said

YES, NO, GONE = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.WITHDRAWN
EXPIRED, BLANK = ConsentState.EXPIRED, ConsentState.NOT_RECORDED
MARCH, JUNE, SEPTEMBER = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


def state_on(day, statements, *, left_on=None, no_publish=False, purpose=Purpose.FACEBOOK):
    pupil = Pupil(id=uuid4(), admission_no="1", legal_forename="Ann", legal_surname="Lee", left_on=left_on)
    return person_from_pupil(pupil, grants_from(statements, day), no_publish=no_publish).state_for(purpose, day)


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([], BLANK),
        ([said(YES, MARCH)], YES),
        ([said(NO, MARCH)], NO),
        ([said(GONE, MARCH)], GONE),
        ([said(YES, MARCH), said(GONE, JUNE)], GONE),
        ([said(GONE, MARCH), said(YES, JUNE)], YES),
        ([said(YES, JUNE), said(NO, MARCH, heard_on=SEPTEMBER)], YES),
        ([said(YES, JUNE), said(NO, JUNE, order=1)], NO),
        ([said(YES, MARCH), said(NO, MARCH)], NO),
        ([said(YES, MARCH), said(NO, MARCH, by="Father")], NO),
        ([said(NO, MARCH, by="Father"), said(YES, JUNE), said(YES, SEPTEMBER)], NO),
        ([said(NO, MARCH, by="Father"), said(YES, JUNE, by="father")], YES),
        ([said(NO, MARCH, by="Ann (the pupil)"), said(YES, JUNE)], NO),
        ([said(YES, MARCH, until=JUNE)], EXPIRED),
        ([said(YES, MARCH, until=TODAY)], YES),
        ([said(YES, MARCH, until=TODAY - timedelta(days=1))], EXPIRED),
        ([said(YES, MARCH, until=None)], YES),
        ([said(YES, MARCH, until=JUNE), said(YES, JUNE, by="Father")], YES),
        ([said(YES, MARCH, until=JUNE), said(NO, JUNE)], NO),
        ([said(YES, MARCH, purpose=Purpose.X)], BLANK),
        ([said(YES, TODAY + timedelta(days=1))], BLANK),
        ([said(YES, MARCH), said(NO, TODAY + timedelta(days=9), heard_on=TODAY)], NO),
        ([imported(NO, MARCH), imported(YES, JUNE, by="Mother")], YES),
        ([imported(NO, JUNE), imported(YES, MARCH, by="Mother")], NO),
        ([imported(NO, MARCH, by="Father"), imported(YES, JUNE)], NO),
        ([imported(NO, MARCH), said(YES, JUNE)], NO),
    ],
)
def test_what_counts_today(statements, state):
    assert state_on(TODAY, statements) is state
    assert state_on(TODAY, statements[::-1]) is state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (MARCH - timedelta(days=1), BLANK),
        (MARCH, YES),
        (JUNE, GONE),
        (SEPTEMBER, YES),
        (date(2027, 8, 31), YES),
        (date(2027, 9, 1), EXPIRED),
    ],
)
def test_consent_on_another_day(day, state):
    assert state_on(day, [said(YES, MARCH), said(GONE, JUNE), said(YES, SEPTEMBER)]) is state


@pytest.mark.parametrize(("left_on", "state"), [(None, YES), (TODAY, YES), (TODAY - timedelta(days=1), EXPIRED)])
def test_permission_ends_with_the_last_day(left_on, state):
    assert state_on(TODAY, [said(YES, MARCH, until=None)], left_on=left_on) is state


def test_leaver_who_refused_still_refuses():
    assert state_on(TODAY, [said(NO, MARCH)], left_on=MARCH) is NO


def test_no_publish_flag_reads_like_a_refusal():
    assert state_on(TODAY, [said(YES, MARCH)], no_publish=True) is NO


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 9, 1), date(2027, 8, 31)),
        (date(2026, 8, 31), date(2026, 8, 31)),
        (date(2027, 1, 1), date(2027, 8, 31)),
        (date(2026, 12, 31), date(2027, 8, 31)),
    ],
)
def test_school_year_ends_in_august(day, end):
    assert end_of_school_year(day) == end


days = st.dates(min_value=date(2025, 1, 1), max_value=date(2027, 12, 31))
words = st.builds(
    said,
    st.sampled_from([YES, NO, GONE]),
    days,
    by=st.sampled_from(["Mother", "mother", "Father", "Ann"]),
    purpose=st.sampled_from([Purpose.FACEBOOK, Purpose.X]),
    until=st.none() | days,
    how=st.sampled_from(["form", "import"]),
    order=st.integers(0, 3),
)


@given(st.lists(words, max_size=8), days)
def test_only_a_newest_yes_in_date_lets_anything_pass(statements, day):
    if state_on(day, statements) is not YES:
        return
    heard = [word for word in statements if word.purpose is Purpose.FACEBOOK and word.given_on <= day]
    newest = max(heard, key=lambda word: (word.given_on, word.recorded_at, word.state is not YES))
    assert newest.state is YES
    assert any(word.state is YES and (word.expires_on is None or word.expires_on >= day) for word in heard)


@given(st.lists(words, max_size=8), days, st.sampled_from(["Mother", "Father"]), st.sampled_from([NO, GONE]))
def test_last_no_of_anybody_stops_everything(statements, day, by, state):
    last = max([day, *(word.given_on for word in statements)]) + timedelta(days=1)
    assert state_on(last, [*statements, said(state, last, by=by)]) in (NO, GONE)


@given(st.lists(words, max_size=8), days, st.permutations(range(8)))
def test_order_of_reading_does_not_matter(statements, day, order):
    def moment(word):
        return (word.purpose, word.given_on, word.recorded_at)

    if len({moment(word) for word in statements}) < len(statements):
        return
    shuffled = [statements[position] for position in order if position < len(statements)]
    assert state_on(day, shuffled) is state_on(day, statements)


@given(st.lists(words, max_size=8), days)
def test_silence_never_widens(statements, day):
    without_a_yes = [word for word in statements if word.state is not YES]
    assert state_on(day, without_a_yes) is not YES
