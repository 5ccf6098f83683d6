"""From what a browser sent to a draft, and from a post to what its pages show."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Request

from app.core import clock
from app.platforms.base import Network
from app.posts.drafting import Draft, PhotoDraft
from app.posts.forms import PostForm
from app.posts.models import Revision


def draft_from(form: PostForm, request: Request, before: Draft | None, added: Sequence[UUID]) -> Draft:
    """Read the form. Photos keep their answers unless they were taken out; new ones stand at the end."""
    kept = tuple(
        replace(photo, alt_text=request.form.get(f"alt-{photo.photo_id}", photo.alt_text))
        for photo in (before.photos if before else ())
        if f"remove-{photo.photo_id}" not in request.form
    )
    known = {photo.photo_id for photo in kept}
    moment = form.scheduled_for.data
    return Draft(
        caption=form.caption.data or "",
        networks=tuple(Network(network) for network in form.networks.data or ()),
        link=(form.link.data or "").strip() or None,
        scheduled_for=clock.from_london(moment) if moment else None,
        classes=tuple(form.classes.data or ()),
        extra_people=before.extra_people if before else (),
        away_from_school=bool(form.away_from_school.data),
        away_until=clock.from_london(form.away_until.data) if form.away_until.data else None,
        face_rule=before.face_rule if before else None,
        photos=kept + tuple(PhotoDraft(photo_id) for photo_id in added if photo_id not in known),
    )


def fill(form: PostForm, revision: Revision) -> None:
    """Put a revision into the form for editing."""
    form.caption.data = revision.caption
    form.networks.data = revision.networks
    form.classes.data = revision.classes
    form.link.data = revision.link
    form.away_from_school.data = revision.away_from_school
    form.away_until.data = clock.london(revision.away_until) if revision.away_until else None
    form.scheduled_for.data = clock.london(revision.scheduled_for) if revision.scheduled_for else None
