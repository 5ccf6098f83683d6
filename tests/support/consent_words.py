"""Made-up words about consent, as rows that were never stored."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from app.register.biometrics import BiometricAnswer
from app.register.models import IMPORTED, UNNAMED, BiometricConsent, BiometricKind, Capacity, ConsentStatement
from consent.model import ConsentState, Purpose

TODAY = date(2026, 11, 21)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def said(
    state,
    given_on,
    *,
    by="Mother",
    purpose=Purpose.FACEBOOK,
    until=date(2027, 8, 31),
    how="form",
    heard_on=None,
    order=0,
):
    """Make a statement that was recorded at noon of the day it was given, unless it was heard of later."""
    day = heard_on or given_on
    return ConsentStatement(
        id=uuid4(), pupil_id=uuid4(), purpose=purpose, state=state, informant=by, capacity=Capacity.PARENT, given_on=given_on, how=how,
        expires_on=until if state is ConsentState.GRANTED else None, recorded_by="Office",
        recorded_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=order),
    )  # fmt: skip


def imported(state, given_on, *, by=UNNAMED, **more):
    return said(state, given_on, by=by, how=IMPORTED, **more)


def about_templates(kind, given_on, *, by="Mother", how="form", active=None):
    return BiometricConsent(
        id=uuid4(), pupil_id=uuid4(), kind=kind, is_active=kind is not BiometricKind.REFUSED if active is None else active,
        informant=by, capacity=Capacity.PARENT, how=how, given_on=given_on, recorded_by="Office", recorded_at=FIRST,
    )  # fmt: skip


def answer(kind, given_on, *, by="Mother", how="form", capacity=Capacity.PARENT):
    return BiometricAnswer(kind, by, capacity, how, given_on)
