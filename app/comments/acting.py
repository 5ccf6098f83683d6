"""Hide, show and delete on the network, then read back. Each may be repeated safely, so a crash in between is harmless.

No transaction is open while the network is spoken to. Failures are sorted by what must be done next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.channels.services import pause_channel
from app.comments import telling
from app.comments.claiming import Held, claim_worse, held, holds, renew
from app.comments.evidence import keep_evidence
from app.comments.ingesting import judge_again_if_changed, lose
from app.comments.judging import is_undecided
from app.comments.models import Comment, CommentState
from app.comments.networks import TELLS_HIDDEN
from app.comments.pacing import (
    IN_LINE,
    after_the_worse,
    break_line,
    critical_in_line,
    fall_in,
    free_from,
    has_own_trouble,
    most_tries,
    place_in_line,
    put_off,
    room_at,
)
from app.comments.promises import JOB_OF, JUDGE_JOB, RESTORE_JOB, judging_actor
from app.comments.workflow import CommentAction, workflow
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import Database
from app.jobs.due import LONGEST_WAIT, keep, promise, retry_later
from app.platforms.base import Platform, RemoteComment
from app.platforms.errors import (
    AuthorizationError,
    GoneError,
    OutcomeUnknownError,
    OutOfCreditError,
    PlatformError,
    RejectedError,
    TransientError,
)
from app.platforms.transport import waiting_briefly
from moderation import Severity

log = structlog.get_logger()
WAIT_WHILE_PAUSED = timedelta(minutes=1)
WAIT_FOR_CREDIT = timedelta(minutes=30)
MOST_TIME_FOR_WORSE = timedelta(seconds=20)
AGAIN = timedelta(seconds=1.5)
"""Doubled with each failure, also the first: everybody sees the comment meanwhile."""
EDITED = "It was edited meanwhile, and the network knows it by another number now."
LATE = timedelta(seconds=10)
"""So long a call that was not answered may still take effect."""
LONGEST_SILENCE = timedelta(minutes=1)
"""So long a network that does not answer is left alone at most: one comment tries it for all."""
WORST_WAIT = timedelta(minutes=2)
"""A threat that must wait longer is put before a person at once."""
BY_HAND_AFTER = 6
"""So many failures in a row, and a person is asked to do it on the network while we go on trying."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to do to a comment on its network, and the moves that its end calls for."""

    state: CommentState
    call: Callable[[Platform, str], None]
    is_done: Callable[[RemoteComment | None], bool]
    finish: CommentAction
    fail: CommentAction
    fail_hidden: CommentAction
    hides: bool | None


HIDE = Errand(
    state=CommentState.HIDING,
    call=lambda platform, remote_id: platform.hide(remote_id),
    is_done=lambda seen: seen is None or seen.is_hidden,
    finish=CommentAction.FINISH_HIDE,
    fail=CommentAction.FAIL_HIDE,
    fail_hidden=CommentAction.FAIL_HIDE,
    hides=True,
)
RESTORE = Errand(
    state=CommentState.RESTORING,
    call=lambda platform, remote_id: platform.unhide(remote_id),
    is_done=lambda seen: seen is None or not seen.is_hidden,
    finish=CommentAction.FINISH_RESTORE,
    fail=CommentAction.FAIL_RESTORE,
    fail_hidden=CommentAction.FAIL_RESTORE,
    hides=False,
)
DELETE = Errand(
    state=CommentState.DELETING,
    call=lambda platform, remote_id: platform.delete_comment(remote_id),
    is_done=lambda seen: seen is None,
    finish=CommentAction.FINISH_DELETE,
    fail=CommentAction.FAIL_DELETE,
    fail_hidden=CommentAction.FAIL_DELETE_HIDDEN,
    hides=None,
)


@dataclass(frozen=True, slots=True)
class Trip:
    """On the way to the network with a comment that is held."""

    mine: Held
    platform: Platform
    remote_id: str


