"""Frozen values that go into a judgement and come out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from moderation.labels import (
    Action,
    Advice,
    Characteristic,
    Label,
    PersonRole,
    Route,
    Severity,
)


@dataclass(frozen=True, slots=True)
class Comment:
    """What was written; the author's handle serves only to recognise our own accounts."""

    text: str
    attachments: int = 0
    author: str = ""


@dataclass(frozen=True, slots=True)
class NameMention:
    """A person of the school found in a text, by a key that means nothing here."""

    start: int
    end: int
    person: str
    role: PersonRole
    confidence: float


class NameFinder(Protocol):
    """The school's own register of names."""

    def find(self, text: str) -> Sequence[NameMention]: ...


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing noticed: which rule, how sure, why in words, and where in the comment."""

    rule: str
    label: Label
    score: float
    because: str
    start: int
    end: int
    characteristic: Characteristic | None = None


class ExternalClassifier(Protocol):
    """An optional outside opinion: asked within a time limit, skipped when late, and never more than a reason to look."""

    @property
    def name(self) -> str: ...

    def classify(self, text: str) -> Sequence[Signal]: ...


class Candidate(Protocol):
    """A new model that only looks on: it reads the undisguised words, and what it says is noted beside the verdict."""

    def signals(self, text: str) -> Sequence[Signal]: ...


@dataclass(frozen=True, slots=True)
class OfficeContacts:
    """The contacts that the school itself publishes, so nobody is hidden for repeating them."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a comment when it is judged.

    Rules that are `switched_off` (the kill switch) or `on_trial` say nothing that counts; a name such as `threat.*`
    means a whole family. What they and the `candidates` would have changed stands in `Verdict.shadow`. Where the
    engine may not hide by itself (`may_hide`), what it would hide waits for a person, and people are told as ever.
    """

    post_text: str = ""
    post_has_photos: bool = False
    names: NameFinder | None = None
    school_words: frozenset[str] = frozenset()
    office: OfficeContacts = OfficeContacts()
    own_accounts: frozenset[str] = frozenset()
    classifiers: tuple[ExternalClassifier, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    switched_off: frozenset[str] = frozenset()
    on_trial: frozenset[str] = frozenset()
    may_hide: bool = True


@dataclass(frozen=True, slots=True)
class Shadow:
    """What would have been decided if everything that only looks on had counted; nobody acts on it."""

    action: Action
    hide: bool
    severity: Severity
    signals: tuple[Signal, ...]
    """The signals that did not count."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comment is, what to do with it, and why."""

    action: Action
    hide: bool
    severity: Severity
    categories: tuple[Label, ...]
    characteristics: tuple[Characteristic, ...]
    routes: tuple[Route, ...]
    restricted: bool
    advice: tuple[Advice, ...]
    signals: tuple[Signal, ...]
    reasons: tuple[str, ...]
    score: float
    language: str
    policy_version: str
    model_version: str
    shadow: Shadow | None = None
    """Nothing when no rule on trial, switched off or new had anything to say."""
