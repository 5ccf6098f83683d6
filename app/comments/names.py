"""The school's own names for the moderation rules: pupils from the register, staff by surname with a title."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.queries import users
from app.accounts.roles import Role
from app.core.clock import today
from app.register.models import AdultKind
from app.register.queries import adults, name_index, snapshot
from consent.model import PersonKind
from consent.words.gazetteer import Gazetteer
from moderation import NameMention, PersonRole

TITLE = r"(?:mr|mrs|miss|ms|mx|dr|sir|madam|mister|missus|prof|rev)\.?\s+"
SURE_TITLED = 0.9
SURE_FULL = 0.95
STAFF_ROLES = frozenset({Role.STAFF, Role.SMT, Role.COORDINATOR, Role.SAFEGUARDING_LEAD, Role.OFFICE_MANAGER})


@dataclass(frozen=True, slots=True)
class StaffMember:
    key: str
    forename: str
    surname: str
    role: PersonRole


class StaffNames:
    """Finds `Mrs Walker` and `Anna Walker`, whole words only, in any case."""

    def __init__(self, staff: Iterable[StaffMember]) -> None:
        self._patterns = [
            (re.compile(pattern, re.IGNORECASE), member, confidence)
            for member in staff
            for pattern, confidence in _patterns_of(member)
        ]

    def find(self, text: str) -> list[NameMention]:
        return [
            NameMention(found.start(), found.end(), member.key, member.role, confidence)
            for pattern, member, confidence in self._patterns
            for found in pattern.finditer(text)
        ]
