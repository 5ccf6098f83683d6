"""Consent to a face template: its own, in writing, from a parent, and only while nobody objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record, take_turn
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, WrongStateError
from app.core.permissions import Permission
from app.register.events import templates_disposed
from app.register.models import IMPORTED, UNNAMED, BiometricConsent, BiometricKind, Capacity, FaceTemplate, Pupil
from app.register.versions import touch_register

WRITTEN = ("form", "letter", "e-mail", IMPORTED)
Words = Sequence[BiometricConsent]


@dataclass(frozen=True, slots=True)
class BiometricAnswer:
    kind: BiometricKind
    informant: str
    capacity: Capacity
    how: str
    given_on: date
    evidence_id: UUID | None = None


def words_about_templates(session: Session, pupil_id: UUID) -> Words:
    """Return everything that was said about the pupil's templates, oldest first."""
    query = sa.select(BiometricConsent).where(BiometricConsent.pupil_id == pupil_id)
    ordered = query.order_by(BiometricConsent.given_on, BiometricConsent.recorded_at)
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def active_among(words: Words) -> BiometricConsent | None:
    return next((word for word in words if word.is_active), None)


def objection_among(words: Words, *, unless_by: str = "") -> BiometricConsent | None:
    """Return an objection that stands: nobody but the one who made it can take it back."""
    newest: dict[str, BiometricConsent] = {}
    for word in words:
        if word.how == IMPORTED:
            newest.pop(UNNAMED.casefold(), None)
        newest[word.informant.casefold()] = word
    newest.pop(unless_by.strip().casefold(), None)
    return next((word for word in newest.values() if word.kind is BiometricKind.REFUSED), None)


def record_biometric(session: Session, pupil: Pupil, answer: BiometricAnswer, *, actor: Actor) -> None:
    """Write down an answer. An objection deletes every template of the child in the same transaction."""
    actor.ensure(Permission.REGISTER_WRITE)
    _ensure_sound(answer)
    take_turn(session, actor.school_id)
    words = words_about_templates(session, pupil.id)
    if answer.kind is not BiometricKind.REFUSED:
        _ensure_nobody_objects(answer, words)
        _ensure_nothing_newer(answer, words)
    add_answer(session, pupil.id, answer, words, actor=actor)
    note_answer(session, pupil.id, answer, actor=actor)
    touch_register(session)


def add_answer(session: Session, pupil_id: UUID, answer: BiometricAnswer, words: Words, *, actor: Actor) -> None:
    """Add a word that was already weighed against the others, and let it have its effect on the templates."""
    fresh = BiometricConsent(
        id=uuid4(),
        pupil_id=pupil_id,
        kind=answer.kind,
        is_active=answer.kind is not BiometricKind.REFUSED,
        informant=answer.informant.strip(),
        capacity=answer.capacity,
        how=answer.how,
        given_on=answer.given_on,
        evidence_id=answer.evidence_id,
        recorded_by=actor.name,
        recorded_at=clock.now(),
    )
    session.add(fresh)
    if active_among(words) is None:
        return  # the database keeps no template without an active consent, so there is none
    session.flush()
    if fresh.is_active:
        _rest_templates_on(session, fresh)
    else:
        dispose_of_templates(session, pupil_id, reason="objection", actor=actor)
    _end(words)


def note_answer(session: Session, pupil_id: UUID, answer: BiometricAnswer, *, actor: Actor) -> None:
    tag = f"biometric:{answer.kind.value.replace('_', '-')}"
    record(session, tag, actor=actor, subject_type="pupil", subject_id=pupil_id, details={"how": answer.how})


def end_for_leaver(session: Session, pupil_id: UUID, *, actor: Actor) -> None:
    """A pupil who left has no template any more, and would be asked anew."""
    take_turn(session, actor.school_id)
    dispose_of_templates(session, pupil_id, reason="left", actor=actor)
    _end(words_about_templates(session, pupil_id))


def dispose_of_templates(
    session: Session, pupil_id: UUID, *, reason: str, actor: Actor, before: datetime | None = None
) -> None:
    """Delete a pupil's templates, or those older than `before`, with a line for the disposal log."""
    theirs = sa.delete(FaceTemplate).where(FaceTemplate.pupil_id == pupil_id)
    if before is not None:
        theirs = theirs.where(FaceTemplate.enrolled_at < before)
    gone = session.execute(theirs).rowcount  # type: ignore[attr-defined]  # a cursor's result, which the stubs do not say
    if gone:
        details: dict[str, object] = {"disposed": gone, "what": "face templates", "reason": reason}
        record(session, "template:disposed", actor=actor, subject_type="pupil", subject_id=pupil_id, details=details)
        templates_disposed.send(session, pupil_id=pupil_id, reason=reason, actor=actor)


def dispose_of_everything(session: Session, *, actor: Actor) -> None:
    """Matching is off: delete every template of the school, and whatever comparing with them brought."""
    reason = "matching switched off"
    for pupil_id in session.scalars(sa.select(FaceTemplate.pupil_id).distinct()).all():
        dispose_of_templates(session, pupil_id, reason=reason, actor=actor)
    templates_disposed.send(session, pupil_id=None, reason=reason, actor=actor)


def _rest_templates_on(session: Session, consent: BiometricConsent) -> None:
    """What is enrolled stays enrolled under the newer consent, and under its narrower purpose."""
    templates = sa.update(FaceTemplate).where(FaceTemplate.pupil_id == consent.pupil_id)
    session.execute(templates.values(biometric_consent_id=consent.id))


def _end(words: Words) -> None:
    for word in words:
        if word.is_active:
            word.is_active, word.ended_at = False, clock.now()


def _ensure_nobody_objects(answer: BiometricAnswer, words: Words) -> None:
    objection = objection_among(words, unless_by=answer.informant)
    if objection is not None:
        raise WrongStateError(
            f"{objection.informant} objected on {objection.given_on:%d/%m/%Y}, so no template may be made. "
            "Only the same person can take an objection back."
        )


def _ensure_nothing_newer(answer: BiometricAnswer, words: Words) -> None:
    """A form that turns up late neither ends a newer objection nor widens a newer, narrower yes."""
    own = [word for word in words if word.informant.casefold() == answer.informant.strip().casefold()]
    objection, active = objection_among(own), active_among(words)
    if objection is not None and answer.given_on < objection.given_on:
        raise WrongStateError(
            f"{objection.informant} objected on {objection.given_on:%d/%m/%Y}, after this answer was given, so the "
            "objection stands. Ask for a newer form."
        )
    if active is None or answer.kind is active.kind or active.kind is not BiometricKind.PROTECTIVE_ONLY:
        return
    if answer.given_on < active.given_on:
        raise WrongStateError(
            f"A newer answer, of {active.given_on:%d/%m/%Y}, allows a template only to keep the child out of pictures. "
            "Ask for a newer form."
        )


def _ensure_sound(answer: BiometricAnswer) -> None:
    if not answer.informant.strip():
        raise InvalidInputError("Write down who gave the answer.")
    if answer.given_on > clock.today():
        raise InvalidInputError("The date of the answer is in the future. Check it.")
    if answer.kind is BiometricKind.REFUSED:
        return
    if answer.capacity is not Capacity.PARENT:
        raise InvalidInputError("The law asks for a parent's consent to a face template; a pupil can only say no.")
    if answer.how not in WRITTEN:
        raise InvalidInputError("A yes must be in writing: a form, a letter or an e-mail. Ask for one of these.")
