"""Look at each connected account: posts that bypassed the school's approval, and the health of the sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.services import record, take_turn
from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.channels.services import note_health, pause_channel
from app.core import clock
from app.core.actors import Actor
from app.core.db import EVERY_SCHOOL, Database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.jobs.due import Job, promise, retry_later
from app.jobs.engine import Rhythm
from app.platforms.base import Health, Network, Platform, Published, RemotePost
from app.platforms.errors import AuthorizationError, PlatformError
from app.platforms.parsing import same_words
from app.posts.models import Revision
from app.publishing import telling
from app.publishing.models import Delivery, DeliveryState
from app.publishing.services import worker_actor
from app.publishing.watch_models import AccountWatch, AccountWatchState, StrayPost

WATCH_JOB = "publishing.watch"
EVERY = {Network.FACEBOOK: timedelta(minutes=2), Network.X: timedelta(minutes=10)}
"""Reading X costs money a post, once a day each: looking more often would bring little."""
OVERLAP = timedelta(hours=1)
IN_FLUX = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.NEEDS_PERSON)
CLOCKS_DIFFER = timedelta(minutes=5)
SURE_START = 40
"""So many signs in common make two posts one; of fewer words all must be the same."""
WARN_DAYS = (14, 7, 1)
SHORTEST_EXPLANATION = 8


@dataclass(frozen=True, slots=True)
class Look:
    channel_id: UUID
    platform: Platform
    network: Network
    since: datetime
    wants_health: bool


@dataclass(frozen=True, slots=True)
class Seen:
    posts: Sequence[RemotePost]
    health: Health | None


def begin_watches(database: Database) -> None:
    """Make the standing promise for each connected account that has none yet."""
    watched = sa.exists().where(AccountWatch.channel_id == Channel.id)
    query = sa.select(Channel.id, Channel.school_id).where(Channel.state == ChannelState.CONNECTED, ~watched)
    with database.reading(EVERY_SCHOOL) as session:
        missing = session.execute(query).all()
    for channel_id, school_id in missing:
        with database.transaction(school_id) as session:
            watch = AccountWatch(id=uuid4(), channel_id=channel_id, began_at=clock.now())
            try:
                with session.begin_nested():
                    session.add(watch)
            except IntegrityError:
                continue  # another worker was first
            promise(session, WATCH_JOB, watch)


def jobs(app: Flask) -> list[Job]:
    watcher = Watcher(app.extensions["schoolgate.connector"])
    return [Job(WATCH_JOB, AccountWatch, frozenset({AccountWatchState.WATCHING}), watcher.run)]


def rhythms(app: Flask) -> list[Rhythm]:
    return [Rhythm("publishing.begin-watches", 60, begin_watches)]


class Watcher:
    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    def run(self, database: Database, watch_id: UUID, school_id: UUID) -> None:
        """Look once, and promise the next look."""
        with database.reading(school_id) as session:
            look = self._set_out(session, watch_id)
        if look is None:
            _promise_next(database, watch_id, school_id, "The account is not connected.", EVERY[Network.X])
            return
        try:
            seen = Seen(look.platform.recent_posts(since=look.since), _health(look))
        except AuthorizationError as error:
            with database.transaction(school_id) as session:
                pause_channel(session, session.get_one(Channel, look.channel_id), error.sentence)
            _promise_next(database, watch_id, school_id, error.sentence, EVERY[look.network])
        except PlatformError as error:
            _promise_next(database, watch_id, school_id, error.sentence, EVERY[look.network])
        else:
            with database.transaction(school_id) as session:
                _conclude(session, session.get_one(AccountWatch, watch_id), look, seen)

    def _set_out(self, session: Session, watch_id: UUID) -> Look | None:
        watch = session.get_one(AccountWatch, watch_id)
        channel = session.get_one(Channel, watch.channel_id)
        if channel.state is not ChannelState.CONNECTED:
            return None
        return Look(
            channel_id=channel.id,
            platform=self._connector.platform_for(channel),
            network=channel.network,
            since=max(watch.began_at, (watch.looked_at or watch.began_at) - OVERLAP),
            wants_health=watch.health_on != clock.today(),
        )


def explain(session: Session, stray_id: UUID, *, explanation: str, actor: Actor) -> None:
    """Write down how a post came to the account past this product."""
    if not actor.may(Permission.CHANNEL_CONNECT):
        actor.ensure(Permission.POST_APPROVE)
    if len(explanation.strip()) < SHORTEST_EXPLANATION:
        raise InvalidInputError("Say in a sentence how this post came there. It stays in the record.")
    stray = session.get(StrayPost, stray_id)
    if stray is None:
        raise NotFoundError
    stray.explained_at, stray.explained_by, stray.explanation = clock.now(), actor.user_id, explanation.strip()
    record(session, "stray-post:explained", actor=actor, subject_type="channel", subject_id=stray.channel_id)


def note_own(session: Session, channel_id: UUID, post: Published) -> None:
    """What this product wrote in answer to somebody is no stray, whichever of us saw it first."""
    known = sa.select(StrayPost).where(StrayPost.channel_id == channel_id, StrayPost.remote_id == post.remote_id)
    stray = session.scalar(known)
    if stray is None:
        stray = StrayPost(
            id=uuid4(),
            channel_id=channel_id,
            remote_id=post.remote_id,
            permalink=post.permalink,
            published_at=post.published_at,
            found_at=clock.now(),
        )
        session.add(stray)
    stray.explained_at, stray.explanation = stray.explained_at or clock.now(), "A reply that was approved here."


def unexplained(session: Session) -> Sequence[StrayPost]:
    query = sa.select(StrayPost).where(StrayPost.explained_at.is_(None)).order_by(StrayPost.published_at.desc())
    return session.scalars(query).all()


def _health(look: Look) -> Health | None:
    return look.platform.check_health() if look.wants_health else None


def _conclude(session: Session, watch: AccountWatch, look: Look, seen: Seen) -> None:
    take_turn(session, watch.school_id)  # before the account: a courier locks them in this order
    channel = session.get_one(Channel, look.channel_id, with_for_update=True)
    strays, waiting = _strays(session, channel, watch.began_at, seen.posts)
    for post in strays:
        session.add(
            StrayPost(
                id=uuid4(),
                channel_id=channel.id,
                remote_id=post.remote_id,
                permalink=post.permalink,
                published_at=post.published_at,
                found_at=clock.now(),
            )
        )
        details: dict[str, object] = {"remote_id": post.remote_id}
        actor = worker_actor(session)
        record(session, "stray-post:found", actor=actor, subject_type="channel", subject_id=channel.id, details=details)
        telling.stray_post(session, channel)
    if seen.health is not None:
        _note_health(session, watch, channel, seen.health)
    watch.looked_at = min([clock.now(), *(post.published_at for post in waiting)])
    retry_later(watch, "", at=clock.now() + EVERY[channel.network])
    watch.last_error = None


def _strays(
    session: Session, channel: Channel, began_at: datetime, posts: Sequence[RemotePost]
) -> tuple[Sequence[RemotePost], Sequence[RemotePost]]:
    """Return what is not ours and new, and apart from it what may be one of ours whose answer was lost.

    The latter is looked at again until its fate is known.
    """
    ids = [post.remote_id for post in posts]
    ours = session.scalars(
        sa.select(Delivery.remote_id).where(Delivery.channel_id == channel.id, Delivery.remote_id.in_(ids))
    )
    found = session.scalars(
        sa.select(StrayPost.remote_id).where(StrayPost.channel_id == channel.id, StrayPost.remote_id.in_(ids))
    )
    known = {*ours, *found}
    under_way = session.execute(
        sa.select(Delivery, Revision)
        .join(Revision, Delivery.revision_id == Revision.id)
        .where(Delivery.channel_id == channel.id, Delivery.state.in_(IN_FLUX))
    ).all()
    new = [post for post in posts if post.remote_id not in known and post.published_at >= began_at]
    waiting = [post for post in new if any(_may_be(post, delivery, revision) for delivery, revision in under_way)]
    return [post for post in new if post not in waiting], waiting


def _may_be(post: RemotePost, delivery: Delivery, revision: Revision) -> bool:
    """Networks add links and change spaces; the words stay, and nothing was there before it was sent."""
    if post.published_at < (delivery.sending_since or revision.created_at) - CLOCKS_DIFFER:
        return False
    start = "".join(revision.caption.split())[:SURE_START]
    begins_so = len(start) == SURE_START and "".join(post.text.split()).startswith(start)
    wordings = (revision.caption, f"{revision.caption}\n\n{revision.link or ''}")
    return bool(start) and (begins_so or any(same_words(post.text, words) for words in wordings))


def _note_health(session: Session, watch: AccountWatch, channel: Channel, health: Health) -> None:
    note_health(channel, health)
    watch.health_on = clock.today()
    if not health.ok:
        pause_channel(session, channel, health.problem or "The sign-in no longer works.")
        return
    left = _days_left(health.expires_at, clock.today())
    stage = next((days for days in reversed(WARN_DAYS) if left is not None and left <= days), None)
    if stage is not None and stage != watch.warned_days:
        telling.sign_in_ends(session, channel, max(0, left or 0))
    watch.warned_days = stage


def _days_left(expires_at: datetime | None, today: date) -> int | None:
    return None if expires_at is None else (clock.london(expires_at).date() - today).days


def _promise_next(database: Database, watch_id: UUID, school_id: UUID, error: str, wait: timedelta) -> None:
    with database.transaction(school_id) as session:
        retry_later(session.get_one(AccountWatch, watch_id), error, at=clock.now() + wait)
