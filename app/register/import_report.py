"""What a dry run tells of a MIS export, and what is done when it is applied."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.register.biometrics import BiometricAnswer
from app.register.columns import HEADINGS
from app.register.import_file import ParentRow, PupilRow, RowError
from app.register.models import ConsentStatement
from app.register.snapshots import REFUSALS
from consent.model import ConsentState, Purpose


@dataclass(frozen=True)
class PupilChange:
    """What the file changes about one pupil: told by the dry run, done when it is applied."""

    row: PupilRow
    pupil_id: UUID
    is_new: bool
    fields: Mapping[str, str | date | None]
    """The columns that differ, with their new values."""
    parents: Sequence[ParentRow]
    """Contacts that are new or differ."""
    statements: Sequence[ConsentStatement]
    before: Mapping[Purpose, ConsentState]
    after: Mapping[Purpose, ConsentState]
    kept_refusals: Sequence[Purpose]
    """A yes of the file that an existing no outranks."""
    kept_expired: Sequence[Purpose]
    """A yes without a date, which cannot renew what has expired."""
    biometric: BiometricAnswer | None
    kept_objection: bool
    leaves: bool

    @property
    def name(self) -> str:
        row = self.row.fields
        forename = row.get("preferred_forename") or row["legal_forename"]
        return f"{forename} {row.get('preferred_surname') or row['legal_surname']}"

    @property
    def given(self) -> list[Purpose]:
        return [purpose for purpose in Purpose if self._turns_to(purpose, (ConsentState.GRANTED,))]

    @property
    def ended(self) -> list[Purpose]:
        """Return what was allowed until now and is refused from now on."""
        was = [purpose for purpose in Purpose if self.before[purpose] is ConsentState.GRANTED]
        return [purpose for purpose in was if self.after[purpose] in REFUSALS]

    @property
    def refused(self) -> list[Purpose]:
        return [purpose for purpose in Purpose if self._turns_to(purpose, REFUSALS)]

    @property
    def lapsed(self) -> list[Purpose]:
        """Return what was agreed to, but for a school year that is over or until a last day that has passed."""
        return [purpose for purpose in Purpose if self._turns_to(purpose, (ConsentState.EXPIRED,))]

    @property
    def changes_something(self) -> bool:
        return bool(self.is_new or self.fields or self.parents or self.statements or self.biometric)

    @property
    def headings(self) -> list[str]:
        return [HEADINGS[name] for name in self.fields]

    def _turns_to(self, purpose: Purpose, states: Sequence[ConsentState]) -> bool:
        return self.after[purpose] in states and self.before[purpose] not in states


@dataclass
class ImportReport:
    applied: bool
    changes: list[PupilChange] = field(default_factory=list)
    """Every sound row, also those that change nothing."""
    missing: list[str] = field(default_factory=list)
    """Admission numbers of present pupils whom the file does not name."""
    errors: list[RowError] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return sum(change.changes_something and not change.is_new for change in self.changes)

    @property
    def unchanged(self) -> int:
        return sum(not change.changes_something for change in self.changes)

    @property
    def answers(self) -> Counter[ConsentState]:
        """Count the answers that stand in the file, whether or not they are news."""
        return Counter(state for change in self.changes for state in change.row.consents.values())

    @property
    def biometric_changes(self) -> int:
        return sum(change.biometric is not None for change in self.changes)

    @property
    def leavers(self) -> list[PupilChange]:
        return [change for change in self.changes if change.leaves]

    def total(self, of: str) -> int:
        """Add up one of the lists of purposes: given, ended, refused, lapsed, kept_refusals, kept_expired."""
        return sum(len(getattr(change, of)) for change in self.changes)
