"""Work for the worker: bring notices to people who are not looking at the app."""

from uuid import UUID

import structlog
from flask import Flask

from app.accounts.models import User
from app.audit.services import take_turn
from app.core.db import Database
from app.core.settings import Settings
from app.jobs.due import Job, keep, retry_later
from app.notifications.mailer import MailError, MailRefusedError, MailServer, letter
from app.notifications.models import Notice, NoticeState
from app.notifications.services import SEND_JOB, worker_actor
from app.notifications.workflow import NoticeAction, workflow

log = structlog.get_logger()
MOST_ATTEMPTS = 12
"""About two hours of trying; the notice shows in the app all the while."""


def jobs(app: Flask) -> list[Job]:
    postman = Postman(app.extensions["schoolgate.settings"])
    return [Job(SEND_JOB, Notice, frozenset({NoticeState.WAITING}), postman.send)]


class Postman:
    """Sends notices by e-mail, when the installation has a mail server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        url = settings.smtp_url.get_secret_value()
        self._server = MailServer.at(url) if url else None

    def send(self, database: Database, notice_id: UUID, school_id: UUID) -> None:
        with database.reading(school_id) as session:
            notice = session.get_one(Notice, notice_id)
            user = session.get(User, notice.user_id)
            wanted = user is not None and user.suspended_at is None and notice.read_at is None
            address, attempts = user.email if user else "", notice.attempts
        if self._server is None or not wanted:
            _finish(database, notice_id, school_id, NoticeAction.SHOW_ONLY)
            return
        link = f"{self._settings.public_url}/notices/{notice_id}"
        message = letter(sender=self._settings.mail_from, to=address, sentence=notice.sentence, address=link)
        try:
            self._server.send(message)
        except MailRefusedError as error:
            log.warning("notice.refused", notice_id=str(notice_id), error=str(error))
            _finish(database, notice_id, school_id, NoticeAction.SHOW_ONLY)
        except MailError as error:
            _try_again(database, notice_id, school_id, str(error), attempts)
        else:
            _finish(database, notice_id, school_id, NoticeAction.SEND)


def _try_again(database: Database, notice_id: UUID, school_id: UUID, error: str, attempts: int) -> None:
    log.warning("notice.not-sent", notice_id=str(notice_id), error=error, attempts=attempts)
    if attempts >= MOST_ATTEMPTS:
        _finish(database, notice_id, school_id, NoticeAction.SHOW_ONLY)
        return
    with database.transaction(school_id) as session:
        retry_later(session.get_one(Notice, notice_id), error)


def _finish(database: Database, notice_id: UUID, school_id: UUID, action: NoticeAction) -> None:
    with database.transaction(school_id) as session:
        take_turn(session, school_id)  # before the notice: whoever settles a matter locks them in this order
        notice = session.get_one(Notice, notice_id)
        workflow.advance(session, notice, action, actor=worker_actor(session))
        keep(notice)