class Hand:
    """Reaches to the network for one kind of errand."""

    def __init__(self, connector: Connector, sealer: Sealer, errand: Errand) -> None:
        self._connector, self._sealer = connector, sealer
        self._errand = errand

    def run(self, database: Database, comment_id: UUID, school_id: UUID) -> None:
        """Keep the promise, after those for worse comments that are waiting: under a pile-on the worst goes first."""
        until = clock.now() + MOST_TIME_FOR_WORSE
        mine = held(database, comment_id, school_id)
        while clock.now() < until and (worse := claim_worse(database, comment_id, self._errand.state, school_id)):
            self._do(database, worse, school_id)
        self._do(database, mine, school_id)

    def _do(self, database: Database, mine: Held, school_id: UUID) -> None:
        trip = self._set_out(database, mine, school_id)
        if trip is None:
            return
        try:
            with waiting_briefly():
                self._errand.call(trip.platform, trip.remote_id)
                seen = _read_back(trip.platform, trip.remote_id, self._errand)
        except PlatformError as error:
            self._stumble(database, trip, school_id, error)
        else:
            self._finish(database, trip, school_id, seen)

    def _set_out(self, database: Database, mine: Held, school_id: UUID) -> Trip | None:
        """Hold the comment for as long as a call may take, if there is still something to do and it is ours to do."""
        with database.transaction(school_id) as session:
            comment = session.get_one(Comment, mine.comment_id, with_for_update=True)
            if comment.state is not self._errand.state:
                _make_way(session, comment)
                return None
            if not renew(comment, mine):
                return None
            if self._errand is DELETE and comment.text_sha256 != comment.judged_sha256:
                self._ask_about_new_words(session, comment)
                return None
            platform = self._way(session, comment)
            if platform is None:
                return None
            return Trip(Held(comment.id, comment.claimed_until), platform, comment.remote_id)

    def _ask_about_new_words(self, session: Session, comment: Comment) -> None:
        """Nobody decided to delete what it says now: keep it, have it judged, and let a person decide again."""
        actor = judging_actor(session)
        keep_evidence(session, comment, sealer=self._sealer, actor=actor)
        move = self._errand.fail_hidden if comment.is_hidden_remotely else self._errand.fail
        workflow.advance(session, comment, move, actor=actor)
        comment.awaits_person = True
        judge_again_if_changed(session, comment)

    def _way(self, session: Session, comment: Comment) -> Platform | None:
        """Return the way to the network, or put the comment off."""
        channel = session.get_one(Channel, comment.channel_id)
        if channel.state is not ChannelState.CONNECTED:
            retry_later(comment, "the account is not connected", at=clock.now() + WAIT_WHILE_PAUSED)
            self._ask_for_a_hand(session, comment, f"The {channel.network.label} account is not connected.")
            return None
        behind = place_in_line(session, comment)
        if behind is not None:
            retry_later(comment, IN_LINE, at=behind)
            comment.attempts = 0
            if behind - clock.now() > WORST_WAIT:
                self._ask_about_the_worst(session, comment, f"{channel.network.label} takes nothing from us for now.")
            return None
        platform = self._connector.platform_for(channel)
        room = room_at(session, comment, platform.capabilities.hides_per_quarter_hour)
        if room is not None:
            put_off(session, comment, room)
            at = after_the_worse(room, comment.severity)
            retry_later(comment, "the rest of the allowance is kept for worse", at=at)
            comment.attempts = 0
            return None
        return platform

    def _finish(self, database: Database, trip: Trip, school_id: UUID, seen: RemoteComment | None) -> None:
        with database.transaction(school_id) as session:
            comment = session.get_one(Comment, trip.mine.comment_id, with_for_update=True)
            if comment.state is not self._errand.state:
                self._come_too_late(session, comment)
                return
            if not holds(comment, trip.mine):
                return  # whoever holds it now does it once more
            if comment.remote_id != trip.remote_id:
                self._again(session, comment, EDITED)
                return
            if not self._errand.is_done(seen):
                break_line(session, comment, clock.now())
                self._again(session, comment, "The network said yes, but it does not show yet.")
                return
            comment.acted_at = clock.now()
            break_line(session, comment, comment.acted_at)
            keep(comment)
            if seen is None:
                lose(session, comment, sealer=self._sealer)
                return
            workflow.advance(session, comment, self._errand.finish, actor=judging_actor(session))
            if comment.problem is not None:  # it may be only for this that it waits for a person
                comment.problem, comment.awaits_person = None, comment.awaits_person and is_undecided(session, comment)
            _note_hiding(session, comment, hides=self._errand.hides)
            judge_again_if_changed(session, comment)

    def _come_too_late(self, session: Session, comment: Comment) -> None:
        """Somebody decided otherwise while the network was asked: have it done, or done again, after our late call."""
        if self._errand.hides is None or not comment.state.is_on_network:
            return
        comment.acted_at, comment.is_hidden_remotely = clock.now(), self._errand.hides
        actor = judging_actor(session)
        if self._errand.hides and comment.state in (CommentState.VISIBLE, CommentState.QUEUED):
            was_shown = comment.state is CommentState.VISIBLE
            workflow.advance(session, comment, CommentAction.FIND_HIDDEN, actor=actor)
            comment.hidden_at = comment.acted_at
            if was_shown:
                workflow.advance(session, comment, CommentAction.LIFT, actor=actor)
                promise(session, RESTORE_JOB, comment)
        elif not self._errand.hides and comment.state is CommentState.HIDDEN:
            workflow.advance(session, comment, CommentAction.FIND_SHOWN, actor=actor)
            workflow.advance(session, comment, CommentAction.JUDGE_AGAIN, actor=actor)
            promise(session, JUDGE_JOB, comment)  # whoever had it hidden, person or rule, is heard again
        else:
            _make_way(session, comment)

    def _stumble(self, database: Database, trip: Trip, school_id: UUID, error: PlatformError) -> None:
        comment_id = trip.mine.comment_id
        log.info("comment.errand-failed", comment_id=str(comment_id), errand=self._errand.state, code=error.code)
        with database.transaction(school_id) as session:
            comment = session.get_one(Comment, comment_id, with_for_update=True)
            if comment.state is not self._errand.state:
                is_unsure = isinstance(error, OutcomeUnknownError)
                if is_unsure and comment.state in (CommentState.VISIBLE, CommentState.HIDDEN):
                    self._come_too_late(session, comment)
                else:
                    _make_way(session, comment, is_unsure=is_unsure)
                return
            if not holds(comment, trip.mine):
                return
            if comment.remote_id != trip.remote_id:
                self._again(session, comment, EDITED)
            elif isinstance(error, GoneError):
                comment.acted_at = clock.now()
                break_line(session, comment, comment.acted_at)
                lose(session, comment, sealer=self._sealer)
            elif isinstance(error, AuthorizationError):
                retry_later(comment, error.sentence, at=clock.now() + WAIT_WHILE_PAUSED)
                pause_channel(session, session.get_one(Channel, comment.channel_id), error.sentence)
                self._ask_for_a_hand(session, comment, error.sentence)
            elif isinstance(error, TransientError | OutcomeUnknownError | OutOfCreditError):
                self._wait(session, comment, error)
            else:
                self._give_up(session, comment, error.sentence)

    def _wait(self, session: Session, comment: Comment, error: PlatformError) -> None:
        at = error.retry_at if isinstance(error, TransientError) else None
        if isinstance(error, OutOfCreditError):
            at = clock.now() + WAIT_FOR_CREDIT
        elif at is None and has_own_trouble(session, comment):
            self._again(session, comment, error.sentence)
            return
        tries = most_tries(session, comment)
        at = at or clock.now() + min(AGAIN * 2 ** min(tries, 12), LONGEST_SILENCE)
        fall_in(session, comment, at, error.sentence)
        if isinstance(error, OutOfCreditError) or comment.attempts >= BY_HAND_AFTER:
            self._ask_for_a_hand(session, comment, error.sentence)
        if at - clock.now() > WORST_WAIT or tries >= BY_HAND_AFTER:
            self._ask_about_the_worst(session, comment, error.sentence)

    def _again(self, session: Session, comment: Comment, sentence: str) -> None:
        wait = min(AGAIN * 2 ** min(comment.attempts, 12), LONGEST_WAIT)
        retry_later(comment, sentence, at=clock.now() + wait)
        if comment.attempts >= BY_HAND_AFTER:
            self._ask_for_a_hand(session, comment, sentence)

    def _ask_for_a_hand(self, session: Session, comment: Comment, sentence: str) -> None:
        """Say once that it takes long, so that somebody can do it on the network; we go on trying."""
        if comment.problem is None:
            comment.problem = f"{sentence} It is not done yet. We go on trying; you can do it on the network."
            comment.awaits_person = True
            telling.cannot_act(session, comment)

    def _ask_about_the_worst(self, session: Session, comment: Comment, sentence: str) -> None:
        """A threat is in sight meanwhile: whoever may hide it on the network must know now."""
        for worst in (comment, *critical_in_line(session, comment)):
            if worst.severity >= Severity.CRITICAL:
                self._ask_for_a_hand(session, worst, sentence)

    def _give_up(self, session: Session, comment: Comment, sentence: str) -> None:
        """The network will not do it: the comment goes back to a person, with the reason."""
        hidden = comment.is_hidden_remotely
        move = self._errand.fail_hidden if hidden else self._errand.fail
        workflow.advance(session, comment, move, actor=judging_actor(session))
        break_line(session, comment, clock.now())
        keep(comment)
        comment.problem = f"{sentence} Open it on the network and do it there by hand."
        comment.awaits_person = True
        telling.cannot_act(session, comment)
        judge_again_if_changed(session, comment)


