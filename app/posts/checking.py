"""The worker's consent check: look at each picture, prepare what would go out, then judge and move the post on.

Pictures are examined with no transaction open; what was seen is written in short steps, so that a killed worker loses
one picture's work at most. Whatever goes wrong ends in `blocked` with the reason.
"""

from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.errors import AppError, NotFoundError
from app.jobs.due import Job, keep
from app.posts.check_requests import CHECK_JOB, checking_actor
from app.posts.checks import Evaluation, evaluate, key_of, scans_of
from app.posts.examiner import NOBODY, Examiner
from app.posts.locking import locked_post
from app.posts.models import CheckFinding, CheckState, ConsentCheck, Post, PostState, PupilNamed, Revision
from app.posts.renditions import obscured_boxes, recipe_for
from app.posts.scanning import LEASE, AlbumCheck, PictureWork, Scanner, Work, rendition_of
from app.posts.scope import scope_of
from app.posts.telling import blocked, waits_for_approval
from app.posts.workflow import CheckAction, PostAction, check_workflow, workflow
from app.schools.models import School
from consent.model import Finding, Outcome, Severity

log = structlog.get_logger()
COULD_NOT_CHECK = (
    "This post could not be checked, so it cannot go out. Submit it again; if that fails, tell the office."
)


class Checker:
    def __init__(self, examiner: Examiner, *, at_once: int = 2) -> None:
        self._examiner = examiner
        self._scanner = Scanner(examiner, at_once)

    def run(self, database: Database, check_id: UUID, school_id: UUID) -> None:
        """Keep the promise of one consent check."""
        try:
            with database.reading(school_id) as session:
                work = self._plan(session, check_id)
            if not AlbumCheck(database, check_id, school_id, self._scanner).examine(work):
                return
            with database.transaction(school_id) as session:
                _conclude(session, check_id)
        except Exception as error:  # when in doubt, the child is protected: any failure blocks
            log.exception("check.failed", check_id=str(check_id), error=type(error).__name__)
            with database.transaction(school_id) as session:
                _give_up(session, check_id, error.sentence if isinstance(error, AppError) else COULD_NOT_CHECK)

    def _plan(self, session: Session, check_id: UUID) -> Work:
        check = session.get_one(ConsentCheck, check_id)
        revision = session.get_one(Revision, check.revision_id)
        school = session.get_one(School, revision.school_id)
        scope = scope_of(session, revision, school.settings, on=clock.today())
        scans = scans_of(session, revision, scope)
        sound = {photo_id for photo_id, scan in scans.items() if scan.problem is None}
        pictures = tuple(
            PictureWork(
                photo_id=photo.photo_id,
                sha256=photo.photo.sha256,
                needs_scan=photo.photo_id not in sound,
                recipe=recipe_for(photo),
                boxes=obscured_boxes(photo),
                needs_rendition=rendition_of(session, photo.photo_id, recipe_for(photo)) is None,
            )
            for photo in revision.photos
        )
        needs_faces = any(picture.needs_scan for picture in pictures)
        likeness = self._examiner.likeness(session, school, scope) if needs_faces else NOBODY
        return Work(pictures, scope.digest, likeness)


def jobs(app: Flask) -> list[Job]:
    examiner: Examiner = app.extensions["schoolgate.examiner"]
    checker = Checker(examiner, at_once=examiner.at_once)
    return [Job(CHECK_JOB, ConsentCheck, frozenset({CheckState.WAITING}), checker.run, LEASE)]


def _conclude(session: Session, check_id: UUID) -> None:
    """Judge with the register of this moment, write the findings, and move the post on."""
    check, post, revision = _rows(session, check_id)
    if check.state is not CheckState.WAITING:
        return
    evaluation = evaluate(session, revision)
    keep_findings(check, evaluation)
    _keep_named(session, revision, evaluation)
    _finish(session, check)
    if check.for_submission and post.state is PostState.CHECKING:
        _advance(session, post, evaluation)


def keep_findings(check: ConsentCheck, evaluation: Evaluation) -> None:
    check.findings = [_row(finding, position) for position, finding in enumerate(evaluation.report.findings)]
    check.outcome = evaluation.outcome
    check.checked_at = clock.now()


def _finish(session: Session, check: ConsentCheck) -> None:
    check_workflow.advance(session, check, CheckAction.FINISH, actor=checking_actor(session))
    keep(check)


def _keep_named(session: Session, revision: Revision, evaluation: Evaluation) -> None:
    known = set(session.scalars(sa.select(PupilNamed.person_id).where(PupilNamed.revision_id == revision.id)))
    named = {UUID(person_id) for person_id in evaluation.report.mentioned}
    session.add_all(PupilNamed(id=uuid4(), revision_id=revision.id, person_id=person) for person in named - known)


def _advance(session: Session, post: Post, evaluation: Evaluation) -> None:
    actor = checking_actor(session)
    if evaluation.may_be_submitted:
        workflow.advance(session, post, PostAction.CLEAR, actor=actor, details={"outcome": evaluation.outcome.value})
        waits_for_approval(session, post)
        return
    workflow.advance(session, post, PostAction.BLOCK, actor=actor, details={"outcome": evaluation.outcome.value})
    post.state_reason = evaluation.sentence
    blocked(session, post)


def _give_up(session: Session, check_id: UUID, sentence: str) -> None:
    check, post, _ = _rows(session, check_id)
    if check.state is not CheckState.WAITING:
        return
    finding = Finding(code="check.failed", severity=Severity.BLOCK, message=sentence)
    check.findings = [_row(finding, 0)]
    check.outcome, check.checked_at = Outcome.BLOCK, clock.now()
    _finish(session, check)
    if check.for_submission and post.state is PostState.CHECKING:
        workflow.advance(session, post, PostAction.BLOCK, actor=checking_actor(session))
        post.state_reason = sentence
        blocked(session, post)


def _rows(session: Session, check_id: UUID) -> tuple[ConsentCheck, Post, Revision]:
    post_id = session.scalars(sa.select(ConsentCheck.post_id).where(ConsentCheck.id == check_id)).one()
    post = locked_post(session, post_id)
    check = session.get_one(ConsentCheck, check_id)  # read once the post is locked: nobody changes it now
    if post is None:
        raise NotFoundError
    return check, post, session.get_one(Revision, check.revision_id)


def _row(finding: Finding, position: int) -> CheckFinding:
    span = finding.span or (None, None)
    return CheckFinding(
        id=uuid4(),
        position=position,
        code=finding.code,
        severity=finding.severity,
        message=finding.message,
        surface=finding.surface,
        span_start=span[0],
        span_end=span[1],
        photo_id=UUID(finding.picture_id) if finding.picture_id else None,
        face=finding.face,
        person_id=UUID(finding.person_id) if finding.person_id else None,
        key=key_of(finding),
    )
