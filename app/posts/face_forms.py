"""From the page of faces as a browser sent it to answers. Fields are named `<photo id>-<what>`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.core.errors import InvalidInputError
from app.posts.album import Album, AlbumPhoto
from app.posts.faces import FacesGiven, GivenAnswer
from consent.model import Box, Disposition, MatchStatus, Person, PersonKind, Sighting
from consent.recognisability import Strictness

SOMEBODY = "somebody"
"""The choice that names a person in the field beside it."""
MOST_PEOPLE = 999
PLACE = ("across", "down", "size")


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence about one photo, or about the words."""

    sentence: str
    photo: int | None = None
    field: str | None = None
    """The field of the page of the words where it is changed."""


@dataclass(frozen=True, slots=True)
class AnswersRead:
    given: Mapping[UUID, FacesGiven]
    """What can be kept, by photo."""
    problems: Sequence[Problem]
    """Each answer that cannot."""
    face_rule: Strictness | None
    """What the author wants of this post beyond the school's own rule."""
    drew: Collection[UUID]
    """Photos in which a missing face was given a box."""
    blank: Collection[tuple[UUID, int]]
    """Faces for which no answer was chosen, by photo and number."""


def answers_in(form: MultiDict[str, str], album: Album) -> AnswersRead:
    """Read the answers of every picture; one that cannot be used does not cost the others."""
    problems: list[Problem] = []
    drew: set[UUID] = set()
    given = {item.photo.photo_id: _PhotoForm(form, album, item, problems, drew).read() for item in album.photos}
    blank = {
        (item.photo.photo_id, face.number)
        for item in album.photos
        for face in item.sightings
        if not form.get(f"{item.photo.photo_id}-face-{face.number}")
    }
    rule = form.get("face-rule", "")
    return AnswersRead(given, problems, Strictness(rule) if rule in list(Strictness) else None, drew, blank)


def still_entered(form: MultiDict[str, str], read: AnswersRead) -> Mapping[str, str]:
    """Return what the page shows again: everything but the missing faces, which are boxes by now."""
    kept = form.copy()
    for photo_id in read.drew:
        for name in PLACE:
            kept.pop(f"{photo_id}-draw-{name}", None)
    return kept


def words_entered(form: MultiDict[str, str]) -> Mapping[str, str]:
    """Return what the page shows again after something changed beneath it: no answer that was given to what was."""
    return {name: value for name, value in form.items() if name.endswith("-alt") or name == "face-rule"}


def usual_choice(face: Sighting, album: Album) -> str:
    """Return what the page proposes for a face: when in doubt, to obscure it.

    Nothing is proposed of brothers and sisters, nor for what is perhaps not a face.
    """
    if face.answer is not None:
        person = face.answer.person_id
        return f"{face.answer.disposition.value}:{person}" if person else face.answer.disposition.value
    if album.is_undecided(face):
        return ""
    if face.status is MatchStatus.SUGGESTED and face.person_id:
        return f"{Disposition.PUPIL.value}:{face.person_id}"
    return Disposition.ROLL_CALL.value if face.status is MatchStatus.UNKNOWN else Disposition.OBSCURED.value