def _make_way(session: Session, comment: Comment, *, is_unsure: bool = False) -> None:
    """What waited for us need not wait any longer; after a call without an answer, until that has surely ended."""
    job = JOB_OF.get(comment.state)
    if job is not None:
        at = free_from(session, comment)
        promise(session, job, comment, at=max(at, clock.now() + LATE) if is_unsure else at)


def _read_back(platform: Platform, remote_id: str, errand: Errand) -> RemoteComment | None:
    """Look whether it worked. X confirms a hide in its answer and does not show it in a reply that is read.

    A network that refuses to show it has done it all the same: it is looked at again, and not given up.
    """
    if errand is not DELETE and platform.network not in TELLS_HIDDEN:
        return _like(remote_id, is_hidden=bool(errand.hides))
    try:
        return platform.fetch_comment(remote_id)
    except RejectedError as error:
        log.info("comment.not-shown", errand=errand.state, code=error.code)
        return _like(remote_id, is_hidden=not errand.hides)


def _like(remote_id: str, *, is_hidden: bool) -> RemoteComment:
    return RemoteComment(remote_id, "", None, None, None, "", clock.now(), is_hidden=is_hidden)


def _note_hiding(session: Session, comment: Comment, *, hides: bool | None) -> None:
    comment.is_hidden_remotely = bool(hides)
    if hides:
        comment.hidden_at = comment.hidden_at or clock.now()
    else:
        comment.hidden_at = None
