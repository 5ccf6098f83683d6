"""What the school itself writes below its posts: judged by the same rules as everybody else's words."""

from sqlalchemy.orm import Session

import moderation
from app.comments.context import context_of
from app.comments.names import names_of_school
from app.core.db import school_of
from app.core.errors import InvalidInputError
from app.platforms.base import Network
from app.platforms.validation import LIMITS, text_length
from app.schools.services import school_with
from moderation import PersonRole

SURE = 0.9
LONGEST = 1000


def ensure_may_be_said(session: Session, text: str, networks: tuple[Network, ...] = ()) -> str:
    """Return the words as they would go out, or say why they may not."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise InvalidInputError("Write the words first.")
    if len(words) > LONGEST:
        raise InvalidInputError(f"Keep it under {LONGEST:,} characters: few words are read.")
    for network in networks:
        if text_length(network, words) > LIMITS[network].length:
            raise InvalidInputError(f"{network.label} takes at most {LIMITS[network].length} characters. Shorten it.")
    problem = problem_with(session, words)
    if problem:
        raise InvalidInputError(problem)
    return words


def problem_with(session: Session, words: str) -> str | None:
    """Say what stands against these words: a name of a pupil, personal details, anything that we would hide."""
    names = names_of_school(session)
    if any(seen.role is PersonRole.PUPIL and seen.confidence >= SURE for seen in names.find(words)):
        return "These words name a pupil. Take the name out: nothing about a child is answered in public."
    context = context_of(school_with(session, school_of(session)).settings, names)
    verdict = moderation.judge(moderation.Comment(words), context)
    if not verdict.hide:
        return None  # a doubt is no reason to silence the school: two people have read these words
    return f"These words would not pass our own rules. {verdict.reasons[0]} Say it in another way."