@dataclass(frozen=True, slots=True)
class _PhotoForm:
    form: MultiDict[str, str]
    album: Album
    item: AlbumPhoto
    problems: list[Problem]
    drew: set[UUID]

    def read(self) -> FacesGiven:
        count = self._count()
        is_confirmed = count is not None
        read = {face.number: self._answer_for(face) for face in self.item.sightings}
        answers = {number: answer for number, answer in read.items() if answer is not None}
        self._refuse_twice(answers)
        drawn = [face for face in self.item.sightings if face.drawn_by_hand]
        return FacesGiven(
            answers={
                number: answer
                for number, answer in answers.items()
                if number not in _numbers(drawn) and (is_confirmed or answer.disposition is not Disposition.ROLL_CALL)
            },
            drawn=[*self._kept_boxes(drawn, answers), *self._new_box()],
            all_faces_boxed=is_confirmed,
            people_count=count,
            alt_text=self._alt_text(),
        )

    def _count(self) -> int | None:
        """Read how many people the author counted: the number is their word that they looked; blank is none."""
        told = self._field("count")
        if not told:
            return None
        if told.isdecimal() and int(told) <= MOST_PEOPLE:
            return int(told)
        self._note("the count", InvalidInputError("Say in figures how many people can be recognised."))
        return None

    def _refuse_twice(self, answers: dict[int, GivenAnswer]) -> None:
        """Keep the first of two faces that are said to be the same pupil; the other stays open."""
        first: dict[UUID, int] = {}
        for number, answer in list(answers.items()):
            if answer.disposition is not Disposition.PUPIL or answer.person_id is None:
                continue
            if first.setdefault(answer.person_id, number) != number:
                sentence = f"This is the same pupil as face {first[answer.person_id]}. Nobody is in a photo twice."
                self._note(f"face {number}", InvalidInputError(sentence))
                del answers[number]

    def _kept_boxes(
        self, drawn: Sequence[Sighting], answers: Mapping[int, GivenAnswer]
    ) -> Sequence[tuple[Box, GivenAnswer]]:
        """A box drawn by hand goes only when its author says that it is no face; in doubt it is obscured."""
        told = [(face.box, answers.get(face.number) or GivenAnswer(Disposition.OBSCURED)) for face in drawn]
        return [(box, answer) for box, answer in told if answer.disposition is not Disposition.NOT_A_FACE]

    def _answer_for(self, face: Sighting) -> GivenAnswer | None:
        try:
            return self._answer(f"face-{face.number}", f"who-{face.number}")
        except InvalidInputError as error:
            self._note(f"face {face.number}", error)
            return None

    def _note(self, what: str, error: InvalidInputError) -> None:
        number = self.item.photo.position + 1
        self.problems.append(Problem(f"Photo {number}, {what}: {error.sentence}", number))

    def _field(self, name: str) -> str:
        return self.form.get(f"{self.item.photo.photo_id}-{name}", "").strip()

    def _alt_text(self) -> str | None:
        if f"{self.item.photo.photo_id}-alt" not in self.form:
            return None
        own = self._field("alt")
        first = self.album.photos[0].photo.photo_id
        return own or (self.form.get(f"{first}-alt", "").strip() if "same-alt" in self.form else "")

    def _answer(self, choice_name: str, person_name: str) -> GivenAnswer | None:
        """Read `pupil:<id>`, `adult:<id>`, `somebody` with a name beside it, or another answer; blank is none."""
        choice = self._field(choice_name)
        if choice == SOMEBODY:
            return _named(self._field(person_name), self.album.directory)
        kind, _, person = choice.partition(":")
        if not kind:
            return None
        try:
            return GivenAnswer(Disposition(kind), UUID(person) if person else None)
        except ValueError as error:
            raise InvalidInputError("Choose one of the answers that are offered for each face.") from error

    def _new_box(self) -> Sequence[tuple[Box, GivenAnswer]]:
        """Read a missing face: the middle of its box and its height, in hundredths of the picture."""
        try:
            return self._drawn()
        except InvalidInputError as error:
            self._note("the missing face", error)
            return []

    def _drawn(self) -> Sequence[tuple[Box, GivenAnswer]]:
        told = [self._field(f"draw-{name}") for name in PLACE]
        if not any(told):
            return []
        try:
            across, down, size = (_finite(number) / 100 for number in told)
        except ValueError as error:
            raise InvalidInputError("Give the place and size of the missing face as numbers from 0 to 100.") from error
        width, height = self.item.photo.photo.width, self.item.photo.photo.height
        x, y, half = across * width, down * height, size * height / 2
        box = Box(round(x - half), round(y - half), round(x + half), round(y + half))
        answer = self._answer("draw-answer", "draw-who") or GivenAnswer(Disposition.OBSCURED)
        self.drew.add(self.item.photo.photo_id)
        return [(box, answer)]


def _finite(told: str) -> float:
    number = float(told)
    if not isfinite(number):
        raise ValueError(told)
    return number


def _named(label: str, directory: Mapping[str, Person]) -> GivenAnswer:
    person = directory.get(label)
    if person is None:
        alike = [known for name, known in directory.items() if known.display_name.casefold() == label.casefold()]
        if len(alike) != 1:
            raise InvalidInputError(
                f"“{label}” is not among those who may be shown here. Choose a name from the list, add the class under "
                "“Change”, or obscure the face."
                if label
                else "Write who it is, or choose another answer."
            )
        person = alike[0]
    kind = Disposition.PUPIL if person.kind is PersonKind.PUPIL else Disposition.ADULT
    return GivenAnswer(kind, UUID(person.id))


def _numbers(faces: Sequence[Sighting]) -> set[int]:
    return {face.number for face in faces}
