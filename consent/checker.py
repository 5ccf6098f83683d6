"""Check a post: words and pictures, against the register of the day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from consent.codes import Code
from consent.model import Content, Finding, Purpose, Report, Severity, Surface, SurfaceKind
from consent.naming import NamingRules, pupils_of, unagreed
from consent.policy import depicted_in, judge_pictures, shows_people
from consent.ports import Register
from consent.recognisability import FaceRule, judge_recognisability
from consent.words.gazetteer import Gazetteer, Mention, compile_gazetteer
from consent.words.hidden import hidden_readings
from consent.words.links import judge_links
from consent.words.mentions import Certainty
from consent.words.patterns import find_name_shaped, find_titled
from consent.words.personal_data import find_personal_data


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What the school says of itself: its published contacts, words that are not names, and sites."""

    published_contacts: Sequence[str] = ()
    allowed_words: Sequence[str] = ()
    allowed_hosts: Sequence[str] = ()
    denied_hosts: Sequence[str] = ()
    face_rule: FaceRule | None = None


def check(
    content: Content, register: Register, *, names: Gazetteer | None = None, settings: CheckSettings, on: date
) -> Report:
    """Check everything that one revision would publish. Lets errors out: the caller must block on them.

    `names` is the compiled register; it is compiled here when it is not given.
    """
    known = names or compile_gazetteer(register.people(), allowed_words=settings.allowed_words)
    with_people = shows_people(content.pictures)
    dismissed = not with_people and any(picture.sightings for picture in content.pictures)
    rules = NamingRules(register, content.purposes, with_people, on, dismissed)
    words = _WordCheck(rules, known, settings)
    findings = [finding for surface in _surfaces(content) for finding in words.judge(surface)]
    findings += judge_pictures(content, register, on)
    findings += judge_recognisability(content.pictures, settings.face_rule or FaceRule())
    return Report(tuple(findings), depicted_in(content.pictures), frozenset(words.mentioned), with_people)


def check_text(
    text: str,
    register: Register,
    *,
    names: Gazetteer,
    settings: CheckSettings,
    on: date,
    with_photo: bool,
    purposes: Sequence[Purpose] = (),
    surface: SurfaceKind = SurfaceKind.CAPTION,
) -> Report:
    """Check words alone, as if they were the caption (or the alt text) of a post with or without a photo of people."""
    words = _WordCheck(NamingRules(register, purposes, with_photo, on), names, settings)
    findings = tuple(words.judge(Surface(surface, text)))
    return Report(findings, mentioned=frozenset(words.mentioned))


def _surfaces(content: Content) -> Iterator[Surface]:
    """Yield every surface, and the words read in a picture if the caller left them with the picture."""
    yield from content.surfaces
    told = {surface.picture_id for surface in content.surfaces if surface.kind is SurfaceKind.PICTURE_TEXT}
    for picture in content.pictures:
        if picture.words and picture.id not in told:
            yield Surface(SurfaceKind.PICTURE_TEXT, "\n".join(picture.words), picture.id)


class _WordCheck:
    """Judges the surfaces of one post, and gathers who is mentioned."""

    def __init__(self, rules: NamingRules, names: Gazetteer, settings: CheckSettings) -> None:
        self._rules, self._names, self._settings = rules, names, settings
        self.mentioned: set[str] = set()

    def judge(self, surface: Surface) -> Iterable[Finding]:
        yield from self._read(surface)
        for reading in hidden_readings(surface.text):
            for finding in self._read(replace(surface, text=reading)):
                word = reading[slice(*finding.span)] if finding.span else ""
                yield replace(finding, span=None, detail=word)  # it stands nowhere in the text as it was written

    def _read(self, surface: Surface) -> Iterable[Finding]:
        if not surface.text.strip():
            return
        mentions = self._names.find(surface.text)
        for mention in mentions:
            judged = list(self._rules.judge(mention, surface))
            # a held word is somebody's to judge; one that passes unseen counts, since a photo would make it a name
            if mention.certainty is not Certainty.MAYBE or not judged:
                self._gather(mention)
            yield from judged
        yield from self._unexplained(surface, mentions)
        settings = self._settings
        for leak in find_personal_data(surface.text, published_contacts=settings.published_contacts):
            yield _at(surface, leak.code, leak.severity, leak.message, (leak.start, leak.end))
        for link in judge_links(surface.text, allowed_hosts=settings.allowed_hosts, denied_hosts=settings.denied_hosts):
            yield _at(surface, link.code, link.severity, link.message, (link.start, link.end))

    def _gather(self, mention: Mention) -> None:
        if not mention.after_title:
            people = (self._rules.register.person(person_id) for person_id in mention.person_ids)
            self.mentioned.update(person.id for person in pupils_of(person for person in people if person))

    def _unexplained(self, surface: Surface, mentions: Sequence[Mention]) -> Iterable[Finding]:
        """Hold what looks like a name and is nobody's in the register."""
        explained = [(mention.start, mention.end) for mention in mentions]
        for titled in find_titled(surface.text, allowed_words=self._settings.allowed_words):
            if not _overlaps(titled.start, titled.end, explained):
                explained.append((titled.start, titled.end))
                yield unagreed(surface, titled.start, titled.end)
        for shaped in find_name_shaped(surface.text, allowed_words=self._settings.allowed_words):
            if not _overlaps(shaped.start, shaped.end, explained):
                message = f"“{shaped.text}” looks like somebody's name. If it is a child's, take it out."
                yield _at(surface, Code.NAME_UNKNOWN, Severity.HOLD, message, (shaped.start, shaped.end))


def _overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def _at(surface: Surface, code: Code, severity: Severity, message: str, span: tuple[int, int]) -> Finding:
    return Finding(code.value, severity, message, surface.kind, span, surface.picture_id)
