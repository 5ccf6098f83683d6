"""Who of the school may know of a comment, by what it says. A rule narrows the circle and never widens it."""

import re
from functools import cache

import moderation
from app.comments.models import Audience, Comment
from app.comments.names import SchoolNames
from app.comments.verdicts import categories_of
from moderation.policy import ROW_OF, Reach
from moderation.rules.phrase import expanded, shared_pieces, whole_words

ABOUT_A_CHILD = frozenset(
    {
        moderation.Label.DISCLOSURE,
        moderation.Label.MISSING_CHILD,
        moderation.Label.SELF_HARM_INCITEMENT,
        moderation.Label.CONTACT_SEEKING,
        moderation.Label.SEXUAL_CHILD,
        moderation.Label.FROM_A_CHILD,
    }
)
"""A child may be at risk, or speaks to us: for the designated persons alone, and at once."""
WIDTH = [Audience.GENERAL, Audience.DESIGNATED, Audience.HEAD, Audience.CHAIR]
"""The widest circle first."""
ACCUSING = frozenset(
    {
        moderation.Label.ALLEGATION_HEAD,
        moderation.Label.ALLEGATION_STAFF,
        moderation.Label.SEXUAL_CHILD,
        moderation.Label.CONTACT_SEEKING,
    }
)
"""Whoever such words name may be the one who is accused, also where the rules only doubt."""
TELLING = frozenset({moderation.Label.DISCLOSURE, moderation.Label.REPORT_OF_ABUSE})
"""Somebody tells of harm: whoever is surely named in it may have done it."""
_ATTACKS = frozenset({moderation.Label.THREAT, moderation.Label.DOXXING})
_LEAD = re.compile(r"\b(?:designated person|safeguarding (?:lead|officer|team)|dsl)\b", re.IGNORECASE)
_HEADTEACHER = re.compile(r"\bhead[\s-]?(?:teacher|master|mistress)", re.IGNORECASE)
_HEAD = re.compile(
    r"(?<!\bon )(?<!\bin )(?<!\bto )(?<!\bby )(?<!over )(?<!ound )(?<!cross )"
    r"\b(?:the|this|that|our|your|ur|school'?s|acting|executive) head\b"
    r"(?! (?:boy|girl|of|start|lice|lights?|count|office|gear|band|lock|first|injury|injuries)\b)"
    r"|^\W*head\b|\bprincipal\b",
    re.IGNORECASE,
)


def audience_for(verdict: moderation.Verdict) -> Audience:
    about_head = moderation.Label.ALLEGATION_HEAD in categories_of(verdict)
    if about_head or moderation.Route.CHAIR_OF_GOVERNORS in verdict.routes:
        return Audience.CHAIR
    return (
        Audience.DESIGNATED if verdict.restricted or ABOUT_A_CHILD & set(categories_of(verdict)) else Audience.GENERAL
    )


def audience_of(verdict: moderation.Verdict, text: str, names: SchoolNames | None) -> Audience:
    """Keep whoever may be accused out: the head, or the designated persons, whom words of harm to a child name."""
    audience = audience_for(verdict)
    accuses = bool(ACCUSING & _suspected(verdict, text))
    tells = bool(TELLING & set(categories_of(verdict)))
    if (accuses or tells) and _speaks_of_head(text, names, surely=not accuses):
        return Audience.CHAIR
    if accuses and audience is Audience.DESIGNATED and speaks_of_designated(text, names):
        return Audience.HEAD
    return audience


def _suspected(verdict: moderation.Verdict, text: str) -> set[moderation.Label]:
    """Return everything that a rule or the model at least asks about, also what is drowned out by something plain.

    A plain threat to an adult is one, whatever else it faintly reads like, unless it speaks of a child.
    """
    reached = [(signal.label, ROW_OF[signal.label].reach(signal.score)) for signal in verdict.signals]
    attacks = any(label in _ATTACKS and reach is Reach.ACTS for label, reach in reached)
    least = Reach.TELLS if attacks and not _child().search(text.casefold()) else Reach.ASKS
    return {label for label, reach in reached if reach >= least}


@cache
def _child() -> re.Pattern[str]:
    return whole_words(expanded("<CHILD>|<PUPILS>", shared_pieces()))


def _speaks_of_head(text: str, names: SchoolNames | None, *, surely: bool) -> bool:
    if _HEADTEACHER.search(text) or (not surely and _HEAD.search(text)):
        return True
    return names is not None and names.speaks_of_head(text, surely=surely)


def speaks_of_designated(text: str, names: SchoolNames | None) -> bool:
    return _LEAD.search(text) is not None or (names is not None and names.speaks_of_designated(text))


def narrower(one: Audience, other: Audience) -> Audience:
    return max(one, other, key=WIDTH.index)


def narrowed(comment: Comment, audience: Audience) -> Audience:
    """Earlier words may have been worse than those that are judged now."""
    return audience if comment.judged_sha256 is None else narrower(comment.audience, audience)
