"""A parent changes their mind: by a signed link and a code, without an account. Only a no can be given this way."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.crypto import SealBrokenError, Sealer
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.register.biometrics import BiometricAnswer, record_biometric
from app.register.models import BiometricKind, Capacity, ParentContact, Pupil
from app.register.queries import active_biometric_consent, snapshot
from app.register.services import Statement, record_statement
from app.register.withdrawal_models import WithdrawalCode
from consent.model import ConsentState, Purpose

FACE_TEMPLATE = "face_template"
CHOICES = (*(purpose.value for purpose in Purpose), FACE_TEMPLATE)
"""All of it can be refused at any time: a no also holds against a yes that somebody else gives later."""
HOW = "online"
TRIES = 5
MAILED_FOR, PRINTED_FOR = timedelta(minutes=15), timedelta(days=60)
MOST_AN_HOUR = 3
NOT_RIGHT = "The code is not right, was used before, or has run out. Ask for another one."
WORTHLESS = "This link is not complete, or is no longer known. Ask the school office for a new letter."


class WithdrawalLinks:
    """Signs the address of one contact; the address alone shows and changes nothing."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(f"withdrawal:{secret}".encode()).digest()

    def token_for(self, contact_id: UUID) -> str:
        return base64.urlsafe_b64encode(contact_id.bytes + self._mark(contact_id.bytes)).decode()

    def whose(self, session: Session, token: str) -> ParentContact:
        """Return the contact. Needs a session across schools; NotFoundError when the address is worthless."""
        try:
            told = base64.urlsafe_b64decode(token)
        except (ValueError, binascii.Error) as error:
            raise NotFoundError(WORTHLESS) from error
        known, mark = told[:16], told[16:]
        is_ours = hmac.compare_digest(mark, self._mark(known)) and len(known) == 16
        contact = session.get(ParentContact, UUID(bytes=known)) if is_ours else None
        if contact is None:
            raise NotFoundError(WORTHLESS)
        return contact

    def _mark(self, known: bytes) -> bytes:
        """Eight bytes keep the address short enough to be typed from a letter, and too long to be guessed."""
        return hmac.digest(self._key, known, "sha256")[:8]


@dataclass(frozen=True, slots=True)
class Receipt:
    reference: str
    choices: Sequence[str]


def contacts_of(session: Session, pupil_id: UUID) -> Sequence[ParentContact]:
    query = sa.select(ParentContact).where(ParentContact.pupil_id == pupil_id)
    return session.scalars(query.order_by(ParentContact.name)).all()


def print_code(session: Session, contact: ParentContact, *, sealer: Sealer, actor: Actor) -> str:
    """Make the code for a letter; the office sees it once."""
    actor.ensure(Permission.REGISTER_WRITE)
    record(session, "withdrawal:letter", actor=actor, subject_type="pupil", subject_id=contact.pupil_id)
    return _new_code(session, contact, sealer, lasting=PRINTED_FOR)


def mail_code(session: Session, contact: ParentContact, *, sealer: Sealer) -> str | None:
    """Make a code for an e-mail; None when this contact asked too often or has no address."""
    recent = sa.select(sa.func.count()).select_from(WithdrawalCode)
    recent = recent.where(
        WithdrawalCode.contact_id == contact.id, WithdrawalCode.made_at > clock.now() - timedelta(hours=1)
    )
    if not contact.email or (session.scalar(recent) or 0) >= MOST_AN_HOUR:
        return None
    return _new_code(session, contact, sealer, lasting=MAILED_FOR)


def use_code(session: Session, contact: ParentContact, given: str, *, sealer: Sealer) -> bool:
    """Tell whether the code is right, and use it up. A wrong one costs every open code of the contact a try."""
    wanted = "".join(given.split()).upper().encode()
    if not wanted:
        return False
    codes = _open_codes(session, contact)
    right = [code for code in codes if secrets.compare_digest(_opened(code, sealer), wanted)]
    for code in right:
        code.used_at = clock.now()
    if not right:
        for code in codes:
            code.tries_left -= 1
    return bool(right)


def switched_on(session: Session, contact: ParentContact) -> Collection[str]:
    """Return what is permitted for the child today; a no-publish flag is neither weighed nor betrayed."""
    today = clock.today()
    person = snapshot(session, on=today).person(str(contact.pupil_id))
    plain = None if person is None else replace(person, no_publish=False)
    purposes = [] if plain is None else [purpose for purpose in Purpose if plain.allows([purpose], today)]
    has_template = active_biometric_consent(session, contact.pupil_id) is not None
    return [*(purpose.value for purpose in purposes), *([FACE_TEMPLATE] if has_template else [])]


def switch_off(session: Session, contact: ParentContact, chosen: Collection[str]) -> Receipt:
    """Record the parent's no. Posts stop, and templates go, in this very transaction."""
    offered = [choice for choice in CHOICES if choice in chosen]
    if not offered:
        raise InvalidInputError("Choose what to switch off.")
    pupil = session.get_one(Pupil, contact.pupil_id)
    actor = system_actor(contact.school_id, "a parent's own page", Permission.REGISTER_WRITE)
    reference = uuid4().hex[:8].upper()
    purposes = tuple(Purpose(choice) for choice in offered if choice != FACE_TEMPLATE)
    today, note = clock.today(), f"Receipt {reference}"
    if purposes:
        no = Statement(purposes, ConsentState.WITHDRAWN, contact.name, Capacity.PARENT, today, HOW, note=note)
        record_statement(session, pupil, no, actor=actor)
    if FACE_TEMPLATE in offered:
        answer = BiometricAnswer(BiometricKind.REFUSED, contact.name, Capacity.PARENT, HOW, today)
        record_biometric(session, pupil, answer, actor=actor)
    details: dict[str, object] = {"receipt": reference, "choices": offered}
    record(session, "withdrawal:received", actor=actor, subject_type="pupil", subject_id=pupil.id, details=details)
    return Receipt(reference, offered)


def _open_codes(session: Session, contact: ParentContact) -> Sequence[WithdrawalCode]:
    query = sa.select(WithdrawalCode).where(
        WithdrawalCode.contact_id == contact.id,
        WithdrawalCode.used_at.is_(None),
        WithdrawalCode.tries_left > 0,
        WithdrawalCode.expires_at > clock.now(),
    )
    return session.scalars(query.with_for_update()).all()


def _new_code(session: Session, contact: ParentContact, sealer: Sealer, *, lasting: timedelta) -> str:
    code, code_id = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(6)), uuid4()
    session.add(
        WithdrawalCode(
            id=code_id,
            contact_id=contact.id,
            sealed=sealer.seal(code.encode(), owner=_owner(code_id)),
            made_at=clock.now(),
            expires_at=clock.now() + lasting,
            tries_left=TRIES,
        )
    )
    session.flush()
    return code


def _opened(code: WithdrawalCode, sealer: Sealer) -> bytes:
    try:
        return sealer.open(code.sealed, owner=_owner(code.id))
    except SealBrokenError:
        return b""


def _owner(code_id: UUID) -> str:
    return f"withdrawal-code:{code_id}"
