"""Who of the school may know of a comment, by what it says. A rule narrows the circle and never widens it."""

import re

import moderation
from app.comments.models import Audience, Comment
from app.comments.names import SchoolNames
from app.comments.verdicts import categories_of

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
_LEAD = re.compile(r"\b(?:designated person|safeguarding (?:lead|officer|team)|dsl)\b", re.IGNORECASE)


def audience_for(verdict: moderation.Verdict) -> Audience:
    about_head = moderation.Label.ALLEGATION_HEAD in categories_of(verdict)
    if about_head or moderation.Route.CHAIR_OF_GOVERNORS in verdict.routes:
        return Audience.CHAIR
    return (
        Audience.DESIGNATED if verdict.restricted or ABOUT_A_CHILD & set(categories_of(verdict)) else Audience.GENERAL
    )


def audience_of(verdict: moderation.Verdict, text: str, names: SchoolNames | None) -> Audience:
    """Keep whoever is accused out: a designated person does not read an allegation about designated persons."""
    audience = audience_for(verdict)
    accuses = moderation.Label.ALLEGATION_STAFF in categories_of(verdict)
    if accuses and audience is Audience.DESIGNATED and speaks_of_designated(text, names):
        return Audience.HEAD
    return audience


def speaks_of_designated(text: str, names: SchoolNames | None) -> bool:
    return _LEAD.search(text) is not None or (names is not None and names.speaks_of_designated(text))


def narrower(one: Audience, other: Audience) -> Audience:
    return max(one, other, key=WIDTH.index)


def narrowed(comment: Comment, audience: Audience) -> Audience:
    """Earlier words may have been worse than those that are judged now."""
    return audience if comment.judged_sha256 is None else narrower(comment.audience, audience)
