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
    """An optional outside opinion; the caller bounds its time and returns nothing when it is late."""

    def classify(self, text: str) -> Sequence[Signal]: ...


@dataclass(frozen=True, slots=True)
class OfficeContacts:
    """The contacts that the school itself publishes, so nobody is hidden for repeating them."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a comment when it is judged."""

    post_text: str = ""
    post_has_photos: bool = False
    names: NameFinder | None = None
    school_words: frozenset[str] = frozenset()
    office: OfficeContacts = OfficeContacts()
    own_accounts: frozenset[str] = frozenset()
    classifiers: tuple[ExternalClassifier, ...] = ()


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
