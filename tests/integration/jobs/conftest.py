"""A promise of the simplest kind: a notice that waits to be sent."""

from uuid import UUID, uuid4

import pytest

from app.accounts.roles import Role
from app.core import clock
from app.jobs.due import Job
from app.notifications.models import Notice, NoticeState, NoticeUrgency
from app.notifications.services import worker_actor
from app.notifications.workflow import NoticeAction, workflow

NAME = "notifications.send"


class Sender:
    """Keeps the promise, and remembers for which rows; `fail_with` makes it break instead."""

    def __init__(self) -> None:
        self.sent: list[UUID] = []
        self.fail_with: Exception | None = None

    def run(self, database, notice_id: UUID, school_id: UUID) -> None:
        self.sent.append(notice_id)
        if self.fail_with is not None:
            raise self.fail_with
        with database.transaction(school_id) as session:
            notice = session.get_one(Notice, notice_id)
            workflow.advance(session, notice, NoticeAction.SEND, actor=worker_actor(session))
            notice.due_at = notice.claimed_until = None


@pytest.fixture
def sender():
    return Sender()


@pytest.fixture
def job(sender):
    return Job(NAME, Notice, frozenset({NoticeState.WAITING}), sender.run)


@pytest.fixture
def notice(database, school, user_with):
    """Put down a promise that is due, without waking anybody: `notice(due_at=…)`."""
    user = user_with(Role.STAFF)

    def make(**given) -> UUID:
        values = {"due_at": clock.now(), "state": NoticeState.WAITING, **given}
        with database.transaction(school.id) as session:
            row = Notice(
                id=uuid4(),
                user_id=user.id,
                urgency=NoticeUrgency.AT_ONCE,
                created_at=clock.now(),
                alerted_at=clock.now(),
                sentence="Something waits for you.",
                link="/notices",
                **values,
            )
            session.add(row)
        return row.id

    return make


@pytest.fixture
def read(database, school):
    def look(notice_id: UUID) -> Notice:
        with database.reading(school.id) as session:
            return session.get_one(Notice, notice_id)

    return look
