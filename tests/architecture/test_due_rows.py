"""Work for later: whatever state a due row is in, a job owes it something or it rests on purpose."""

import ast
import importlib
import re

import pytest

from app.comments.models import Comment, CommentState, CommentWatch, InboxState, WebhookDelivery
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.reply_models import Reply, ReplyState
from app.core.db import Base
from app.incidents.models import EvidencePack, PackState
from app.jobs.due import Due
from app.notifications.models import Notice, NoticeState
from app.posts.models import CheckState, ConsentCheck
from app.publishing.models import Delivery, DeliveryState
from app.publishing.watch_models import AccountWatch
from app.register.matching_models import CalibrationRun, CalibrationState
from tests.architecture.source import ROOT, files, nodes, place

AT_REST = {
    AccountWatch: set(),
    CalibrationRun: {CalibrationState.MEASURED, CalibrationState.FAILED},
    Comment: {
        CommentState.VISIBLE,
        CommentState.QUEUED,  # a person owes it something, not the worker
        CommentState.HIDDEN,
        CommentState.DELETED,
        CommentState.GONE,
    },
    CommentWatch: set(),
    ConsentCheck: {CheckState.DONE, CheckState.OVERTAKEN},
    Delivery: {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.NEEDS_PERSON,
        DeliveryState.LEFT,
        DeliveryState.RETRACTED,
        DeliveryState.CANCELLED,
        DeliveryState.EXPIRED,
    },
    EvidencePack: {PackState.MADE, PackState.FAILED, PackState.REMOVED},
    Notice: {NoticeState.SENT, NoticeState.SHOWN_ONLY},
    PileOn: {PileOnState.NOTICED, PileOnState.OVER},
    Reply: {ReplyState.WAITING, ReplyState.TURNED_DOWN, ReplyState.SENT, ReplyState.FAILED, ReplyState.NEEDS_PERSON},
    WebhookDelivery: {InboxState.READ},
}


def due_tables():
    return {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Due)}


def jobs_of(engine, model):
    return [job for job in engine.jobs.values() if job.model is model]


def test_every_due_table_is_listed_here():
    assert due_tables() == set(AT_REST)


@pytest.mark.parametrize("model", AT_REST, ids=lambda model: model.__name__)
def test_every_state_is_swept_or_at_rest(engine, model):
    swept = [state for job in jobs_of(engine, model) for state in job.states]
    assert set(swept).isdisjoint(AT_REST[model])
    assert set(swept) | AT_REST[model] == set(model.__table__.c.state.type.enum_class)


@pytest.mark.parametrize("model", AT_REST, ids=lambda model: model.__name__)
def test_no_state_is_owed_by_two_jobs(engine, model):
    """Two jobs would take turns with one row, each undoing what the other planned."""
    swept = [state for job in jobs_of(engine, model) for state in job.states]
    assert len(swept) == len(set(swept))


def test_every_promise_names_a_job_of_its_table(engine):
    """A promise to a job that nobody registered would wake nobody, and a test would not notice."""
    promised = set()
    for path in files("app"):
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "promise":
                promised.add((place(path, node.lineno), _job_name(path, node.args[1])))
    assert len(promised) > 5
    assert not {(where, job) for where, job in promised if job is not None and job not in engine.jobs}


def _job_name(path, given: ast.expr) -> str | None:
    """Read the constant that is passed; None when it is only known at run time."""
    if isinstance(given, ast.Constant):
        return given.value
    if not isinstance(given, ast.Name):
        return None
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return getattr(module, given.id, None)


def test_job_names_are_feature_and_verb(engine):
    assert not [name for name in engine.jobs if not re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*", name)]
