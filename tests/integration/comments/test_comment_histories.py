"""Whatever happens in whatever order, the end agrees with the network, with people's word, and with the evidence."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import PERMISSIONS, Role
from app.comments import services
from app.comments.evidence import evidence_of
from app.comments.ingesting import lose, take_in
from app.comments.judging import person_decision_on
from app.comments.models import Comment, CommentState, DecisionAction
from app.core import clock
from app.core.actors import system_actor
from app.core.errors import AppError
from app.platforms.errors import OutcomeUnknownError, TransientError

TEXTS = ["Lovely photos, well done", "You are a bitch and an idiot", "I will find you and kill you"]
SHOWN = {DecisionAction.RESTORE, DecisionAction.LEAVE_VISIBLE}


class History:
    """A comment's life, lived at random."""

    def __init__(self, seed, database, school, channel, network, worker, sealer) -> None:
        self.luck = random.Random(seed)
        self.database, self.school, self.channel, self.network = database, school, channel, network
        self.worker, self.sealer = worker, sealer
        self.head = system_actor(school.id, "Head", *PERMISSIONS[Role.HEADTEACHER])

    def step(self) -> None:
        self.luck.choice(
            [self.write, self.write, self.read, self.remove, self.decide, self.decide, self.work, self.fail]
        )()

    def write(self) -> None:
        hidden = self.network.comments["c1"].is_hidden if "c1" in self.network.comments else False
        self.network.write("c1", self.luck.choice(TEXTS), is_hidden=hidden)
        self.read()

    def read(self) -> None:
        seen = self.network.comments.get("c1")
        with self.database.transaction(self.school.id) as session:
            if seen is not None:
                take_in(session, self.channel.id, [seen], read_at=clock.now())
            else:
                for comment in session.scalars(sa.select(Comment)):
                    lose(session, comment, sealer=self.sealer)

    def remove(self) -> None:
        if self.luck.random() < 0.2:
            self.network.comments.pop("c1", None)

    def fail(self) -> None:
        self.network.failures = [self.luck.choice([TransientError("Busy."), OutcomeUnknownError("No answer.")])]

    def decide(self) -> None:
        service, more = self.luck.choice(
            [
                (services.leave_hidden, {}),
                (services.leave_visible, {}),
                (services.hide_comment, {"sealer": self.sealer}),
                (services.restore_comment, {"reason": "It is fine"}),
            ]
        )
        with self.database.reading(self.school.id) as session:
            found = session.scalars(sa.select(Comment.id)).first()
        if found is None:
            return
        try:
            with self.database.transaction(self.school.id) as session:
                service(session, found, actor=self.head, **more)
        except AppError:
            return  # not in this state: nothing was written

    def work(self) -> None:
        with self.database.transaction(self.school.id) as session:
            session.execute(
                sa.update(Comment)
                .where(Comment.due_at.is_not(None))
                .values(due_at=clock.now() - timedelta(seconds=1), claimed_until=None)
            )
        self.worker.sweep_until_idle()

    def settle(self) -> Comment | None:
        self.network.failures = []
        for _ in range(3):
            self.read()
            self.work()
        with self.database.reading(self.school.id) as session:
            return session.scalars(sa.select(Comment)).first()


@pytest.mark.parametrize("seed", range(12))
def test_every_history_ends_well(seed, database, school, channel, post, network, worker, sealer):
    history = History(seed, database, school, channel, network, worker, sealer)
    for _ in range(30):
        history.step()
    comment = history.settle()
    if comment is None:
        return
    remote = network.comments.get("c1")
    if remote is None:
        assert comment.state in (CommentState.GONE, CommentState.DELETED)
        return
    assert comment.text == remote.text
    assert (comment.state is CommentState.HIDDEN) is remote.is_hidden
    assert comment.state in (CommentState.VISIBLE, CommentState.QUEUED, CommentState.HIDDEN)
    with database.reading(school.id) as session:
        decided = person_decision_on(session, comment)
        if comment.text != TEXTS[0] and (decided is None or decided.action not in SHOWN):
            assert remote.is_hidden or comment.awaits_person
            assert evidence_of(session, comment) is not None
