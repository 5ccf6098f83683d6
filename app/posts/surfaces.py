"""Every piece of text that would go out with a revision."""

from collections.abc import Mapping
from uuid import UUID

from app.posts.models import PhotoScan, Revision
from consent.model import Surface, SurfaceKind


def surfaces_of(revision: Revision, scans: Mapping[UUID, PhotoScan]) -> tuple[Surface, ...]:
    """Return caption, link, alt texts and the words that were read inside the pictures.

    Uploaded file names are not among them: pictures go out under names of our own.
    """
    surfaces = [Surface(SurfaceKind.CAPTION, revision.caption)]
    if revision.link:
        surfaces.append(Surface(SurfaceKind.LINK, revision.link))
    for photo in revision.photos:
        picture_id = str(photo.photo_id)
        surfaces.append(Surface(SurfaceKind.ALT_TEXT, photo.alt_text, picture_id))
        scan = scans.get(photo.photo_id)
        if scan is not None and scan.words:
            surfaces.append(Surface(SurfaceKind.PICTURE_TEXT, "\n".join(scan.words), picture_id))
    return tuple(surfaces)
