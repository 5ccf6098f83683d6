"""Tell what a MIS export changes, in lines for a terminal."""

from collections.abc import Iterator, Sequence

from app.register.columns import PURPOSE_LABELS
from app.register.import_report import ImportReport, PupilChange
from consent.model import ConsentState, Purpose

MOST_NAMED = 50
"""Longer lists are cut, and say so."""


def told(report: ImportReport) -> Iterator[str]:
    """Yield the report line by line: first each pupil that changes, then the sums."""
    changing = [change for change in report.changes if change.changes_something]
    for change in changing[:MOST_NAMED]:
        yield _change(change)
    if len(changing) > MOST_NAMED:
        yield f"… and {len(changing) - MOST_NAMED} more pupils."
    yield "Imported." if report.applied else "Dry run: nothing was written. Add --apply to bring it in."
    yield f"Pupils: {report.new} new, {report.changed} changed, {report.unchanged} unchanged."
    answers = report.answers
    refused = answers[ConsentState.REFUSED] + answers[ConsentState.WITHDRAWN]
    yield (
        f"Answers in the file: {answers[ConsentState.GRANTED]} granted, {refused} refused, "
        f"{answers[ConsentState.NOT_RECORDED]} not recorded."
    )
    yield f"Permissions: {report.total('given')} given, {report.total('ended')} ended."
    yield from _remarks(report)


def _remarks(report: ImportReport) -> Iterator[str]:
    if kept := report.total("kept_refusals"):
        yield f"Refusals kept: {kept}. The yes in the file is older, has no date, or comes from somebody else."
    if lapsed := report.total("lapsed"):
        yield f"Expired: {lapsed}. Their date lies in an earlier school year, or the pupil has left."
    if expired := report.total("kept_expired"):
        yield f"Expired answers kept: {expired}. A yes without a consent date cannot renew them."
    if report.biometric_changes:
        yield f"Answers about face templates, new or changed: {report.biometric_changes}."
    if objections := sum(change.kept_objection for change in report.changes):
        yield f"Objections to face templates kept: {objections}. The answer in the file does not take them back."
    if report.leavers:
        yield f"Leavers: {_listed([change.row.admission_no for change in report.leavers])}."
    if report.missing:
        yield f"Not in the file, left as they are: {_listed(report.missing)}."
    if report.unused_columns:
        yield f"Columns not used: {_listed(report.unused_columns)}. Check that none of them holds an answer."
    if report.errors:
        yield f"Rows with errors, left out: {len(report.errors)}. Mend them and import the file again."


def _change(change: PupilChange) -> str:
    parts = ["new"] if change.is_new else []
    if change.headings:
        parts.append(f"changed {', '.join(change.headings)}")
    if change.parents:
        parts.append("contacts")
    parts += _answers("permission given", change.given) + _answers("permission ended", change.ended)
    parts += _answers("refused", [purpose for purpose in change.refused if purpose not in change.ended])
    parts += _answers("expired", change.lapsed)
    if change.biometric:
        parts.append(f"face template: {change.biometric.kind.value.replace('_', ' ')}")
    if change.leaves:
        parts.append("has left")
    return f"{change.row.admission_no}: {'; '.join(parts) or 'an answer for the record'}."


def _answers(what: str, purposes: Sequence[Purpose]) -> list[str]:
    return [f"{what} for {', '.join(PURPOSE_LABELS[purpose] for purpose in purposes)}"] if purposes else []


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - MOST_NAMED} more" if len(items) > MOST_NAMED else ""
    return ", ".join(items[:MOST_NAMED]) + more
