"""State is a table, and one function turns the page.

A feature lists its moves as transitions; `Workflow.advance` is the only writer of the state column: it locks the row,
looks the move up, asks for the permission, sets the state and records the event in the same transaction.
"""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.base import NO_VALUE

from app.core.actors import Actor
from app.core.db import recorder_of
from app.core.errors import WrongStateError
from app.core.permissions import Permission

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)

_turning: ContextVar[bool] = ContextVar("turning", default=False)


class Stateful(Protocol):
    id: Any  # a mapped UUID column, seen by the type checker as a descriptor
    state: Any  # likewise; its value is a member of the workflow's state enum


@dataclass(frozen=True, slots=True)
class Transition(Generic[State, Action]):
    action: Action
    sources: frozenset[State]
    target: State
    permission: Permission


def transition(
    action: Action, sources: Iterable[State], target: State, permission: Permission
) -> Transition[State, Action]:
    return Transition(action, frozenset(sources), target, permission)


class Workflow(Generic[State, Action]):
    def __init__(self, subject: str, *transitions: Transition[State, Action]) -> None:
        self.subject = subject
        self.transitions = transitions
        self._moves = {(source, move.action): move for move in transitions for source in move.sources}
        if len(self._moves) != sum(len(move.sources) for move in transitions):
            raise ValueError(f"two moves of {subject} share a source and an action")

    def guard(self, column: InstrumentedAttribute[Any]) -> None:
        """Refuse every write of the state column outside `advance`, except the first value of a new row."""

        @event.listens_for(column, "set", active_history=True)  # a value that is not loaded yet is old all the same
        def refuse(target: object, value: object, old: object, initiator: object) -> None:
            if old is not NO_VALUE and old is not None and not _turning.get():
                raise RuntimeError(f"{self.subject}: only advance() may write the state")

    def may(self, subject: Stateful, action: Action, actor: Actor) -> bool:
        """Tell whether a button for this action should be offered."""
        move = self._moves.get((subject.state, action))
        return move is not None and actor.may(move.permission)

    def advance(
        self,
        session: Session,
        subject: Stateful,
        action: Action,
        *,
        actor: Actor,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Make one move. Raises WrongStateError (409) or NotPermittedError (403) and writes nothing then."""
        session.flush()
        locked = {"key_share": True}  # others may still write rows that belong to it
        session.refresh(subject, attribute_names=["state"], with_for_update=locked)
        before: State = subject.state
        move = self._moves.get((before, action))
        if move is None:
            raise WrongStateError(self._explain(before, action))
        actor.ensure(move.permission)
        token = _turning.set(True)
        try:
            subject.state = move.target
        finally:
            _turning.reset(token)
        recorder_of(session)(
            session,
            f"{self.subject}:{action.value}",
            actor=actor,
            subject_type=self.subject,
            subject_id=subject.id,
            details={"from": before.value, "to": move.target.value, **(details or {})},
        )
        session.flush()

    def _explain(self, state: State, action: Action) -> str:
        wanted = action.value.replace("_", " ").replace("-", " ")
        return f"This {self.subject} is {words(state)}, so it cannot {wanted} now. Reload the page to see what changed."


def words(state: StrEnum) -> str:
    return state.value.replace("_", " ")
