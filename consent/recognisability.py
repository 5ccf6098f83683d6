"""How well a face can be recognised, in words, and whether what was answered for it can be true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from consent.codes import Code
from consent.model import Disposition, Finding, Picture, Quality, Severity, Sighting

SMALL, LARGE = 32.0, 60.0
"""Pixels of a face in the published picture: below the first few can name it, from the second most can."""
ASIDE, AWAY = 35.0, 60.0
BLURRED, SHARP = 20.0, 40.0
COVERED = 0.4
SURELY_A_FACE, PERHAPS_NONE = 0.9, 0.5


class Clarity(StrEnum):
    PLAIN = "plain"
    """Large, sharp, towards the camera: whoever knows this person recognises them."""
    FAIR = "fair"
    POOR = "poor"
    """At least one thing makes it hard: small, blurred, turned away, covered, or perhaps no face at all."""


class Strictness(StrEnum):
    """What becomes of a post in which somebody can be recognised."""

    ALLOWED = "allowed"
    WARN = "warn"
    HOLD = "hold"
    BLOCK = "block"

    @property
    def severity(self) -> Severity | None:
        return None if self is Strictness.ALLOWED else Severity(self.value)


def strictest(*rules: Strictness | None) -> Strictness:
    """Return the one that lets least pass: a post may be stricter than its school, never laxer."""
    order = list(Strictness)
    return max((rule for rule in rules if rule is not None), key=order.index, default=Strictness.ALLOWED)


@dataclass(frozen=True, slots=True)
class FaceRule:
    """A school's or a post's rule against faces that can be recognised: from which size and pose it bites, and how."""

    severity: Severity | None = None
    """None lets every answered face pass."""
    height: float = 40.0
    turned: float = AWAY


def clarity(quality: Quality) -> Clarity:
    if _flaws(quality):
        return Clarity.POOR
    is_plain = quality.height >= LARGE and quality.turned < ASIDE and quality.sharpness >= SHARP
    return Clarity.PLAIN if is_plain else Clarity.FAIR


def is_perhaps_none(quality: Quality) -> bool:
    """What is perhaps not a face is answered for singly: no answer is proposed."""
    return quality.sure < PERHAPS_NONE


def in_words(quality: Quality) -> str:
    """Say it as a colleague would: “small and turned away”."""
    size = "small" if quality.height < SMALL else "large" if quality.height >= LARGE else "of middling size"
    words = [size, *_flaws(quality, without_size=True)]
    if len(words) == 1:
        words.append("turned aside" if quality.turned >= ASIDE else "looks at the camera")
    return f"{', '.join(words[:-1])} and {words[-1]}"


def judge_recognisability(pictures: Sequence[Picture], rule: FaceRule) -> Iterable[Finding]:
    """Hold each answer against what the picture shows, and each picture against the rule."""
    for picture in pictures:
        for sighting in picture.sightings:
            yield from _judge_dismissal(sighting, picture)
        if rule.severity is not None:
            yield from _judge_rule(picture, rule, rule.severity)


def _flaws(quality: Quality, *, without_size: bool = False) -> list[str]:
    told = (
        (quality.height < SMALL and not without_size, "small"),
        (quality.sharpness < BLURRED, "blurred"),
        (quality.turned >= AWAY, "turned away"),
        (quality.covered >= COVERED, "partly covered"),
        (is_perhaps_none(quality), "perhaps not a face"),
    )
    return [word for holds, word in told if holds]


def _judge_dismissal(sighting: Sighting, picture: Picture) -> Iterable[Finding]:
    """“Nobody could recognise this person” and “not a face” are for faces of which that can be true."""
    quality, face = sighting.quality, f"Face {sighting.number}"
    seen = clarity(quality) if quality is not None else None
    match sighting.answer and sighting.answer.disposition:
        case Disposition.NOT_RECOGNISABLE if quality is not None and seen is Clarity.PLAIN:
            message = f"{face} is {in_words(quality)}: somebody will recognise it. Say who it is, or obscure it."
            yield _finding(Code.FACE_RECOGNISABLE, Severity.BLOCK, message, picture, sighting)
        case Disposition.NOT_RECOGNISABLE if quality is not None and seen is Clarity.FAIR:
            message = f"{face} is {in_words(quality)}, and was answered as nobody who could be recognised."
            yield _finding(Code.FACE_RECOGNISABLE, Severity.HOLD, message, picture, sighting)
        case Disposition.NOT_RECOGNISABLE if quality is not None and _is_large(quality):
            message = f"{face} is {in_words(quality)}, and was answered as nobody who could be recognised."
            yield _finding(Code.FACE_RECOGNISABLE, Severity.HOLD, message, picture, sighting)
        case Disposition.NOT_RECOGNISABLE if sighting.drawn_by_hand:
            message = f"{face} was drawn by hand, and answered as nobody who could be recognised."
            yield _finding(Code.FACE_RECOGNISABLE, Severity.HOLD, message, picture, sighting)
        case Disposition.NOT_A_FACE if quality is not None and _is_surely_a_face(quality):
            message = f"{face} is {in_words(quality)}, and was answered as no face at all."
            yield _finding(Code.FACE_DISMISSED, Severity.HOLD, message, picture, sighting)


def _is_large(quality: Quality) -> bool:
    """A friend knows a large face from the side, or half of it; only a blur hides it."""
    return quality.height >= LARGE and quality.sharpness >= BLURRED


def _is_surely_a_face(quality: Quality) -> bool:
    return quality.sure >= SURELY_A_FACE and clarity(quality) is not Clarity.POOR


def _finding(code: Code, severity: Severity, message: str, picture: Picture, sighting: Sighting) -> Finding:
    return Finding(code.value, severity, message, picture_id=picture.id, face=sighting.number)


def _judge_rule(picture: Picture, rule: FaceRule, severity: Severity) -> Iterable[Finding]:
    numbers = [str(sighting.number) for sighting in picture.sightings if _is_identifiable(sighting, rule)]
    if numbers:
        faces = f"Face {numbers[0]}" if len(numbers) == 1 else f"Faces {', '.join(numbers[:-1])} and {numbers[-1]}"
        message = f"{faces} can be recognised, and no face that can be recognised is to go out. Obscure what can be."
        told = ",".join(numbers)
        yield Finding(Code.FACE_IDENTIFIABLE.value, severity, message, picture_id=picture.id, detail=told)


def _is_identifiable(sighting: Sighting, rule: FaceRule) -> bool:
    """By size and pose. Adults who agreed are not meant; a face that somebody drew by hand is always."""
    if sighting.answer is not None and sighting.answer.disposition in (
        Disposition.OBSCURED,
        Disposition.CROPPED,
        Disposition.NOT_A_FACE,
        Disposition.ADULT,
    ):
        return False
    quality = sighting.quality
    return quality is None or (quality.height >= rule.height and quality.turned < rule.turned)
