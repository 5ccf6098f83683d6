"""What goes wrong in a fault campaign: networks, workers, clocks and disks, and people who change their minds."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import EVERY_SCHOOL
from app.core.errors import AppError
from app.posts.models import ConsentCheck
from app.posts.scanning import LEASE as CHECK_LEASE
from app.posts.submission import recall
from app.publishing.delivering import LEASE
from app.publishing.models import Delivery
from app.publishing.services import cancel_pending, take_down
from app.schools.models import School
from app.schools.services import resume_publishing, stop_publishing
from app.torture.cast import Cast, Fate
from app.torture.stage import Stage

log = structlog.get_logger()
LOST_ANSWERS = ("timeout", "drop", "html-502", "html-503", "empty-500", "no-content-type", "truncated", "slow")
WRITES = {
    "facebook.feed.create": ("error:4", "error:1", "error:2", "error:190/463", "error:506"),
    "facebook.photos.create": ("error:4", "error:1", "error:324"),
    "x.posts.create": ("rate-limited", "service-unavailable", "duplicate-content", "credits-depleted"),
    "x.media.create": ("rate-limited", "service-unavailable"),
    "x.metadata.create": ("rate-limited",),
    "facebook.post.delete": ("error:1",),
    "x.posts.delete": ("rate-limited",),
}
READS = ("facebook.published_posts.read", "facebook.post.read", "x.timeline.read", "x.posts.read")
WORK_BETWEEN_KILLS = 3
LEAP = timedelta(minutes=20)
STOPPED_SECONDS = 3.0
AT_ONCE = 1.0
"""Within so many seconds of the emergency stop nothing leaves any more."""
STALE = timedelta(seconds=8)
"""A claim this old is taken for a dead worker's: the campaign does not wait minutes for the lease to run out."""


