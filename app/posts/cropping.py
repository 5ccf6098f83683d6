"""Cut the edges of a photo off: what is left is a photo of its own, looked at and confirmed anew."""

from dataclasses import replace
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

from PIL import Image
from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.core.errors import InvalidInputError, WrongStateError
from app.posts.drafting import PhotoDraft, draft_of, editable_post, latest_revision, save_revision
from app.posts.models import Revision

LEAST_LEFT = 20
"""Hundredths of the width and of the height that stay at least."""
QUALITY = 95


class Edges(NamedTuple):
    """What is cut off, in hundredths of the photo."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0

    @classmethod
    def of(cls, told: list[str]) -> "Edges":
        """Read four numbers; a blank one cuts nothing off."""
        try:
            edges = cls(*(float(number or 0) for number in told))
        except ValueError as error:
            raise InvalidInputError("Say in numbers from 0 to 80 how much to cut off.") from error
        leaves = (100 - edges.left - edges.right, 100 - edges.top - edges.bottom)
        if not any(edges) or not all(0 <= edge <= 100 for edge in edges) or min(leaves) < LEAST_LEFT:
            raise InvalidInputError("Say how much to cut off, and leave at least a fifth of the photo.")
        return edges


def cropped(content: bytes, edges: Edges) -> bytes:
    """Return the photo without its edges."""
    with Image.open(BytesIO(content)) as master:
        width, height = master.size
        box = (
            round(width * edges.left / 100),
            round(height * edges.top / 100),
            round(width * (100 - edges.right) / 100),
            round(height * (100 - edges.bottom) / 100),
        )
        output = BytesIO()
        master.crop(box).convert("RGB").save(output, "JPEG", quality=QUALITY)
    return output.getvalue()


def put_in_place(session: Session, post_id: UUID, old_id: UUID, new_id: UUID, *, actor: Actor) -> Revision:
    """Let a cropped photo stand where the whole one stood. Its words stay; its faces are answered for anew."""
    post = editable_post(session, post_id, actor=actor)
    revision = latest_revision(session, post)
    draft = draft_of(revision)
    if all(photo.photo_id != old_id for photo in draft.photos):
        raise WrongStateError("That photo is no longer in the post.")
    photos = tuple(PhotoDraft(new_id, photo.alt_text) if photo.photo_id == old_id else photo for photo in draft.photos)
    return save_revision(session, post, revision, replace(draft, photos=photos), editor_id=post.author_id, actor=actor)
