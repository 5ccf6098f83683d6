"""Take the uploaded pictures of a form in, so that none is lost when something else in the form is wrong."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from flask import Request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.core.actors import Actor
from app.core.db import Database
from app.core.errors import InvalidInputError
from app.media.models import Photo
from app.media.services import CleanPhoto, Intake, add_photo, was_uploaded_by

KEPT = "kept"
"""Hidden fields with the photos that an earlier try of the same form brought."""


@dataclass(frozen=True, slots=True)
class Uploads:
    photo_ids: Sequence[UUID]
    """Those of this try and of earlier ones, each once."""
    problems: Sequence[str]
    """A sentence for each file that cannot be used."""


def take_uploads(request: Request, intake: Intake, database: Database, *, most: int, actor: Actor) -> Uploads:
    """Clean and store every picture that can be used; say of each other one why not."""
    files = [file for file in request.files.getlist("photos") if file.filename]
    problems = [f"At most {most} photos go into one post. Choose fewer."] if len(files) > most else []
    clean, refused = _cleaned([] if problems else files, intake, actor)
    problems += refused
    asked = set(request.form.getlist(KEPT))
    with database.transaction(actor.school_id) as session:
        kept = _kept(session, request.form.getlist(KEPT, type=UUID), actor)
        added = [add_photo(session, photo, actor=actor).id for photo in clean]
    if lost := len(asked) - len(kept):
        again = "1 photo from before is" if lost == 1 else f"{lost} photos from before are"
        problems.append(f"{again} no longer here. Choose {'it' if lost == 1 else 'them'} again.")
    return Uploads(list(dict.fromkeys([*kept, *added])), problems)


def _cleaned(files: Sequence[FileStorage], intake: Intake, actor: Actor) -> tuple[Sequence[CleanPhoto], Sequence[str]]:
    """Clean as many pictures at once as the engine takes; keep their order."""

    def take(file: FileStorage) -> CleanPhoto | str:
        try:
            return intake.take(actor.school_id, file.stream.read(), file.filename or "")
        except InvalidInputError as error:
            return error.sentence

    with ThreadPoolExecutor(intake.at_once) as threads:
        taken = list(threads.map(take, files))
    return [one for one in taken if not isinstance(one, str)], [one for one in taken if isinstance(one, str)]


def _kept(session: Session, photo_ids: Iterable[UUID], actor: Actor) -> Sequence[UUID]:
    found = (session.get(Photo, photo_id) for photo_id in dict.fromkeys(photo_ids))
    return [photo.id for photo in found if photo is not None and was_uploaded_by(session, photo, actor)]
