"""The words of the consent engine: frozen values, no behaviour beyond reading themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Purpose(StrEnum):
    """What a picture or a name may be used for; each is consented to by itself."""

    INTERNAL = "internal"
    WEBSITE = "website"
    FACEBOOK = "facebook"
    X = "x"
    PRESS = "press"
    PROSPECTUS = "prospectus"
    VIDEO = "video"
    NAME = "name"


class ConsentState(StrEnum):
    """Only GRANTED lets anything pass; NOT_RECORDED is not consent."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_RECORDED = "not_recorded"


class PersonKind(StrEnum):
    PUPIL = "pupil"
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class PersonName:
    """One way of naming a person, such as the legal or the preferred name."""

    forename: str
    surname: str

    def __str__(self) -> str:
        return f"{self.forename} {self.surname}".strip()


@dataclass(frozen=True, slots=True)
class Grant:
    """The effective answer for one purpose, after every parent's and the pupil's word was weighed."""

    purpose: Purpose
    state: ConsentState
    expires_on: date | None = None

    def state_on(self, on: date) -> ConsentState:
        if self.state is ConsentState.GRANTED and self.expires_on is not None and self.expires_on < on:
            return ConsentState.EXPIRED
        return self.state


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the school knows. The first name is the one that screens show; `id` is opaque here."""

    id: str
    kind: PersonKind
    names: tuple[PersonName, ...]
    grants: tuple[Grant, ...] = ()
    no_publish: bool = False
    group: str | None = None

    @property
    def display_name(self) -> str:
        return str(self.names[0])

    def state_for(self, purpose: Purpose, on: date) -> ConsentState:
        """Return the state of a purpose on a day; a no-publish flag reads as a refusal everywhere."""
        if self.no_publish:
            return ConsentState.REFUSED
        states = [grant.state_on(on) for grant in self.grants if grant.purpose is purpose]
        for state in (ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.GRANTED, ConsentState.EXPIRED):
            if state in states:
                return state
        return ConsentState.NOT_RECORDED

    def allows(self, purposes: Sequence[Purpose], on: date) -> bool:
        return all(self.state_for(purpose, on) is ConsentState.GRANTED for purpose in purposes)


class Box(NamedTuple):
    """Pixels of the upright picture; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


class MatchStatus(StrEnum):
    """What matching says of a face. None of them clears it: a person answers for every face."""

    PROTECTED = "protected"
    """It looks like a pupil who may not be shown."""
    POSSIBLE = "possible"
    """It may be a pupil who may not be shown: within the wide alarm distance of one."""
    SUGGESTED = "suggested"
    """It looks like one pupil who may be shown; a person confirms."""
    UNKNOWN = "unknown"


class Disposition(StrEnum):
    """A person's answer for one face (or for one region drawn by hand)."""

    PUPIL = "pupil"
    ADULT = "adult"
    OBSCURED = "obscured"
    CROPPED = "cropped"
    NOT_RECOGNISABLE = "not_recognisable"
    NOT_A_FACE = "not_a_face"
    ROLL_CALL = "roll_call"
    """Compared with the face sheet of the roster's protected pupils: it is none of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    disposition: Disposition
    person_id: str | None = None
    answered_by: str = ""
    second_signature_by: str | None = None
    """Who, other than the author, signed that this is not the protected pupil it resembles."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be recognised, by people and by the machine."""

    height: float
    """Pixels from brow to chin in the picture as it will be published."""
    sharpness: float
    """Variance of the Laplacian of the face: below about 20 it is blurred."""
    turned: float
    """Estimated degrees between the nose and the camera: 0 looks straight ahead, from about 60 it is a profile."""
    covered: float
    """Part of the face that lies outside the picture or behind another face that was found, from 0 to 1."""
    sure: float = 1.0
    """How sure the closest look is that this is a face at all, from 0 to 1; a box is kept even where it is low."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One face in one picture: found by the detector, or drawn by hand."""

    number: int
    box: Box
    status: MatchStatus = MatchStatus.UNKNOWN
    person_id: str | None = None
    distance: float | None = None
    margin: float | None = None
    drawn_by_hand: bool = False
    answer: Answer | None = None
    obscured_and_gone: bool = False
    """The publishable rendition was searched again and no face was left in this place."""
    quality: Quality | None = None
    """None for a face drawn by hand."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a post as the check sees it. `problem` says why it could not be examined."""

    id: str
    sightings: tuple[Sighting, ...] = ()
    words: tuple[str, ...] = ()
    all_faces_boxed: bool = False
    """A person confirmed that every recognisable person has a box."""
    people_count: int | None = None
    """How many people can be recognised, as the author counted them."""
    problem: str | None = None


class SurfaceKind(StrEnum):
    CAPTION = "caption"
    ALT_TEXT = "alt_text"
    PICTURE_TEXT = "picture_text"
    FILE_NAME = "file_name"
    LINK = "link"
    LINK_PREVIEW = "link_preview"


@dataclass(frozen=True, slots=True)
class Surface:
    """A piece of text that would go out, and where it stands."""

    kind: SurfaceKind
    text: str
    picture_id: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything one revision would publish, with the purposes that its networks need."""

    surfaces: tuple[Surface, ...]
    pictures: tuple[Picture, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    roster: frozenset[str] | None = None
    """Ids of the people who may be in the pictures; None means that the whole school is in scope."""
    author_id: str | None = None
    protected_distance: float | None = None
    """Within it a face is like a protected pupil's, even if it is more like somebody else's."""


class Severity(StrEnum):
    """BLOCK: nobody can override. HOLD: a named role may release, in writing. WARN: the author acknowledges."""

    BLOCK = "block"
    HOLD = "hold"
    WARN = "warn"


class Outcome(StrEnum):
    BLOCK = "block"
    HOLD = "hold"
    WARN = "warn"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in the way of publishing, in words that say what to do next.

    `span` counts characters of the surface's text. `code` is stable (`name.in-photo-post`): resolutions refer to it.
    """

    code: str
    severity: Severity
    message: str
    surface: SurfaceKind | None = None
    span: tuple[int, int] | None = None
    picture_id: str | None = None
    face: int | None = None
    person_id: str | None = None
    other_post: str | None = None
    """Id of the post that makes this one harmful."""
    detail: str = ""
    """What tells it from another of the same code and place: the faces it is about, or a word that is hidden there."""


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    depicted: frozenset[str] = frozenset()
    """Ids of the people that a person tagged as shown."""
    mentioned: frozenset[str] = frozenset()
    """Ids of the pupils whom the words name, or one of whom they name; a word that is held as a maybe names nobody."""
    shows_people: bool = False

    @property
    def outcome(self) -> Outcome:
        severities = {finding.severity for finding in self.findings}
        for severity, outcome in (
            (Severity.BLOCK, Outcome.BLOCK),
            (Severity.HOLD, Outcome.HOLD),
            (Severity.WARN, Outcome.WARN),
        ):
            if severity in severities:
                return outcome
        return Outcome.CLEAR
