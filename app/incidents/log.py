"""The incident log as a table to take away, and the counts of prejudice that a governor sees."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.comments.models import Audience, Comment, CommentState
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.incidents.authorities import AUTHORITIES
from app.incidents.kinds import CARDS
from app.incidents.models import AuthorityReport, Incident, IncidentComment, IncidentState, SupportOffer
from app.incidents.policies import readable_by
from app.incidents.queries import comment_counts
from app.web.front_end import state_words
from moderation.labels import Characteristic, Label

HEADINGS = (
    "Reference", "Opened", "Kind", "Who may know", "State", "Closed", "Comments", "Characteristics",
    "Support offered", "Told", "Not needed", "Still to tell",
)  # fmt: skip
FEWEST = 5
"""Counts below this are not told: few people might be recognised by them."""
OUT_OF_SIGHT = (CommentState.HIDING, CommentState.HIDDEN, CommentState.DELETING, CommentState.DELETED)
SHORT_AUDIENCE = {
    Audience.GENERAL: "Head and designated persons",
    Audience.DESIGNATED: "Designated persons",
    Audience.HEAD: "Headteacher",
    Audience.CHAIR: "Chair of governors",
}


def log_csv(session: Session, *, actor: Actor) -> bytes:
    """Return the incidents that the actor may know of, without anybody's words or names."""
    query = sa.select(Incident).where(readable_by(actor), Incident.state != IncidentState.MERGED)
    found = session.scalars(query.order_by(Incident.opened_at)).all()
    main = sa.func.coalesce(Incident.merged_into_id, Incident.id)
    reports = sa.select(main, AuthorityReport).join(Incident, Incident.id == AuthorityReport.incident_id)
    told = [(incident_id, report) for incident_id, report in session.execute(reports)]
    offers = sa.select(main, sa.func.count()).join(SupportOffer, SupportOffer.incident_id == Incident.id)
    support = {row[0]: row[1] for row in session.execute(offers.group_by(main))}
    comments = comment_counts(session, found)
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(HEADINGS)
    for incident in found:
        own = [report for incident_id, report in told if incident_id == incident.id]
        writer.writerow([*_row(incident), comments.get(incident.id, 0), _characteristics(incident),
                         support.get(incident.id, 0), *_reports(own)])  # fmt: skip
    details: dict[str, object] = {"rows": len(found)}
    record(session, "incident:log-taken", actor=actor, subject_type="school", subject_id=None, details=details)
    return output.getvalue().encode("utf-8-sig")


def _row(incident: Incident) -> list[str]:
    return [
        incident.reference,
        _moment(incident.opened_at),
        CARDS[incident.kind].label,
        SHORT_AUDIENCE[incident.audience],
        state_words(incident.state.value),
        _moment(incident.closed_at),
    ]


def _characteristics(incident: Incident) -> str:
    return "; ".join(map(state_words, incident.characteristics))


def _reports(reports: Sequence[AuthorityReport]) -> list[str]:
    told = [report for report in reports if report.reported_at]
    waived = [report for report in reports if report.not_needed_because and not report.reported_at]
    waiting = [report for report in reports if not report.is_settled]
    return ["; ".join(AUTHORITIES[each.authority].label for each in part) for part in (told, waived, waiting)]


def _moment(at: datetime | None) -> str:
    return f"{clock.london(at):%d/%m/%Y %H:%M}" if at else ""


class Term(StrEnum):
    """The terms by which schools report. They do not overlap, so that no figure can be had by subtracting."""

    AUTUMN = "Autumn"
    SPRING = "Spring"
    SUMMER = "Summer"


@dataclass(frozen=True, slots=True)
class PrejudiceCount:
    characteristic: str
    figure: str


@dataclass(frozen=True, slots=True)
class PrejudiceSummary:
    """How often prejudice was recorded in a term, by protected characteristic, with nobody in it."""

    term: str
    counts: tuple[PrejudiceCount, ...]
    total: str
    comments: str
    """Comments that were hidden for prejudice and led to no incident."""


def prejudice_by_term(session: Session, *, actor: Actor) -> list[PrejudiceSummary]:
    """Count for the equalities governor: this term and the three before it.

    What only the head or the chair may know of is counted for nobody: a figure that changes would tell others of it.
    """
    actor.ensure(Permission.REPORT_READ)
    begins, terms = clock.today(), []
    for _ in range(4):
        first, name = _term_of(begins)
        terms.append((first, name))
        begins = first - timedelta(days=1)
    ends = [None, *(first for first, _ in terms)]
    return [_counted(session, name, first, end) for (first, name), end in zip(terms, ends, strict=False)]


def _term_of(day: date) -> tuple[date, str]:
    if day.month >= 9:
        return date(day.year, 9, 1), f"{Term.AUTUMN} {day.year}"
    if day.month >= 5:
        return date(day.year, 5, 1), f"{Term.SUMMER} {day.year}"
    return date(day.year, 1, 1), f"{Term.SPRING} {day.year}"


def _counted(session: Session, name: str, first: date, end: date | None) -> PrejudiceSummary:
    query = sa.select(Incident.characteristics).where(
        Incident.opened_at >= _midnight(first),
        Incident.audience.not_in([Audience.HEAD, Audience.CHAIR]),
        Incident.state != IncidentState.MERGED,
    )
    if end is not None:
        query = query.where(Incident.opened_at < _midnight(end))
    found = [each for each in session.scalars(query) if each]
    counted = Counter(characteristic for each in found for characteristic in each)
    held_back = any(0 < counted[each.value] < FEWEST for each in Characteristic)
    return PrejudiceSummary(
        name,
        tuple(PrejudiceCount(state_words(each.value), _figure(counted[each.value])) for each in Characteristic),
        "Not told: it would give a small figure away" if held_back else _figure(len(found)),
        _figure(_only_hidden(session, first, end)),
    )


def _only_hidden(session: Session, first: date, end: date | None) -> int:
    """Count the comments that are out of sight for prejudice and belong to no incident."""
    query = sa.select(sa.func.count()).where(
        Comment.harm == Label.PREJUDICE.value,
        Comment.audience == Audience.GENERAL,
        Comment.state.in_(OUT_OF_SIGHT),
        Comment.commented_at >= _midnight(first),
        ~sa.exists().where(IncidentComment.comment_id == Comment.id),
    )
    return session.scalar(query if end is None else query.where(Comment.commented_at < _midnight(end))) or 0


def _midnight(day: date) -> datetime:
    return clock.from_london(datetime.combine(day, time.min))


def _figure(count: int) -> str:
    if count == 0:
        return "None"
    return str(count) if count >= FEWEST else f"Fewer than {FEWEST}"
