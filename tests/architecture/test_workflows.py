"""States: each is reached, each move has a permission that somebody holds, and each column is guarded."""

import importlib
import pkgutil
from enum import StrEnum

import pytest
import sqlalchemy as sa

import app
from app import tables
from app.accounts.roles import PERMISSIONS
from app.core.db import Base
from app.core.permissions import Permission
from app.core.state_machine import Workflow
from app.register.models import ConsentStatement

WORKER_ALONE = {
    Permission.CALIBRATION_MEASURE,
    Permission.POST_PUBLISH,
    Permission.COMMENT_JUDGE,
    Permission.NOTICE_SEND,
}
"""Held by the product itself: a person approves, the product publishes."""

WORDS = {ConsentStatement}
"""Their `state` is a word that somebody said, not one that moves."""


def workflows() -> dict[str, Workflow]:
    modules = [importlib.import_module(f"app.{name}.workflow") for name in features_with("workflow")]
    found = {
        value.subject: value for module in modules for value in vars(module).values() if isinstance(value, Workflow)
    }
    assert len(found) > 5
    return found


def features_with(module: str) -> list[str]:
    packages = [each.name for each in pkgutil.iter_modules(app.__path__) if each.ispkg and each.name != "sandbox"]
    return [name for name in packages if importlib.util.find_spec(f"app.{name}.{module}")]


def state_columns() -> dict[type, type[StrEnum]]:
    """Tables with a state that can change."""
    mappers = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
    columns = {mapper.class_: mapper.columns.get("state") for mapper in mappers}
    kinds = {model: column.type.enum_class for model, column in columns.items() if column is not None}
    return {model: kind for model, kind in kinds.items() if model not in WORDS and len(kind) > 1}


@pytest.mark.parametrize("model", state_columns(), ids=lambda model: model.__name__)
def test_a_state_refuses_to_be_written(model):
    first, second, *_ = state_columns()[model]
    row = model(state=first)
    with pytest.raises(RuntimeError, match="only advance"):
        row.state = second


@pytest.mark.parametrize("subject", workflows())
def test_every_state_can_be_reached(subject):
    transitions = workflows()[subject].transitions
    kind = type(transitions[0].target)
    starts = {next(iter(kind))} | {
        model.__table__.c.state.default.arg
        for model, states in state_columns().items()
        if states is kind and model.__table__.c.state.default is not None
    }
    reached = starts | {move.target for move in transitions if move.sources - {move.target}}
    assert set(kind) == reached | BORN.get(subject, set())


BORN = {"notice": {"shown_only"}}
"""States that a row may also begin in."""


@pytest.mark.parametrize("subject", workflows())
def test_every_move_is_allowed_to_somebody(subject):
    held = WORKER_ALONE.union(*PERMISSIONS.values())
    assert not [move.action for move in workflows()[subject].transitions if move.permission not in held]


def test_no_role_holds_what_is_the_workers():
    """A person who could publish by hand would go around the approval."""
    assert not {role: sorted(both) for role, held in PERMISSIONS.items() if (both := held & WORKER_ALONE)}


def test_every_permission_is_held_by_a_role_or_the_worker():
    assert set(Permission) == WORKER_ALONE.union(*PERMISSIONS.values())


def test_the_administrator_can_neither_approve_nor_publish():
    from app.accounts.roles import Role

    forbidden = {Permission.POST_DRAFT, Permission.POST_APPROVE, Permission.POST_PUBLISH, Permission.REGISTER_READ}
    assert not PERMISSIONS[Role.ADMINISTRATOR] & (forbidden | {Permission.COMMENT_READ, Permission.SAFEGUARDING_READ})


def test_every_table_is_listed():
    """A table that nobody imports would be missing from a new installation."""
    modules = [each.name for each in pkgutil.walk_packages(app.__path__, "app.") if each.name.endswith("models")]
    assert len(modules) > 10
    assert {module.__name__ for module in tables.TABLES_OF} == set(modules)


def test_no_column_holds_a_time_without_a_zone():
    plain = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if type(column.type) is sa.DateTime
    ]
    assert not plain
