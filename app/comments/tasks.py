"""Work for the worker: read webhooks and accounts, judge, hide, show, delete."""

from datetime import timedelta
from functools import partial

from flask import Flask

from app.comments import acting
from app.comments.authors import name_authors
from app.comments.calming import Locker
from app.comments.claiming import ERRAND_LEASE, JUDGE_LEASE
from app.comments.inbox import READ_JOB, Reader
from app.comments.judging import Judge
from app.comments.learning import draw_samples
from app.comments.models import Comment, CommentState, CommentWatch, InboxState, WatchState, WebhookDelivery
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.polling import POLL_JOB, Poller, watch_channels
from app.comments.promises import DELETE_JOB, HIDE_JOB, JUDGE_JOB, LOCK_JOB, REPLY_JOB, RESTORE_JOB
from app.comments.reply_models import Reply, ReplyState
from app.comments.replying import Replier
from app.comments.retention import tidy_schools
from app.core.settings import Settings
from app.jobs.due import Job
from app.jobs.engine import Rhythm

WATCH_SECONDS = 20.0
NAME_SECONDS = 20.0
HOUR = 3600.0
REPLY_LEASE = timedelta(minutes=2)


def jobs(app: Flask) -> list[Job]:
    settings: Settings = app.extensions["schoolgate.settings"]
    connector = app.extensions["schoolgate.connector"]
    sealer = app.extensions["schoolgate.sealers"]["evidence"]
    locker, judge = Locker(sealer), Judge(sealer)
    poller, reader = Poller(connector, sealer, settings.comment_poll_seconds), Reader(connector, sealer)
    errands = (acting.HIDE, acting.RESTORE, acting.DELETE)
    hide, restore, delete = (acting.Hand(connector, sealer, errand) for errand in errands)
    return [
        Job(HIDE_JOB, Comment, frozenset({CommentState.HIDING}), hide.run, ERRAND_LEASE),
        Job(DELETE_JOB, Comment, frozenset({CommentState.DELETING}), delete.run, ERRAND_LEASE),
        Job(RESTORE_JOB, Comment, frozenset({CommentState.RESTORING}), restore.run, ERRAND_LEASE),
        Job(JUDGE_JOB, Comment, frozenset({CommentState.RECEIVED}), judge.run, JUDGE_LEASE),
        Job(LOCK_JOB, PileOn, frozenset({PileOnState.LOCKED, PileOnState.LIFTING}), locker.run),
        Job(
            REPLY_JOB, Reply, frozenset({ReplyState.APPROVED, ReplyState.SENDING}), Replier(connector).run, REPLY_LEASE
        ),
        Job(READ_JOB, WebhookDelivery, frozenset({InboxState.WAITING}), reader.run),
        Job(POLL_JOB, CommentWatch, frozenset({WatchState.WATCHING}), poller.run),
    ]


def rhythms(app: Flask) -> list[Rhythm]:
    name = partial(name_authors, connector=app.extensions["schoolgate.connector"])
    return [
        Rhythm("comments.name-authors", NAME_SECONDS, name),
        Rhythm("comments.watch", WATCH_SECONDS, watch_channels),
        Rhythm("comments.sample", HOUR, draw_samples),
        Rhythm("comments.tidy", HOUR, tidy_schools),
    ]
