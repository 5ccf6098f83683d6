"""Pure rules for names in words: who may be named, and where."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from consent.codes import Code
from consent.model import Finding, Person, PersonKind, Purpose, Severity, Surface, SurfaceKind
from consent.ports import Register
from consent.words.mentions import Certainty, Mention

_CLASS_OR_AGE = re.compile(
    r"\b(?:years?\s+(?:\d{1,2}|one|two|three|four|five|six)|class|aged?\s+\w+|\d+[- ]years?[- ]old|reception|nursery|"
    r"form\s+\d|[1-9]\d?[a-z]{1,3}|tutor group)\b|\(\d{1,2}\)",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"\b(?:lives (?:at|in|on|near)|home address|\d{1,3} \w+ (?:road|street|avenue|lane|close)|"
    r"(?:in|from) hospital|ill|illness|poorly|medical|allerg\w+|asthma\w*|epilep\w+|diabet\w+|autis\w+|adhd|dyslexi\w+|disab\w+|wheelchair|(?-i:SEND?)|"
    r"ehcp|diagnos\w+|medication|detention|excluded|exclusion|suspended|bullied|bullying|in care|fostered|adopted|"
    r"safeguarding|social worker|free school meals)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]?")


@dataclass(frozen=True, slots=True)
class NamingRules:
    """What decides about names in one post."""

    register: Register
    purposes: Sequence[Purpose]
    with_people: bool
    """A picture of the post shows, or may show, somebody."""
    on: date
    faces_dismissed: bool = False
    """No picture shows anybody, but only because the author says that what looks like a face is none."""

    def judge(self, mention: Mention, surface: Surface) -> Iterator[Finding]:
        """Return what stands against one mention: at most one finding."""
        people = [person for person in map(self.register.person, sorted(mention.person_ids)) if person is not None]
        pupils = pupils_of(people)
        if mention.after_title or not pupils:
            yield from self._judge_adults(mention, surface, people)
        elif self.with_people:
            yield from _beside_people(mention, surface, pupils)
        else:
            yield from self._judge_alone(mention, surface, pupils)

    def _judge_alone(self, mention: Mention, surface: Surface, pupils: Sequence[Person]) -> Iterator[Finding]:
        """Without people in the pictures a first name may stand, with consent for it; never more than that."""
        word = surface.text[mention.start : mention.end]
        needed = (*self.purposes, Purpose.NAME)
        allowed = [person.allows(needed, self.on) for person in pupils]
        if mention.certainty is Certainty.MAYBE:
            if not all(allowed) or mention.has_surname:
                yield _maybe(mention, surface, pupils)
        elif not any(allowed):
            message = f"“{word}” is the name of a pupil without consent to be named. Take the name out."
            yield _finding(Code.NAME_IN_POST, Severity.BLOCK, message, mention, surface, pupils)
        elif _is_near(_PRIVATE, mention, surface):
            message = f"“{word}” stands beside something private. Take the name out, or the rest."
            yield _finding(Code.NAME_WITH_DETAILS, Severity.BLOCK, message, mention, surface, pupils)
        elif mention.has_surname:
            message = f"“{word}” gives a pupil's surname. Use the first name only."
            yield _finding(Code.NAME_SURNAME, Severity.BLOCK, message, mention, surface, pupils)
        else:
            yield from self._judge_first_name(mention, surface, pupils, is_certain=all(allowed))

    def _judge_first_name(
        self, mention: Mention, surface: Surface, pupils: Sequence[Person], *, is_certain: bool
    ) -> Iterator[Finding]:
        word = surface.text[mention.start : mention.end]
        if surface.kind is SurfaceKind.PICTURE_TEXT:
            message = f"“{word}”, the name of a pupil, can be read in the picture. Is that meant?"
            yield _finding(Code.NAME_IN_PICTURE, Severity.HOLD, message, mention, surface, pupils)
        elif self.faces_dismissed:
            message = f"“{word}” is the name of a pupil, and a photo has something like a face. Is really nobody in it?"
            yield _finding(Code.NAME_BY_DISMISSED_FACE, Severity.HOLD, message, mention, surface, pupils)
        elif not is_certain:
            message = f"Several pupils are called “{word}”, and not all of them may be named. Say which one is meant."
            yield _finding(Code.NAME_WHICH, Severity.HOLD, message, mention, surface, pupils)
        elif _is_near(_CLASS_OR_AGE, mention, surface):
            message = f"“{word}” beside a class or an age points to one child. Is it needed?"
            yield _finding(Code.NAME_WITH_CLASS, Severity.WARN, message, mention, surface, pupils)

    def _judge_adults(self, mention: Mention, surface: Surface, people: Sequence[Person]) -> Iterator[Finding]:
        """A surname of an adult needs everybody's agreement who may be meant; a first name alone says little."""
        adults = [person for person in people if person.kind is PersonKind.ADULT]
        if not mention.has_surname and not mention.after_title:
            return
        if adults and all(person.allows([Purpose.NAME], self.on) for person in adults):
            return
        yield unagreed(surface, mention.start, mention.end, adults)


def unagreed(surface: Surface, start: int, end: int, adults: Sequence[Person] = ()) -> Finding:
    """Return the finding for an adult who is named without having agreed."""
    word = surface.text[start:end]
    message = f"“{word}” names an adult whose agreement is not recorded. Ask them, or take the name out."
    person_id = adults[0].id if len(adults) == 1 else None
    return Finding(
        Code.NAME_STAFF.value,
        Severity.HOLD,
        message,
        surface.kind,
        (start, end),
        surface.picture_id,
        person_id=person_id,
    )


def pupils_of(people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.kind is PersonKind.PUPIL]


def _beside_people(mention: Mention, surface: Surface, pupils: Sequence[Person]) -> Iterator[Finding]:
    """No child in a photo is identified by name, whoever it is and whatever was agreed."""
    if mention.certainty is Certainty.MAYBE:
        yield _maybe(mention, surface, pupils)
        return
    word = surface.text[mention.start : mention.end]
    if surface.kind is SurfaceKind.PICTURE_TEXT:
        message = f"“{word}”, the name of a pupil, can be read in the picture. Cover it, or use another picture."
    else:
        message = f"“{word}” is the name of a pupil. Take the name out, or take the photos out."
    yield _finding(Code.NAME_IN_PHOTO_POST, Severity.BLOCK, message, mention, surface, pupils)


def _maybe(mention: Mention, surface: Surface, pupils: Sequence[Person]) -> Finding:
    word = surface.text[mention.start : mention.end]
    sentence = _sentence_around(surface.text, mention.start)
    message = f"“{word}” may be the name of a pupil in “{sentence}”. If a pupil is meant, take it out."
    return _finding(Code.NAME_MAYBE, Severity.HOLD, message, mention, surface, pupils)


def _sentence_around(text: str, position: int, longest: int = 120) -> str:
    for found in _SENTENCE.finditer(text):
        if found.start() <= position < found.end():
            sentence = " ".join(found.group().split())
            return sentence if len(sentence) <= longest else sentence[: longest - 1].rstrip() + "…"
    return text[position : position + longest]


def _is_near(pattern: re.Pattern[str], mention: Mention, surface: Surface) -> bool:
    return bool(pattern.search(surface.text[max(0, mention.start - 80) : mention.end + 80]))


def _finding(
    code: Code, severity: Severity, message: str, mention: Mention, surface: Surface, people: Sequence[Person]
) -> Finding:
    person_id = people[0].id if len(people) == 1 else None
    span = (mention.start, mention.end)
    return Finding(code.value, severity, message, surface.kind, span, surface.picture_id, person_id=person_id)
