"""Check a post: words and pictures, against the register of the day."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from consent.model import (
    Content,
    Disposition,
    Finding,
    Person,
    PersonKind,
    Purpose,
    Report,
    Severity,
    Surface,
    SurfaceKind,
)
from consent.policy import judge_pictures, shows_people
from consent.ports import Register
from consent.words.gazetteer import Certainty, Gazetteer, Mention, compile_gazetteer
from consent.words.links import judge_links
from consent.words.patterns import find_name_shaped
from consent.words.personal_data import find_personal_data

_DETAILS = re.compile(
    r"\b(?:year\s+\w+|class|aged?\s+\d+|\d+\s+years?\s+old|reception|nursery|lives?|detention|excluded|behaviour|ill|hospital)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What the school says of itself: its published contacts, words that are not names, and sites."""

    published_contacts: Sequence[str] = ()
    allowed_words: Sequence[str] = ()
    allowed_hosts: Sequence[str] = ()
    denied_hosts: Sequence[str] = ()


def check(
    content: Content, register: Register, *, names: Gazetteer | None = None, settings: CheckSettings, on: date
) -> Report:
    """Check everything that one revision would publish. Lets errors out: the caller must block on them.

    `names` is the compiled register; it is compiled here when it is not given.
    """
    known = names or compile_gazetteer(register.people(), allowed_words=settings.allowed_words)
    checker = _Checker(content, register, known, settings, on)
    findings = [finding for surface in content.surfaces for finding in checker.check_surface(surface)]
    findings += judge_pictures(content, register, on)
    depicted = {
        sighting.answer.person_id
        for picture in content.pictures
        for sighting in picture.sightings
        if sighting.answer is not None
        and sighting.answer.disposition in (Disposition.PUPIL, Disposition.ADULT)
        and sighting.answer.person_id is not None
    }
    return Report(tuple(findings), frozenset(depicted), frozenset(checker.mentioned))


def check_text(
    text: str,
    register: Register,
    *,
    names: Gazetteer,
    settings: CheckSettings,
    on: date,
    with_photo: bool,
    purposes: Sequence[Purpose] = (),
) -> Report:
    """Check words alone, as if they were the caption of a post with or without a photo of people."""
    content = Content((Surface(SurfaceKind.CAPTION, text),), purposes=tuple(purposes))
    checker = _Checker(content, register, names, settings, on, with_people=with_photo)
    findings = tuple(checker.check_surface(content.surfaces[0]))
    return Report(findings, mentioned=frozenset(checker.mentioned))


class _Checker:
    def __init__(
        self,
        content: Content,
        register: Register,
        names: Gazetteer,
        settings: CheckSettings,
        on: date,
        *,
        with_people: bool | None = None,
    ) -> None:
        self._content, self._register, self._names = content, register, names
        self._settings, self._on = settings, on
        self._with_people = shows_people(content.pictures) if with_people is None else with_people
        self.mentioned: set[str] = set()

    def check_surface(self, surface: Surface) -> Iterable[Finding]:
        mentions = self._names.find(surface.text)
        for mention in mentions:
            yield from self._judge_mention(mention, surface)
        yield from self._name_shaped(surface, mentions)
        for leak in find_personal_data(surface.text, published_contacts=self._settings.published_contacts):
            yield self._at(surface, leak.code, leak.severity, leak.message, leak.start, leak.end)
        for link in judge_links(
            surface.text, allowed_hosts=self._settings.allowed_hosts, denied_hosts=self._settings.denied_hosts
        ):
            yield self._at(surface, link.code, link.severity, link.message, link.start, link.end)

    def _judge_mention(self, mention: Mention, surface: Surface) -> Iterable[Finding]:
        people = [person for person in map(self._register.person, sorted(mention.person_ids)) if person is not None]
        pupils = [person for person in people if person.kind is PersonKind.PUPIL]
        adults = [person for person in people if person.kind is PersonKind.ADULT]
        if mention.after_title or not pupils:
            yield from self._judge_adults(mention, adults, surface)
            return
        self.mentioned.update(person.id for person in pupils)
        word = surface.text[mention.start : mention.end]
        if mention.certainty is Certainty.MAYBE:
            message = f"“{word}” is also the name of a pupil. Is a pupil meant here? If so, take it out."
            yield self._at(surface, "name.maybe", Severity.HOLD, message, mention.start, mention.end, pupils)
        elif self._with_people or surface.kind is SurfaceKind.PICTURE_TEXT:
            message = f"“{word}” is the name of a pupil. Take the name out, or take the photos out."
            yield self._at(surface, "name.in-photo-post", Severity.BLOCK, message, mention.start, mention.end, pupils)
        else:
            yield from self._judge_name_alone(mention, pupils, word, surface)

    def _judge_name_alone(
        self, mention: Mention, pupils: Sequence[Person], word: str, surface: Surface
    ) -> Iterable[Finding]:
        """Without photos a first name may stand, with consent for it; never more than that."""
        near = surface.text[max(0, mention.start - 60) : mention.end + 60]
        if mention.certainty is Certainty.FULL_NAME or _DETAILS.search(near):
            message = (
                f"“{word}” tells too much about a pupil. Use the first name only, without class or age, or no name."
            )
            yield self._at(surface, "name.with-details", Severity.BLOCK, message, mention.start, mention.end, pupils)
        needed = (*self._content.purposes, Purpose.NAME)
        if not all(person.allows(needed, self._on) for person in pupils):
            message = f"“{word}” is the name of a pupil without consent to be named. Take the name out."
            yield self._at(surface, "name.in-post", Severity.BLOCK, message, mention.start, mention.end, pupils)

    def _judge_adults(self, mention: Mention, adults: Sequence[Person], surface: Surface) -> Iterable[Finding]:
        if any(person.allows([Purpose.NAME], self._on) for person in adults):
            return
        if not adults and not mention.after_title:
            return
        word = surface.text[mention.start : mention.end]
        message = f"“{word}” names a member of staff who has not agreed to that. Ask them, or take the name out."
        yield self._at(surface, "name.staff", Severity.HOLD, message, mention.start, mention.end, adults)

    def _name_shaped(self, surface: Surface, mentions: Sequence[Mention]) -> Iterable[Finding]:
        for shaped in find_name_shaped(surface.text, allowed_words=self._settings.allowed_words):
            if any(shaped.start < mention.end and mention.start < shaped.end for mention in mentions):
                continue
            message = f"“{shaped.text}” looks like somebody's name. If it is a child's, take it out."
            yield self._at(surface, "name.unknown", Severity.HOLD, message, shaped.start, shaped.end)

    def _at(
        self,
        surface: Surface,
        code: str,
        severity: Severity,
        message: str,
        start: int,
        end: int,
        people: Sequence[Person] = (),
    ) -> Finding:
        person_id = people[0].id if len(people) == 1 else None
        return Finding(code, severity, message, surface.kind, (start, end), surface.picture_id, None, person_id)
