"""What surrounds a comment when it is judged: its post, the school's names and words, the office's own contacts."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

import moderation
from app.comments.models import Comment
from app.comments.names import SchoolNames
from app.core.db import school_of
from app.posts.models import PostPhoto, Revision
from app.publishing.models import Delivery
from app.schools.models import SchoolSettings
from app.schools.services import school_with
from moderation.known_rules import is_listed, known_rules
from moderation.policy import ROW_OF

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """One comment as it was read, with everything that judging it needs: no database is open then."""

    comment_id: UUID
    text_sha256: str
    comment: moderation.Comment
    context: moderation.Context
    blocked_words: frozenset[str] = frozenset()
    hides_by_itself: bool = True
    rules_off: frozenset[str] = frozenset()
    """Rules that tell people but hide nothing by themselves."""
    names: SchoolNames | None = None


def cases_of(session: Session, comment_ids: Collection[UUID], names: SchoolNames) -> list[Case]:
    comments = session.scalars(sa.select(Comment).where(Comment.id.in_(comment_ids))).all()
    settings = school_with(session, school_of(session)).settings
    posts = _posts_of(session, comments)
    return [
        Case(
            comment_id=comment.id,
            text_sha256=comment.text_sha256,
            comment=moderation.Comment(comment.text, comment.attachments, comment.author_name),
            context=context_of(settings, names, *posts.get(comment.delivery_id, ("", False))),
            blocked_words=frozenset(word.casefold() for word in settings.blocked_words),
            hides_by_itself=settings.hides_by_itself,
            rules_off=frozenset(settings.rules_off),
            names=names,
        )
        for comment in comments
    ]


def context_of(
    settings: SchoolSettings,
    names: moderation.NameFinder | None,
    post_text: str = "",
    post_has_photos: bool = False,
) -> moderation.Context:
    return moderation.Context(
        post_text=post_text,
        post_has_photos=post_has_photos,
        names=names,
        school_words=frozenset(word.casefold() for word in settings.allowed_words),
        office=office_contacts(settings.published_contacts),
        on_trial=frozenset(filter(may_be_silent, settings.rules_on_trial)),
    )


def may_be_silent(rule: str) -> bool:
    """Whether a rule, or a family as in `threat.*`, tells of no grave harm: such a one may look on."""
    labels = {label for known in known_rules() if is_listed(known.rule, (rule,)) for label in known.labels}
    return not any(ROW_OF[label].action is moderation.Action.ESCALATE for label in labels)


def office_contacts(published: Sequence[str]) -> moderation.OfficeContacts:
    """Sort what the office publishes into the kinds that the rules look for."""
    phones, emails, postcodes, domains = [], [], [], []
    for contact in map(str.strip, published):
        if "@" in contact:
            emails.append(contact)
        elif found := _POSTCODE.search(contact):
            postcodes.append(found.group())
        elif sum(letter.isdigit() for letter in contact) >= 6:
            phones.append(contact)
        elif "." in contact:
            domains.append(contact.removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0])
    return moderation.OfficeContacts(tuple(phones), tuple(emails), tuple(postcodes), tuple(domains))


def _posts_of(session: Session, comments: Sequence[Comment]) -> Mapping[UUID | None, tuple[str, bool]]:
    """Return the words of each comment's post, and whether it shows photographs, by delivery."""
    wanted = {comment.delivery_id for comment in comments if comment.delivery_id}
    if not wanted:
        return {}
    has_photos = sa.exists().where(PostPhoto.revision_id == Revision.id)
    query = sa.select(Delivery.id, Revision.caption, has_photos).join(Revision, Revision.id == Delivery.revision_id)
    rows = session.execute(query.where(Delivery.id.in_(wanted))).all()
    return {delivery_id: (caption, bool(photos)) for delivery_id, caption, photos in rows}
