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
from app.comments.claiming import claim_worse
from app.comments.ingesting import judge_again_if_changed, lose
from app.comments.models import Comment, CommentState
from app.comments.networks import CAPABILITIES, TELLS_HIDDEN
from app.comments.pacing import after_the_worse, put_off, room_at
from app.comments.promises import judging_actor
from app.comments.workflow import CommentAction, workflow
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import Database
from app.jobs.due import LONGEST_WAIT, keep, retry_later
from app.platforms.base import Platform, RemoteComment
from app.platforms.errors import (
    AuthorizationError,
    GoneError,
    OutcomeUnknownError,
    OutOfCreditError,
    PlatformError,
    TransientError,
)

log = structlog.get_logger()
WAIT_WHILE_PAUSED = timedelta(minutes=1)
WAIT_FOR_CREDIT = timedelta(minutes=30)
MOST_TIME_FOR_WORSE = timedelta(seconds=20)
AGAIN = timedelta(seconds=1.5)
"""Doubled with each failure, also the first: everybody sees the comment meanwhile."""
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


class Hand:
    """Reaches to the network for one kind of errand."""

    def __init__(self, connector: Connector, sealer: Sealer, errand: Errand) -> None:
        self._connector, self._sealer = connector, sealer
        self._errand = errand

    def run(self, database: Database, comment_id: UUID, school_id: UUID) -> None:
        """Keep the promise, after those for worse comments that are waiting: under a pile-on the worst goes first."""
        until = clock.now() + MOST_TIME_FOR_WORSE
        while clock.now() < until and (worse := claim_worse(database, comment_id, self._errand.state, school_id)):
            self._do(database, worse, school_id)
        self._do(database, comment_id, school_id)

    def _do(self, database: Database, comment_id: UUID, school_id: UUID) -> None:
        platform, remote_id = self._set_out(database, comment_id, school_id)
        if platform is None:
            return
        try:
            self._errand.call(platform, remote_id)
            seen = _read_back(platform, remote_id, self._errand)
        except PlatformError as error:
            self._stumble(database, comment_id, school_id, error)
        else:
            self._finish(database, comment_id, school_id, seen)

    def _set_out(self, database: Database, comment_id: UUID, school_id: UUID) -> tuple[Platform | None, str]:
        with database.transaction(school_id) as session:
            comment = session.get_one(Comment, comment_id, with_for_update=True)
            if comment.state is not self._errand.state:
                return None, comment.remote_id  # overtaken
            channel = session.get_one(Channel, comment.channel_id)
            if channel.state is not ChannelState.CONNECTED:
                retry_later(comment, "the account is not connected", at=clock.now() + WAIT_WHILE_PAUSED)
                self._ask_for_a_hand(session, comment, f"The {channel.network.label} account is not connected.")
                return None, comment.remote_id
            platform = self._connector.platform_for(channel)
            room = room_at(session, comment, platform.capabilities.hides_per_quarter_hour)
            if room is not None:
                put_off(session, comment, self._errand.state, room, for_worse=True)
                retry_later(
                    comment, "the rest of the allowance is kept for worse", at=after_the_worse(room, comment.severity)
                )
                comment.attempts = 0
                return None, comment.remote_id
            return platform, comment.remote_id

    def _finish(self, database: Database, comment_id: UUID, school_id: UUID, seen: RemoteComment | None) -> None:
        with database.transaction(school_id) as session:
            comment = session.get_one(Comment, comment_id, with_for_update=True)
            if comment.state is not self._errand.state:
                return  # overtaken: whoever moved it on made a promise of their own
            if not self._errand.is_done(seen):
                self._again(session, comment, "The network said yes, but it does not show yet.")
                return
            comment.acted_at = clock.now()
            if seen is None:
                lose(session, comment, sealer=self._sealer)
                return
            workflow.advance(session, comment, self._errand.finish, actor=judging_actor(session))
            keep(comment)
            comment.problem = None
            _note_hiding(session, comment, hides=self._errand.hides)
            judge_again_if_changed(session, comment)

    def _stumble(self, database: Database, comment_id: UUID, school_id: UUID, error: PlatformError) -> None:
        log.info("comment.errand-failed", comment_id=str(comment_id), errand=self._errand.state, code=error.code)
        with database.transaction(school_id) as session:
            comment = session.get_one(Comment, comment_id, with_for_update=True)
            if comment.state is not self._errand.state:
                return
            if isinstance(error, GoneError):
                comment.acted_at = clock.now()
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
        if at is not None:
            if CAPABILITIES[session.get_one(Channel, comment.channel_id).network].hides_per_quarter_hour:
                put_off(session, comment, self._errand.state, at)
            at = after_the_worse(at, comment.severity)
        self._again(session, comment, error.sentence)
        if isinstance(error, OutOfCreditError):
            self._ask_for_a_hand(session, comment, error.sentence)
        if at is not None:
            retry_later(comment, error.sentence, at=at)

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

    def _give_up(self, session: Session, comment: Comment, sentence: str) -> None:
        """The network will not do it: the comment goes back to a person, with the reason."""
        hidden = comment.is_hidden_remotely
        move = self._errand.fail_hidden if hidden else self._errand.fail
        workflow.advance(session, comment, move, actor=judging_actor(session))
        keep(comment)
        comment.problem = f"{sentence} Open it on the network and do it there by hand."
        comment.awaits_person = True
        telling.cannot_act(session, comment)
        judge_again_if_changed(session, comment)


def _read_back(platform: Platform, remote_id: str, errand: Errand) -> RemoteComment | None:
    """Look whether it worked. X confirms a hide in its answer and does not show it in a reply that is read."""
    if errand is DELETE:
        return platform.fetch_comment(remote_id)
    return platform.fetch_comment(remote_id) if platform.network in TELLS_HIDDEN else _confirmed(remote_id, errand)


def _confirmed(remote_id: str, errand: Errand) -> RemoteComment:
    return RemoteComment(remote_id, "", None, None, None, "", clock.now(), is_hidden=bool(errand.hides))


def _note_hiding(session: Session, comment: Comment, *, hides: bool | None) -> None:
    comment.is_hidden_remotely = bool(hides)
    if hides:
        comment.hidden_at = comment.hidden_at or clock.now()
    else:
        comment.hidden_at = None
