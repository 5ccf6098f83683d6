"""An office that keeps the register, and pupils of every kind."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.register.biometrics import BiometricAnswer, record_biometric
from app.register.import_file import read_import
from app.register.import_report import ImportReport
from app.register.importing import import_register
from app.register.likenesses import add_template
from app.register.matching import decide_matching
from app.register.models import BiometricKind, Capacity, FaceTemplate, Pupil
from app.register.queries import snapshot
from app.register.services import Statement, record_statement
from app.register.versions import touch_register
from app.schools.models import BiometricMode, School
from consent.model import ConsentState, Purpose

SOCIAL = (Purpose.FACEBOOK, Purpose.X)


@dataclass
class Office:
    """The office manager at work; each step is a transaction of its own."""

    app: Any
    database: Any
    school_id: UUID
    actor: Actor

    def pupil(self, number: str = "1", forename: str = "Ann", surname: str = "Lee", **fields) -> UUID:
        with self.database.transaction(self.school_id) as session:
            pupil = Pupil(id=uuid4(), admission_no=number, legal_forename=forename, legal_surname=surname, **fields)
            session.add(pupil)
            touch_register(session)
            return pupil.id

    def say(
        self, pupil_id: UUID, state: ConsentState, purposes=SOCIAL, *, by="Mother", how="form", on=None, **more
    ) -> None:
        statement = Statement(purposes, state, by, Capacity.PARENT, on or clock.today(), how, **more)
        with self.database.transaction(self.school_id) as session:
            record_statement(session, session.get_one(Pupil, pupil_id), statement, actor=self.actor)

    def say_of_templates(
        self, pupil_id: UUID, kind: BiometricKind, *, by="Mother", capacity=Capacity.PARENT, how="form", on=None
    ) -> None:
        answer = BiometricAnswer(kind, by, capacity, how, on or clock.today())
        with self.database.transaction(self.school_id) as session:
            record_biometric(session, session.get_one(Pupil, pupil_id), answer, actor=self.actor)

    def decide(self, mode: BiometricMode) -> None:
        with self.database.transaction(self.school_id) as session:
            school = session.get_one(School, self.school_id)
            decide_matching(session, school, mode, because="The governors decided.", actor=self.actor)

    def enrol(self, pupil_id: UUID, vector, source: str | None = None) -> None:
        sealer = self.app.extensions["schoolgate.sealers"]["templates"]
        with self.database.transaction(self.school_id) as session:
            pupil = session.get_one(Pupil, pupil_id)
            add_template(
                session,
                pupil,
                vector,
                source_sha256=source or uuid4().hex * 2,
                sealer=sealer,
                actor=self.actor,
            )

    def bring_in(self, *lines: str, apply: bool = True) -> ImportReport:
        parsed = read_import("\n".join(lines).encode())
        opened = self.database.transaction if apply else self.database.reading
        with opened(self.school_id) as session:
            return import_register(session, parsed, apply=apply, actor=self.actor)

    def state(self, pupil_id: UUID, purpose: Purpose = Purpose.FACEBOOK) -> ConsentState:
        with self.database.reading(self.school_id) as session:
            return snapshot(session, on=clock.today()).everyone[str(pupil_id)].state_for(purpose, clock.today())

    def all_of(self, model, *conditions) -> list[Any]:
        with self.database.reading(self.school_id) as session:
            return list(session.scalars(sa.select(model).where(*conditions)))

    def count(self, model, *conditions) -> int:
        return len(self.all_of(model, *conditions))

    def templates_of(self, pupil_id: UUID) -> int:
        return self.count(FaceTemplate, FaceTemplate.pupil_id == pupil_id)

    def events(self, tag: str) -> list[AuditEvent]:
        return self.all_of(AuditEvent, AuditEvent.tag == tag)

    def number(self, admission_no: str) -> UUID:
        (pupil,) = self.all_of(Pupil, Pupil.admission_no == admission_no)
        return pupil.id


@pytest.fixture
def office(app, database, school, actor_with) -> Office:
    needed = (
        Permission.REGISTER_READ, Permission.REGISTER_WRITE, Permission.REGISTER_IMPORT, Permission.REGISTER_ENROL,
        Permission.REGISTER_FLAG, Permission.SETTINGS_MANAGE,
    )  # fmt: skip
    actor = actor_with(*needed)
    return Office(app, database, school.id, actor)
