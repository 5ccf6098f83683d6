"""Guess what something seen elsewhere is about, so that a tired person need not sort it. A guess only narrows."""

import re

from app.comments.circles import audience_of, narrower
from app.comments.models import Audience
from app.comments.names import SchoolNames
from app.incidents.kinds import CARDS, kind_for
from app.incidents.models import IncidentKind
from moderation import Comment, Context, Label, PersonRole, judge

_ACCUSES = {Label.ALLEGATION_STAFF.value, Label.REPORT_OF_ABUSE.value}
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_HEADSHIP = ("headteacher", "head teacher", "headmaster", "headmistress", "principal", "the head ")


def guess(text: str, context: Context, names: SchoolNames) -> tuple[IncidentKind, Audience, list[str]]:
    """Return the kind, who may know of it, and the protected characteristics, as far as the words tell."""
    if not _LINK.sub("", text).strip():  # a link alone says where it is, and not what it says
        return IncidentKind.OTHER, Audience.GENERAL, []
    verdict = judge(Comment(text), context)
    categories = [label.value for label in verdict.categories]
    audience = audience_of(verdict, text, names)
    if _ACCUSES & set(categories) and _speaks_of_head(text, context):
        audience = Audience.CHAIR
    kind = kind_for(categories, audience)
    characteristics = [each.value for each in verdict.characteristics]
    return kind, narrower(audience, CARDS[kind].audience), characteristics


def _speaks_of_head(text: str, context: Context) -> bool:
    """An accusation in which the head comes up goes to the chair: when in doubt, not to whom it may be about."""
    named = context.names.find(text) if context.names else ()
    return any(mention.role is PersonRole.HEAD for mention in named) or any(
        word in f"{text.casefold()} " for word in _HEADSHIP
    )
