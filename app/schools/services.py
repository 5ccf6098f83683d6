"""Create schools, change their settings, and stop everything that goes out."""

import re
import secrets
import unicodedata
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record, take_turn
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.schools.models import School, SchoolSettings


def create_school(session: Session, name: str) -> School:
    """Add a school. The name must be new to this installation."""
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise InvalidInputError("Give the school a name of at most 200 characters.")
    slug = slug_of(name)
    if session.scalar(sa.select(School.id).where(sa.or_(School.name == name, School.slug == slug))):
        raise InvalidInputError(f"There is already a school called {name}.")
    school = School(
        id=uuid4(), name=name, slug=slug, created_at=clock.now(), settings_json={}, register_version=new_version()
    )
    session.add(school)
    session.flush()
    actor = system_actor(school.id, "command line")
    record(session, "school:created", actor=actor, subject_type="school", subject_id=school.id, details={"name": name})
    return school


def find_school(session: Session, name: str | None) -> School:
    """Return the named school, or the only one; raises NotFoundError with the way on."""
    schools = session.scalars(sa.select(School).order_by(School.name)).all()
    if name is not None:
        for school in schools:
            if name.casefold() in (school.name.casefold(), school.slug, str(school.id)):
                return school
        raise NotFoundError(f"There is no school called {name}.")
    if not schools:
        raise NotFoundError("There is no school yet. Make one with: flask --app wsgi school create NAME")
    if len(schools) > 1:
        names = ", ".join(school.name for school in schools)
        raise NotFoundError(f"There are several schools here. Say which with --school NAME: {names}.")
    return schools[0]


def school_with(session: Session, school_id: UUID) -> School:
    school = session.get(School, school_id)
    if school is None:
        raise NotFoundError
    return school


def school_to_change(session: Session, school_id: UUID) -> School:
    """Return the school as it is now: until the commit nobody else changes its settings."""
    school = school_with(session, school_id)
    take_turn(session, school_id)
    session.refresh(school)
    return school


def change_settings(session: Session, school: School, settings: SchoolSettings, *, actor: Actor) -> None:
    """Replace the school's settings; the audit event keeps what changed."""
    actor.ensure(Permission.SETTINGS_MANAGE)
    _ensure_own(school, actor)
    before, after = school.settings.model_dump(mode="json"), settings.model_dump(mode="json")
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    school.settings_json = after
    school.register_version = new_version()
    record(
        session,
        "school:settings-changed",
        actor=actor,
        subject_type="school",
        subject_id=school.id,
        details={"changed": changed},
    )


def stop_publishing(session: Session, school: School, *, actor: Actor) -> None:
    """The emergency stop: from this commit on no worker sends anything for the school."""
    _set_stop(session, school, actor=actor, stopped=True)


def resume_publishing(session: Session, school: School, *, actor: Actor) -> None:
    _set_stop(session, school, actor=actor, stopped=False)


def _set_stop(session: Session, school: School, *, actor: Actor, stopped: bool) -> None:
    actor.ensure(Permission.PUBLISHING_STOP)
    _ensure_own(school, actor)
    take_turn(session, school.id)  # before the school's row, as everybody does: nobody waits for each other
    session.refresh(school)
    school.publishing_stopped_at = clock.now() if stopped else None
    school.publishing_stopped_by = actor.name if stopped else None
    tag = "publishing:stopped" if stopped else "publishing:resumed"
    record(session, tag, actor=actor, subject_type="school", subject_id=school.id)


def _ensure_own(school: School, actor: Actor) -> None:
    if school.id != actor.school_id:
        raise NotFoundError


def new_version() -> int:
    return secrets.randbits(62)


def slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "school"
