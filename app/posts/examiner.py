"""Bridge between the worker and the face engine: pictures in, sightings and renditions out."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.crypto import Sealer
from app.media.storage import Storage
from app.posts.renditions import PUBLISHED_SIDE
from app.posts.scope import Scope
from app.register.comparing import levelled_gallery, thresholds_of
from app.schools.models import School
from consent.faces.engine import EngineUnavailableError
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError
from consent.faces.matcher import Gallery, Thresholds
from consent.faces.obscure import StillThereError
from consent.faces.scan import Likeness
from consent.model import Box, Sighting


@dataclass(frozen=True, slots=True)
class Seen:
    sightings: tuple[Sighting, ...]
    words: tuple[str, ...]
    problem: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Rendered:
    sha256: str
    width: int
    height: int
    obscured_and_gone: bool


class Examiner:
    def __init__(self, engine: IsolatedEngine, storage: Storage, templates: Sealer) -> None:
        self._engine = engine
        self._storage = storage
        self._templates = templates

    @property
    def at_once(self) -> int:
        return self._engine.at_once

    def likeness(self, session: Session, school: School, scope: Scope) -> Likeness:
        """Open the templates of those in scope; they live in memory for this check only."""
        compared = scope.roster and scope.roster | scope.elsewhere
        return Likeness(
            gallery=levelled_gallery(session, school.settings, self._templates, compared),
            protected=frozenset(map(str, scope.protected)),
            scope=None if scope.roster is None else frozenset(map(str, scope.roster)),
            thresholds=thresholds_of(school.settings),
            elsewhere=frozenset(map(str, scope.elsewhere)),
        )

    def look(self, school_id: UUID, sha256: str, likeness: Likeness) -> Seen:
        """Find the faces and the words of a stored picture. What cannot be examined is a problem, never nothing."""
        try:
            data = self._storage.get(school_id, sha256)
            scan = self._engine.scan(data, likeness)
            words = self._engine.read_words(data)
        except (PictureError, ScanError, EngineUnavailableError) as error:
            return Seen((), (), f"This picture could not be checked, so it cannot go out. {error}", 0.0)
        return Seen(scan.sightings, words, None, scan.seconds)

    def render(self, school_id: UUID, sha256: str, faces: tuple[Box, ...]) -> Rendered:
        """Make and store the picture as it may go out. One whose faces do not vanish is marked so, and blocks."""
        data = self._storage.get(school_id, sha256)
        gone = True
        try:
            made = self._engine.render(data, faces, PUBLISHED_SIDE)
        except StillThereError:
            made, gone = self._engine.render(data, (), PUBLISHED_SIDE), False
        return Rendered(self._storage.put(school_id, made.jpeg), made.width, made.height, gone)


NOBODY = Likeness(Gallery({}), frozenset(), None, Thresholds())
