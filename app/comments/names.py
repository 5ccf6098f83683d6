"""The school's own names for the moderation rules: everybody of the register, and the staff who use this product."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import users
from app.accounts.roles import Role
from app.core.clock import today
from app.register.queries import name_index, snapshot
from consent.model import Person, PersonKind, PersonName
from consent.words.gazetteer import Certainty, Gazetteer, Mention, compile_gazetteer
from moderation import NameMention, PersonRole

_STAFF = frozenset({Role.STAFF, Role.SMT, Role.COORDINATOR, Role.SAFEGUARDING_LEAD, Role.OFFICE_MANAGER})
_ROLE_OF_GROUP = {"headteacher": PersonRole.HEAD, "staff": PersonRole.STAFF, "volunteer": PersonRole.STAFF}
_CONFIDENCE = {Certainty.FULL_NAME: 0.95, Certainty.NAME: 0.6, Certainty.MAYBE: 0.3}
_TITLED = 0.9
_TITLED_LETTER = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|sir)\.? ?([^\W\d_])\b(?!['’])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SchoolNames:
    """Satisfies `moderation.NameFinder`."""

    indexes: tuple[Gazetteer, ...]
    roles: Mapping[str, PersonRole]
    designated: frozenset[str] = frozenset()
    """Those of the people who use this product who are designated persons, the head aside."""
    letters_of_head: frozenset[str] = frozenset()
    """The first letter of each word of the head's surname, in small letters: "Mr E"."""

    def speaks_of_designated(self, text: str) -> bool:
        return any(
            seen.certainty > Certainty.MAYBE and self.designated & seen.person_ids
            for index in self.indexes
            for seen in index.find(text)
        )

    def speaks_of_head(self, text: str, *, surely: bool) -> bool:
        """Whether somebody with the head's surname is named, and nobody else's full name has it in it.

        A slip in the name counts too, and a title with the first letter, unless it must be sure.
        """
        if not surely and self.letters_of_head & {seen[1].lower() for seen in _TITLED_LETTER.finditer(text)}:
            return True
        seen = [mention for index in self.indexes for mention in index.find(text)]
        heads = frozenset(key for key, role in self.roles.items() if role is PersonRole.HEAD)
        others = [each for each in seen if each.certainty is Certainty.FULL_NAME and not heads & each.person_ids]
        return any(
            heads & each.person_ids
            and each.has_surname
            and not (surely and each.certainty is Certainty.MAYBE)
            and all(each.end <= other.start or each.start >= other.end for other in others)
            for each in seen
        )

    def find(self, text: str) -> list[NameMention]:
        found = [
            mention for index in self.indexes for seen in index.find(text) for mention in _translated(seen, self.roles)
        ]
        return sorted(found, key=lambda mention: (mention.start, -mention.confidence))


def names_of_school(session: Session) -> SchoolNames:
    """Read the names once a batch; the compiled register is kept in memory for each of its versions."""
    roles = dict(_register_roles(session))
    staff = dict(_account_roles(session))
    roles |= {key: role for (key, _), role in staff.items()}
    designated = frozenset(str(user.id) for user in users(session) if _is_designated(user))
    heads = [name for (key, name), role in staff.items() if role is PersonRole.HEAD]
    letters = frozenset(word[0].lower() for name in heads for word in re.split(r"[\s-]", _split(name)[1]) if word)
    return SchoolNames((name_index(session), _compiled(tuple(sorted(staff)))), roles, designated, letters)


def _translated(seen: Mention, roles: Mapping[str, PersonRole]) -> Iterator[NameMention]:
    """Say once for each role who may be meant. Nobody calls a pupil Mr or Mrs."""
    by_role = {roles[key]: key for key in sorted(seen.person_ids) if key in roles}
    for role, key in by_role.items():
        if seen.after_title and role is PersonRole.PUPIL:
            continue
        confidence = _TITLED if seen.after_title else _CONFIDENCE[seen.certainty]
        yield NameMention(seen.start, seen.end, key, role, confidence)


def _register_roles(session: Session) -> Iterator[tuple[str, PersonRole]]:
    for person in snapshot(session, on=today()).people():
        if person.kind is PersonKind.PUPIL:
            yield person.id, PersonRole.PUPIL
        elif person.group in _ROLE_OF_GROUP:
            yield person.id, _ROLE_OF_GROUP[person.group]


def _account_roles(session: Session) -> Iterator[tuple[tuple[str, str], PersonRole]]:
    for user in users(session):
        held = set(user.roles_today)
        if Role.HEADTEACHER in held:
            yield (str(user.id), user.name), PersonRole.HEAD
        elif held & _STAFF:
            yield (str(user.id), user.name), PersonRole.STAFF


def _is_designated(user: User) -> bool:
    return Role.SAFEGUARDING_LEAD in user.roles_today and Role.HEADTEACHER not in user.roles_today


@lru_cache(maxsize=32)
def _compiled(staff: tuple[tuple[str, str], ...]) -> Gazetteer:
    return compile_gazetteer(
        Person(key, PersonKind.ADULT, (PersonName(*_split(name)),)) for key, name in staff if name.strip()
    )


def _split(name: str) -> tuple[str, str]:
    forename, _, surname = name.rpartition(" ")
    return forename, surname
