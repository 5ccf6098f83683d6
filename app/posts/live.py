"""Check words while they are being written, and mend them with one tap. Nothing is kept, nothing leaves the server."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core import clock
from app.core.db import school_of
from app.core.errors import InvalidInputError
from app.posts.checks import check_settings
from app.posts.claims import Claim, claim_about
from app.posts.models import Revision
from app.register.queries import name_index, snapshot
from app.schools.models import School
from consent import check_text
from consent.model import Finding, Purpose, Severity, SurfaceKind
from consent.words.mending import Mend, mends_for

REMOVE_PHOTOS = "photos"
_AROUND = 28
_NEEDS_PHOTO = ("name.in-photo-post", "name.maybe", "name.unknown")


@dataclass(frozen=True, slots=True)
class Said:
    """A finding about words that are being written, with what one tap may do about it."""

    field: str
    text: str
    finding: Finding
    mends: Sequence[Mend]
    claim: Claim | None
    """Offered where a word may be no name at all: the approver sees it and decides."""
    is_claimed: bool
    may_remove_photos: bool

    @property
    def span(self) -> tuple[int, int] | None:
        return None if self.finding.span is None else self.counted(*self.finding.span)

    def counted(self, start: int, end: int) -> tuple[int, int]:
        """Count as browsers do, which need two units for an emoji."""
        return len(self.text[:start].encode("utf-16-le")) // 2, len(self.text[:end].encode("utf-16-le")) // 2

    @property
    def excerpt(self) -> tuple[str, str, str]:
        """Return the words with what stands before and after them, cut between words."""
        start, end = self.finding.span or (0, 0)
        before, after = self.text[:start], self.text[end:]
        if len(before) > _AROUND:
            before = "… " + before[-_AROUND:].partition(" ")[2]
        if len(after) > _AROUND:
            after = after[:_AROUND].rpartition(" ")[0] + " …"
        return before, self.text[start:end], after


@dataclass(frozen=True, slots=True)
class Draftwords:
    """The texts of a form by the names of their fields, and whether photos go with them."""

    texts: Mapping[str, str]
    with_photo: bool
    claims: frozenset[Claim]

    @classmethod
    def read(cls, form: MultiDict[str, str], *, with_photo: bool) -> Self:
        texts = {name: _plain_lines(text) for name, text in form.items() if kind_of(name) is not None}
        told = {*form.getlist("not-a-pupil"), *form.getlist("claim")} - set(form.getlist("unclaim"))
        return cls(texts, with_photo, frozenset(filter(None, map(Claim.read, told))))

    @classmethod
    def of(cls, revision: Revision) -> Self:
        """Return the words of a saved revision, as its form names them."""
        alt_texts = {f"alt-{photo.photo_id}": photo.alt_text for photo in revision.photos}
        texts = {"caption": revision.caption, "link": revision.link or "", **alt_texts}
        return cls(texts, bool(revision.photos), frozenset())

    def mended(self, asked: str) -> Self:
        """Return the words with one mend made, as its button names it."""
        if asked == REMOVE_PHOTOS:
            return replace(self, with_photo=False)
        return replace(self, texts=_with_mend(self.texts, asked)) if asked else self


def kind_of(field: str) -> SurfaceKind | None:
    """Tell what kind of text a field of a form holds; None for what never goes out."""
    if field.startswith("alt-") or field.endswith("-alt"):
        return SurfaceKind.ALT_TEXT
    return {"caption": SurfaceKind.CAPTION, "link": SurfaceKind.LINK}.get(field)


def said(session: Session, words: Draftwords) -> Mapping[str, Sequence[Said]]:
    """Return what stands against the words of each field, as they are now."""
    today = clock.today()
    school, register, names = (
        session.get_one(School, school_of(session)),
        snapshot(session, on=today),
        name_index(session),
    )
    found: dict[str, Sequence[Said]] = {}
    for field, text in words.texts.items():
        kind = kind_of(field) or SurfaceKind.CAPTION
        report = check_text(
            text,
            register,
            names=names,
            settings=check_settings(school.settings),
            on=today,
            with_photo=words.with_photo or kind is SurfaceKind.ALT_TEXT,
            purposes=(Purpose.FACEBOOK, Purpose.X),
            surface=kind,
        )
        found[field] = [_said(field, text, finding, words) for finding in report.findings]
    return _once(found)


def _said(field: str, text: str, finding: Finding, words: Draftwords) -> Said:
    claim = claim_about(finding, text)
    is_of_photo = words.with_photo and finding.severity is not Severity.WARN and finding.code in _NEEDS_PHOTO
    return Said(field, text, finding, mends_for(text, finding), claim, claim in words.claims, is_of_photo)


def _once(found: Mapping[str, Sequence[Said]]) -> Mapping[str, Sequence[Said]]:
    """Offer to remove the photos with the first finding alone: on a phone it would fill the screen."""
    first = next((item for items in found.values() for item in items if item.may_remove_photos), None)
    return {
        field: [item if item is first else replace(item, may_remove_photos=False) for item in items]
        for field, items in found.items()
    }


def _with_mend(texts: Mapping[str, str], asked: str) -> Mapping[str, str]:
    """Read field, start, end and what stands there instead, and put it there."""
    try:
        field, start, end, replacement = asked.split(" ", 3)
        mend = Mend("", int(start), int(end), replacement)
        text = texts[field]
    except (KeyError, ValueError) as error:
        raise InvalidInputError("The words changed meanwhile. Check them again.") from error
    if not 0 <= mend.start <= mend.end <= len(text):
        raise InvalidInputError("The words changed meanwhile. Check them again.")
    return {**texts, field: mend.apply(text)}


def marked(text: str, findings: Iterable[Finding]) -> Sequence[tuple[str, Finding | None]]:
    """Cut a text into pieces, each with the finding that stands there."""
    pieces: list[tuple[str, Finding | None]] = []
    at = 0
    for finding in sorted((found for found in findings if found.span), key=lambda found: found.span or (0, 0)):
        start, end = finding.span or (0, 0)
        if start >= at and end <= len(text):
            pieces += [(text[at:start], None), (text[start:end], finding)]
            at = end
    return [piece for piece in (*pieces, (text[at:], None)) if piece[0]]


def _plain_lines(text: str) -> str:
    """Forms send line breaks as two signs; the browser and a revision count one."""
    return text.replace("\r\n", "\n")
