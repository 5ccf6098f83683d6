"""Pure rules for pictures: who is seen, and what was granted, give findings. What is unknown is not allowed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from consent.codes import Code
from consent.families import Families
from consent.model import (
    Content,
    Disposition,
    Finding,
    MatchStatus,
    Person,
    PersonKind,
    Picture,
    Purpose,
    Severity,
    Sighting,
    SurfaceKind,
)
from consent.ports import Register

PURPOSE_WORDS = {
    Purpose.INTERNAL: "use inside the school",
    Purpose.WEBSITE: "the website",
    Purpose.FACEBOOK: "Facebook",
    Purpose.X: "X",
    Purpose.PRESS: "the press",
    Purpose.PROSPECTUS: "the prospectus",
    Purpose.VIDEO: "video",
    Purpose.NAME: "being named",
}
_HIDDEN = (Disposition.OBSCURED, Disposition.CROPPED)
_TAGGED = (Disposition.PUPIL, Disposition.ADULT)
_RESEMBLING = (MatchStatus.PROTECTED, MatchStatus.POSSIBLE)


def shows_people(pictures: Sequence[Picture]) -> bool:
    """Tell whether any picture shows, or may show, somebody. Only a confirmed empty picture shows nobody."""
    return any(not _shows_nobody(picture) for picture in pictures)


def depicted_in(pictures: Sequence[Picture]) -> frozenset[str]:
    """Return the ids of the people whom somebody tagged as shown."""
    answers = [sighting.answer for picture in pictures for sighting in picture.sightings]
    return frozenset(
        answer.person_id
        for answer in answers
        if answer is not None and answer.disposition in _TAGGED and answer.person_id is not None
    )


def judge_pictures(content: Content, register: Register, on: date) -> Iterable[Finding]:
    if content.pictures and not content.purposes:
        message = "Choose where this post goes: consent is asked for each place."
        yield Finding(Code.NETWORK_MISSING.value, Severity.BLOCK, message)
    known = Families(register)
    for picture in content.pictures:
        yield from _judge_picture(picture, content, known, on)


def _judge_picture(picture: Picture, content: Content, register: Families, on: date) -> Iterable[Finding]:
    if picture.problem is not None:
        yield _finding(Code.PICTURE_PROBLEM, Severity.BLOCK, picture.problem, picture)
        return
    for sighting in picture.sightings:
        yield from _judge_face(sighting, picture, content, register, on)
    yield from _twice(picture, register)
    yield from _judge_count(picture)
    if not any(
        surface.kind is SurfaceKind.ALT_TEXT and surface.picture_id == picture.id and surface.text.strip()
        for surface in content.surfaces
    ):
        message = "Add alt text: say in a sentence what the photo shows, without names."
        yield _finding(Code.ALT_TEXT_MISSING, Severity.BLOCK, message, picture)


def _judge_count(picture: Picture) -> Iterable[Finding]:
    """Somebody looked at the whole picture and counted; whoever they counted has a box."""
    if not picture.all_faces_boxed:
        message = "Say how many people can be recognised in this photo: your number says that each of them has a box."
        yield _finding(Code.PICTURE_UNCONFIRMED, Severity.BLOCK, message, picture)
    elif picture.people_count is not None and picture.people_count != (boxed := people_in(picture.sightings)):
        if picture.people_count > boxed:
            message = (
                f"{picture.people_count} people were counted who can be recognised, and {boxed} of them have a box. "
                "Draw the missing ones, crop them out, or correct the number."
            )
        else:
            message = (
                f"{picture.people_count} people were counted, and {boxed} boxes are answered as people, those to be "
                "obscured included. Answer “This is not a face” where that is so, or correct the number."
            )
        yield _finding(Code.PEOPLE_MISSING, Severity.BLOCK, message, picture)


def people_in(sightings: Sequence[Sighting]) -> int:
    """Return how many boxes stand for somebody who can be recognised."""
    nobody = (Disposition.NOT_A_FACE, Disposition.NOT_RECOGNISABLE)
    return sum(face.answer is None or face.answer.disposition not in nobody for face in sightings)


def _judge_face(
    sighting: Sighting, picture: Picture, content: Content, register: Families, on: date
) -> Iterable[Finding]:
    answer = sighting.answer
    if answer is None:
        yield _finding(
            Code.FACE_UNANSWERED,
            Severity.BLOCK,
            _unanswered(sighting),
            picture,
            sighting,
        )
        return
    if answer.disposition is Disposition.OBSCURED and not sighting.obscured_and_gone:
        message = f"Face {sighting.number} is to be obscured, and that is not done yet or it can still be recognised."
        yield _finding(Code.FACE_NOT_OBSCURED, Severity.BLOCK, message, picture, sighting)
    if answer.disposition in _TAGGED:
        yield from _judge_tag(sighting, answer.person_id, picture, content, register, on)
    if answer.disposition not in _HIDDEN:
        yield from _judge_match(sighting, picture, content)


def _unanswered(sighting: Sighting) -> str:
    if sighting.status is MatchStatus.PROTECTED:
        return f"Face {sighting.number} looks like a pupil who may not be shown. Obscure it, or use another photo."
    if sighting.status is MatchStatus.POSSIBLE:
        return f"Face {sighting.number} may be a pupil who may not be shown. Look closely, then answer or obscure it."
    return f"Say who face {sighting.number} is, or obscure it."


def _judge_match(sighting: Sighting, picture: Picture, content: Content) -> Iterable[Finding]:
    """A face that resembles a protected pupil is not cleared by its author alone."""
    if sighting.status is MatchStatus.PROTECTED and not _is_signed(sighting, content.author_id):
        message = (
            f"Face {sighting.number} looks like a pupil who may not be shown. Obscure it, use another photo, or ask a "
            "member of the leadership to sign that it is somebody else."
        )
        yield _finding(Code.FACE_PROTECTED, Severity.BLOCK, message, picture, sighting)
    elif sighting.status in _RESEMBLING:
        message = f"Face {sighting.number} resembles a pupil who may not be shown, and was answered as somebody else."
        is_elsewhere = content.roster is not None and sighting.person_id not in (None, *content.roster)
        if is_elsewhere:
            message = f"{message} That pupil is not of those who took part, as far as the author says."
        severity = Severity.HOLD if is_elsewhere or _is_close(sighting, content) else Severity.WARN
        yield _finding(Code.FACE_POSSIBLE, severity, message, picture, sighting)


def _is_close(sighting: Sighting, content: Content) -> bool:
    """A protected pupil's own face can be more like a friend's: then too it is not for the author alone."""
    if sighting.status is not MatchStatus.POSSIBLE or sighting.distance is None or content.protected_distance is None:
        return False
    return sighting.distance <= content.protected_distance


def _is_signed(sighting: Sighting, author_id: str | None) -> bool:
    """Somebody else than the author, and than who answered, signed that this is not the protected pupil."""
    answer = sighting.answer
    if answer is None or not answer.second_signature_by:
        return False
    return answer.second_signature_by not in (author_id, answer.answered_by)


def _judge_tag(
    sighting: Sighting, person_id: str | None, picture: Picture, content: Content, register: Families, on: date
) -> Iterable[Finding]:
    person = register.person(person_id) if person_id is not None else None
    if person is None:
        message = f"The person of face {sighting.number} is not in the register. Choose again, or obscure the face."
        yield _finding(Code.FACE_UNKNOWN_PERSON, Severity.BLOCK, message, picture, sighting)
        return
    if (person.kind is PersonKind.ADULT) is not (_disposition(sighting) is Disposition.ADULT):
        told = "an adult" if person.kind is PersonKind.ADULT else "a pupil"
        message = f"Face {sighting.number} was answered otherwise, and {person.display_name} is {told}. Choose again."
        yield _finding(Code.FACE_UNKNOWN_PERSON, Severity.BLOCK, message, picture, sighting)
    lacking = [purpose for purpose in content.purposes if not person.allows([purpose], on)]
    if lacking:
        places = " and ".join(PURPOSE_WORDS[purpose] for purpose in lacking)
        who = f"{person.display_name} (face {sighting.number})"
        message = f"{who} has no consent for {places}. Obscure the face or use another photo."
        yield _finding(Code.FACE_NO_CONSENT, Severity.BLOCK, message, picture, sighting, person.id)
    if person.kind is PersonKind.PUPIL and content.roster is not None and person.id not in content.roster:
        message = f"{person.display_name} (face {sighting.number}) is not on the list of who took part. Is that right?"
        yield _finding(Code.FACE_OUTSIDE_ROSTER, Severity.WARN, message, picture, sighting, person.id)
    yield from _judge_likeness(sighting, person, picture, content, register, on)


def _judge_likeness(
    sighting: Sighting, person: Person, picture: Picture, content: Content, register: Families, on: date
) -> Iterable[Finding]:
    """Show the approver a tag that the matching contradicts, or that a brother's or sister's face may have brought."""
    likely = register.person(sighting.person_id) if sighting.person_id is not None else None
    if sighting.status is MatchStatus.SUGGESTED and likely is not None and likely.id != person.id:
        message = (
            f"Face {sighting.number} looks like {likely.display_name}, and was answered as {person.display_name}. "
            "Look closely."
        )
        yield _finding(Code.FACE_NOT_AS_SUGGESTED, Severity.WARN, message, picture, sighting, person.id)
    kin = [one for one in register.namesakes(person) if not one.allows(content.purposes, on)]
    if kin and person.allows(content.purposes, on):
        message = (
            f"Face {sighting.number} was answered as {person.display_name}, and {kin[0].display_name}, of the same "
            "surname, may not be shown. Brothers and sisters look alike: look closely."
        )
        yield _finding(Code.FACE_LIKE_FAMILY, Severity.WARN, message, picture, sighting, person.id)


def _disposition(sighting: Sighting) -> Disposition | None:
    return sighting.answer.disposition if sighting.answer is not None else None


def _twice(picture: Picture, register: Families) -> Iterable[Finding]:
    tagged = Counter(
        sighting.answer.person_id
        for sighting in picture.sightings
        if sighting.answer is not None
        and sighting.answer.disposition in _TAGGED
        and sighting.answer.person_id is not None
    )
    for person_id, count in tagged.items():
        if count > 1:
            person = register.person(person_id)
            name = person.display_name if person else "The same person"
            message = f"{name} is tagged {count} times in one photo. Correct the faces."
            is_adult = person is not None and person.kind is PersonKind.ADULT
            severity = Severity.HOLD if is_adult else Severity.BLOCK
            yield Finding(Code.FACE_TWICE.value, severity, message, picture_id=picture.id, person_id=person_id)


def _shows_nobody(picture: Picture) -> bool:
    """A box that looks like a protected pupil is a face until a second person says otherwise."""
    return (
        picture.problem is None
        and picture.all_faces_boxed
        and all(
            sighting.answer is not None
            and sighting.answer.disposition is Disposition.NOT_A_FACE
            and (sighting.status not in _RESEMBLING or _is_signed(sighting, None))
            for sighting in picture.sightings
        )
    )


def _finding(
    code: Code,
    severity: Severity,
    message: str,
    picture: Picture,
    sighting: Sighting | None = None,
    person_id: str | None = None,
) -> Finding:
    return Finding(
        code.value,
        severity,
        message,
        picture_id=picture.id,
        face=sighting.number if sighting else None,
        person_id=person_id,
    )
