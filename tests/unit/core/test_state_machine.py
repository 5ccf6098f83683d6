"""One function turns the page: it asks who, from where, and writes it down."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core.actors import Actor, system_actor
from app.core.errors import NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.core.state_machine import Workflow, transition


class Light(StrEnum):
    RED = "red"
    RED_AND_AMBER = "red_and_amber"
    GREEN = "green"


class Switch(StrEnum):
    PREPARE = "prepare"
    GO = "go_ahead"
    STOP = "stop"


class Base(DeclarativeBase):
    pass


class Signal(Base):
    __tablename__ = "signal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    state: Mapped[Light] = mapped_column(default=Light.RED)


DRIVE, HALT = Permission.POST_APPROVE, Permission.POST_TAKE_DOWN
workflow = Workflow(
    "signal",
    transition(Switch.PREPARE, {Light.RED}, Light.RED_AND_AMBER, DRIVE),
    transition(Switch.GO, {Light.RED_AND_AMBER}, Light.GREEN, DRIVE),
    transition(Switch.STOP, {Light.GREEN, Light.RED_AND_AMBER}, Light.RED, HALT),
)
workflow.guard(Signal.state)


@dataclass
class Notebook:
    """Takes down what the audit trail would."""

    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def record(self, session, tag, *, actor, subject_type, subject_id, details=None):
        self.events.append((tag, dict(details or {})))


@pytest.fixture
def notebook():
    return Notebook()


@pytest.fixture
def session(notebook):
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, info={"recorder": notebook.record}) as session:
        yield session
    engine.dispose()


@pytest.fixture
def signal(session):
    row = Signal(state=Light.RED)
    session.add(row)
    session.flush()
    return row


def somebody(*permissions: Permission) -> Actor:
    return system_actor(uuid4(), "test", *permissions)


driver = somebody(DRIVE)


def test_a_move_sets_the_state_and_is_written_down(session, signal, notebook):
    workflow.advance(session, signal, Switch.PREPARE, actor=driver, details={"why": "a train"})
    assert signal.state is Light.RED_AND_AMBER
    assert notebook.events == [("signal:prepare", {"from": "red", "to": "red_and_amber", "why": "a train"})]


def test_the_wrong_moment_is_a_conflict(session, signal, notebook):
    with pytest.raises(WrongStateError) as refused:
        workflow.advance(session, signal, Switch.GO, actor=driver)
    assert refused.value.status == 409
    assert signal.state is Light.RED
    assert not notebook.events


def test_the_wrong_person_is_refused(session, signal, notebook):
    with pytest.raises(NotPermittedError) as refused:
        workflow.advance(session, signal, Switch.PREPARE, actor=somebody(HALT))
    assert refused.value.status == 403
    assert signal.state is Light.RED
    assert not notebook.events


def test_the_sentence_says_where_it_stands_and_what_to_do(session, signal):
    with pytest.raises(WrongStateError, match=r"This signal is red, so it cannot go ahead now\. Reload the page"):
        workflow.advance(session, signal, Switch.GO, actor=driver)


def test_the_state_is_read_anew_before_it_is_judged(session, signal):
    """Two people press two buttons: the second one is judged by what the first one did."""
    assert signal.state is Light.RED
    session.execute(sa.update(Signal).values(state=Light.GREEN).execution_options(synchronize_session=False))
    assert signal.state is Light.RED
    with pytest.raises(WrongStateError):
        workflow.advance(session, signal, Switch.PREPARE, actor=driver)
    assert signal.state is Light.GREEN


@pytest.mark.parametrize("state", Light)
@pytest.mark.parametrize("action", Switch)
@pytest.mark.parametrize("permissions", [(), (DRIVE,), (HALT,), (DRIVE, HALT)])
def test_a_button_is_offered_exactly_when_it_would_work(session, notebook, state, action, permissions):
    signal = Signal(state=state)
    session.add(signal)
    actor = somebody(*permissions)
    offered = workflow.may(signal, action, actor)
    try:
        workflow.advance(session, signal, action, actor=actor)
    except (WrongStateError, NotPermittedError):
        worked = False
    else:
        worked = True
    assert offered is worked
    assert bool(notebook.events) is worked


def test_nobody_else_writes_the_state(signal):
    with pytest.raises(RuntimeError, match="only advance"):
        signal.state = Light.GREEN


def test_a_state_that_is_not_loaded_yet_is_guarded_too(session, signal):
    session.expire(signal)
    with pytest.raises(RuntimeError, match="only advance"):
        signal.state = Light.GREEN


def test_after_a_move_the_guard_is_up_again(session, signal):
    workflow.advance(session, signal, Switch.PREPARE, actor=driver)
    with pytest.raises(RuntimeError, match="only advance"):
        signal.state = Light.GREEN


def test_a_new_row_begins_where_it_is_told():
    assert Signal(state=Light.GREEN).state is Light.GREEN


def test_two_moves_with_one_start_and_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="share a source and an action"):
        Workflow(
            "signal",
            transition(Switch.GO, {Light.RED, Light.GREEN}, Light.GREEN, DRIVE),
            transition(Switch.GO, {Light.RED}, Light.RED_AND_AMBER, DRIVE),
        )
