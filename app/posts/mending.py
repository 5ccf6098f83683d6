"""Mend a saved post with one tap: what stands in its words is taken out or said otherwise, in a new revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError
from app.posts.checks import Evaluation, evaluate, key_of
from app.posts.claims import claim_about, claimed, record_claim
from app.posts.drafting import draft_of, editable_post, latest_revision, save_revision
from app.posts.live import REMOVE_PHOTOS, marked
from app.posts.models import Revision
from app.posts.queries import resolutions_of
from consent.model import Finding, SurfaceKind
from consent.words.mending import Mend, mends_for

CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class WordsOfPage:
    """What the page of a post shows about its words."""

    caption: Sequence[tuple[str, Finding | None]]
    mends: Mapping[str, Sequence[Mend]]
    """By the key of the finding."""
    claimable: frozenset[str]
    claimed: frozenset[str]
    of_photos: frozenset[str]
    """Keys of findings that are gone when the photos are."""


def words_of_page(session: Session, revision: Revision, evaluation: Evaluation) -> WordsOfPage:
    findings = evaluation.report.findings
    texts = {key_of(finding): text_of(revision, finding) for finding in findings}
    by_key = {key_of(finding): finding for finding in findings}
    return WordsOfPage(
        caption=marked(revision.caption, [found for found in findings if found.surface is SurfaceKind.CAPTION]),
        mends={key: mends_for(text, by_key[key]) for key, text in texts.items() if text is not None},
        claimable=frozenset(key for key, text in texts.items() if text is not None and claim_about(by_key[key], text)),
        claimed=claimed(findings, resolutions_of(session, revision.id)),
        of_photos=frozenset(
            key for key, found in by_key.items() if revision.photos and found.code == "name.in-photo-post"
        ),
    )


def text_of(revision: Revision, finding: Finding) -> str | None:
    """Return the text that a finding stands in, if its author wrote it."""
    if finding.surface is SurfaceKind.CAPTION:
        return revision.caption
    if finding.surface is SurfaceKind.LINK:
        return revision.link
    alt_texts = {str(photo.photo_id): photo.alt_text for photo in revision.photos}
    return alt_texts.get(finding.picture_id or "") if finding.surface is SurfaceKind.ALT_TEXT else None


def mend_saved(session: Session, post_id: UUID, finding_key: str, how: str, *, actor: Actor) -> None:
    """Do what the button of a finding says. Every mend is checked anew like any other edit."""
    post = editable_post(session, post_id, actor=actor)
    revision = latest_revision(session, post)
    finding = next(
        (found for found in evaluate(session, revision).report.findings if key_of(found) == finding_key), None
    )
    text = text_of(revision, finding) if finding else None
    if finding is None or text is None or actor.user_id is None:
        raise NotFoundError("This finding is no longer there. Reload the page.")
    if how == CLAIM and claim_about(finding, text):
        record_claim(session, post, revision, finding, actor=actor)
        return
    draft = draft_of(revision)
    if how == REMOVE_PHOTOS:
        draft = replace(draft, photos=())
    else:
        mends = {str(number): mend for number, mend in enumerate(mends_for(text, finding))}
        if how not in mends:
            raise InvalidInputError("Choose one of the buttons.")
        after = mends[how].apply(text)
        if finding.surface is SurfaceKind.CAPTION:
            draft = replace(draft, caption=after)
        elif finding.surface is SurfaceKind.LINK:
            draft = replace(draft, link=after or None)
        else:
            photos = tuple(
                replace(photo, alt_text=after) if str(photo.photo_id) == finding.picture_id else photo
                for photo in draft.photos
            )
            draft = replace(draft, photos=photos)
    save_revision(session, post, revision, draft, editor_id=actor.user_id, actor=actor)
