"""From what a browser sent to a draft, and from a post to what its pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Request
from werkzeug.datastructures import FileStorage

from app.core import clock
from app.core.errors import InvalidInputError
from app.media.services import CleanPhoto, Intake
from app.platforms.base import Network
from app.posts.drafting import Draft, PhotoDraft
from app.posts.faces import FacesGiven, GivenAnswer
from app.posts.forms import PostForm
from app.posts.models import Revision
from consent.model import Box, Disposition, Sighting


@dataclass(frozen=True, slots=True)
class Upload:
    clean: CleanPhoto
    alt_text: str


def uploads_in(request: Request, school_id: UUID, intake: Intake, *, most: int) -> list[Upload]:
    """Clean and store every uploaded picture. Raises InvalidInputError naming the file that cannot be used."""
    files = [file for file in request.files.getlist("photos") if file.filename]
    if len(files) > most:
        raise InvalidInputError(f"At most {most} photos go into one post. Choose fewer.")
    return [Upload(intake.take(school_id, _bytes(file), file.filename or ""), "") for file in files]


def _bytes(file: FileStorage) -> bytes:
    return file.stream.read()


def draft_from(form: PostForm, request: Request, before: Draft | None, added: Sequence[PhotoDraft]) -> Draft:
    """Read the form. Photos keep their answers unless they were taken out; new ones stand at the end."""
    kept = tuple(
        PhotoDraft(
            photo.photo_id,
            request.form.get(f"alt-{photo.photo_id}", photo.alt_text),
            photo.people_count,
            photo.all_faces_boxed,
            photo.answers,
        )
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
        photos=kept + tuple(photo for photo in added if photo.photo_id not in known),
    )


def fill(form: PostForm, revision: Revision) -> None:
    """Put a revision into the form for editing."""
    form.caption.data = revision.caption
    form.networks.data = revision.networks
    form.classes.data = revision.classes
    form.link.data = revision.link
    form.scheduled_for.data = clock.london(revision.scheduled_for) if revision.scheduled_for else None


def faces_from(request: Request, sightings: Sequence[Sighting], width: int, height: int) -> FacesGiven:
    """Read the faces form: one choice for each face, regions drawn by hand, and the confirmation."""
    answers = {
        sighting.number: given
        for sighting in sightings
        if (given := _given(request.form.get(f"face-{sighting.number}", ""))) is not None
    }
    return FacesGiven(
        answers={number: answer for number, answer in answers.items() if not _is_drawn(number, sightings)},
        drawn=[*_kept_drawn(answers, sightings), *_drawn(request.form, width, height)],
        all_faces_boxed="all_faces_boxed" in request.form,
        people_count=request.form.get("people_count", type=int),
    )


def _given(choice: str) -> GivenAnswer | None:
    """Read `pupil:<id>`, `adult:<id>` or the name of another answer; blank is no answer."""
    kind, _, person = choice.partition(":")
    if not kind:
        return None
    try:
        return GivenAnswer(Disposition(kind), UUID(person) if person else None)
    except ValueError as error:
        raise InvalidInputError("Choose one of the answers that are offered for each face.") from error


def _is_drawn(number: int, sightings: Sequence[Sighting]) -> bool:
    return any(sighting.number == number and sighting.drawn_by_hand for sighting in sightings)


def _kept_drawn(answers: Mapping[int, GivenAnswer], sightings: Sequence[Sighting]) -> list[tuple[Box, GivenAnswer]]:
    drawn = [sighting for sighting in sightings if sighting.drawn_by_hand]
    return [(sighting.box, answers[sighting.number]) for sighting in drawn if sighting.number in answers]


def _drawn(form: Mapping[str, str], width: int, height: int) -> list[tuple[Box, GivenAnswer]]:
    """Read a missing face given by hand: the middle of its box and its size, in hundredths of the picture."""
    across, down, size = (form.get(f"draw-{name}", "").strip() for name in ("across", "down", "size"))
    if not any((across, down, size)):
        return []
    try:
        x, y, part = float(across) / 100 * width, float(down) / 100 * height, float(size) / 100 * height
    except ValueError as error:
        raise InvalidInputError("Give the place and size of the missing face as numbers from 0 to 100.") from error
    half = part / 2
    box = Box(round(x - half), round(y - half), round(x + half), round(y + half))
    return [(box, _given(form.get("draw-answer", "")) or GivenAnswer(Disposition.OBSCURED))]