class Chaos:
    def __init__(self, stage: Stage, cast: Cast, chance: random.Random) -> None:
        self._stage, self._cast, self._chance = stage, cast, chance
        self.struck = self.leaps = self.full_disks = self.stops = 0
        self.last_after_stop = 0.0
        """So many seconds after an emergency stop the last post was still armed."""
        self._work_seen = 0
        self.reconnections = 0

    @contextmanager
    def raging(self) -> Iterator[None]:
        """Let everything go wrong at once, until the block is left; then the networks are well again."""
        stop = Event()
        threads = [
            Thread(target=self._again, args=(stop, step, seconds), daemon=True)
            for step, seconds in (
                (self._fault, 0.1),
                (self._kill, 1.0),
                (self._stage.restart_ended, 1.0),
                (self.pass_time, 0.5),
                (self._mend, 1.0),
                (self._leap, 5.0),
                (self._fill_disk, 6.0),
                (self._stop_everything, 8.0),
            )
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=30)
            self._press(resume_publishing)
            self.struck = sum(fault["struck"] for fault in self._stage.ask("GET", "/faults")["data"])
            self._stage.ask("DELETE", "/faults")

    def _again(self, stop: Event, step: Callable[[], object], seconds: float) -> None:
        while not stop.wait(seconds * self._chance.uniform(0.5, 1.5)):
            try:
                step()
            except Exception as error:  # chaos goes on: what matters is judged at the end
                log.info("chaos.stumbled", error=type(error).__name__)

    def _fault(self) -> None:
        operation = self._chance.choice([*WRITES, *WRITES, *READS])
        kind = self._chance.choice((*LOST_ANSWERS, *WRITES.get(operation, ())))
        body = {
            "kind": kind,
            "operation": operation,
            "effect": self._chance.choice(("before", "after")) if kind in LOST_ANSWERS else "before",
            "count": self._chance.choice((1, 3, 6)),
            "options": {"seconds": self._chance.choice((0.5, 1.5))},
        }
        self._stage.ask("POST", "/faults", body)

    def _kill(self) -> None:
        """Pull the plug in the middle of work: a worker that is only just starting has nothing to lose."""
        with self._cast.database.reading(EVERY_SCHOOL) as session:
            work_done = session.scalar(sa.select(sa.func.sum(Delivery.attempts))) or 0
        if work_done >= self._work_seen + WORK_BETWEEN_KILLS:
            self._stage.kill_worker(self._chance.randrange(100))
            self._work_seen = work_done

    def _mend(self) -> None:
        self.reconnections += self._cast.reconnect()

    def pass_time(self) -> None:
        """Move the clock on for what waits: nobody wants to sit through an hour's backoff."""
        now = clock.now()
        self._set(Delivery, Delivery.due_at > now, due_at=now)
        for model, lease in ((Delivery, LEASE), (ConsentCheck, CHECK_LEASE)):
            held = model.claimed_until
            self._set(model, sa.or_(held.between(now, now + lease - STALE), held > now + lease), claimed_until=None)
        self._stage.ask("DELETE", "/limits")

    def _set(self, model: type[Delivery] | type[ConsentCheck], where: sa.ColumnElement[bool], **values: object) -> None:
        """Change those rows that nobody is at work on: whoever waits for others here could block them for ever."""
        free = sa.select(model.id).where(where).with_for_update(skip_locked=True)
        with self._cast.database.transaction(EVERY_SCHOOL) as session:
            change = sa.update(model).where(model.id.in_(free)).values(**values)
            session.execute(change.execution_options(synchronize_session=False))

    def _leap(self) -> None:
        """Let the workers' clock jump: by their clock, all that is under way began earlier, or has yet to begin."""
        by = LEAP * self._chance.choice((-1, 1))
        with self._cast.database.transaction(EVERY_SCHOOL) as session:
            query = sa.select(Delivery).where(Delivery.due_at.is_not(None)).with_for_update(skip_locked=True)
            for delivery in session.scalars(query):
                delivery.planned_for += by
                for name in ("due_at", "claimed_until", "sending_since"):
                    moment = getattr(delivery, name)
                    setattr(delivery, name, None if moment is None else moment + by)
        self.leaps += 1

    def _fill_disk(self) -> None:
        with self._stage.full_disk(self._chance.randrange(100)):
            time.sleep(self._chance.uniform(0.5, 3))
        self.full_disks += 1

    def _stop_everything(self) -> None:
        """Press the emergency stop for a while, and see when the last post was armed all the same."""
        self._press(stop_publishing)
        pressed = clock.now()
        try:
            time.sleep(STOPPED_SECONDS)
            armed = sa.select(sa.func.max(AuditEvent.at)).where(
                AuditEvent.tag == "delivery:arm", AuditEvent.at > pressed
            )
            with self._cast.database.reading(self._cast.school_id) as session:
                last = session.scalar(armed)
        finally:
            self._press(resume_publishing)
        self.stops += 1
        if last is not None:
            self.last_after_stop = max(self.last_after_stop, (last - pressed).total_seconds())

    def _press(self, button: Callable[..., None]) -> None:
        with self._cast.database.transaction(self._cast.school_id) as session:
            button(session, session.get_one(School, self._cast.school_id), actor=self._cast.head())

    def people(self) -> None:
        """Approve one post after another, taking some back on the way; end the consent in the middle."""
        posts = list(self._cast.meant(Fate.APPROVED, Fate.TAKEN_BACK, Fate.NAMES_PUPIL))
        self._chance.shuffle(posts)
        for number, post_id in enumerate(posts):
            self._patiently(partial(self._cast.approve, post_id))
            if number == len(posts) * 2 // 3:
                self._patiently(self._cast.end_consent)
            if self._chance.random() < 0.5:
                self._take_back(posts[: number + 1])
            time.sleep(self._chance.uniform(0, 0.4))
        self._take_back(posts, everything=True)
        self._submit_again()

    def _submit_again(self) -> None:
        """The ended consent voided approvals, as it must: have those posts checked and approved anew."""
        for post_id in self._cast.meant(Fate.APPROVED):
            self._patiently(partial(self._cast.renew, post_id))

    def _take_back(self, posts: list[UUID], *, everything: bool = False) -> None:
        """Take back those that are meant to be, one at a time."""
        mine = [post_id for post_id in posts if self._cast.fates[post_id] is Fate.TAKEN_BACK]
        for post_id in mine if everything else self._chance.sample(mine, min(1, len(mine))):
            self._patiently(partial(self._withdraw, post_id))

    def _withdraw(self, post_id: UUID) -> None:
        with self._cast.database.transaction(self._cast.school_id) as session:
            try:
                post = recall(session, post_id, actor=self._cast.author)
            except AppError:
                take_down(session, post_id, reason="Taken back in the campaign.", actor=self._cast.head())
            else:
                cancel_pending(session, post, actor=self._cast.author)

    def _patiently(self, step: Callable[[], object]) -> None:
        """What people do fails in words when the post has moved on; that is theirs to see, not ours."""
        try:
            step()
        except AppError as error:
            log.info("chaos.refused", why=error.sentence)
