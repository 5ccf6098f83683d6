"""From a revision to what an adapter sends: the words, and the renditions that were checked."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import WrongStateError
from app.media.models import Rendition
from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.validation import LIMITS
from app.posts.models import PostPhoto, Revision
from app.posts.renditions import recipe_for


@dataclass(frozen=True, slots=True)
class SealedPost:
    """What to send, with pictures named by hash; `load` fetches their bytes once no transaction is open."""

    text: str
    link: str | None
    photos: tuple[tuple[str, str], ...]

    def load(self, fetch: Callable[[str], bytes]) -> OutgoingPost:
        photos = tuple(
            OutgoingPhoto(content=fetch(sha256), mime="image/jpeg", alt_text=alt_text, sha256=sha256)
            for sha256, alt_text in self.photos
        )
        return OutgoingPost(text=self.text, photos=photos, link=self.link)


def outgoing(session: Session, revision: Revision, network: Network) -> SealedPost:
    """Return what this network takes of a revision: the first photos, as many as it shows."""
    taken = revision.photos[: LIMITS[network].photos]
    photos = tuple((rendition_of(session, photo).sha256, photo.alt_text) for photo in taken)
    return SealedPost(text=revision.caption, link=revision.link, photos=photos)


def rendition_of(session: Session, photo: PostPhoto) -> Rendition:
    """Return the picture as it was checked; raises WrongStateError when that was not made."""
    query = sa.select(Rendition).where(Rendition.photo_id == photo.photo_id, Rendition.recipe == recipe_for(photo))
    rendition = session.scalar(query)
    if rendition is None:
        raise WrongStateError("A picture of this post has not been prepared yet. Wait for its check to finish.")
    return rendition
