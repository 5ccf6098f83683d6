"""What cannot wait, above everything else on the start page: calls for help, reports that are due, grave comments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from app.comments.harm_words import harm_words
from app.comments.models import Comment
from app.comments.pile_on_sorting import ACCUSATIONS, HELP_LABELS
from app.comments.queries import Choice
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission as P  # noqa: N817  read by column
from app.incidents.authorities import AUTHORITIES
from app.incidents.kinds import CARDS
from app.incidents.models import Authority, AuthorityReport, Incident, IncidentKind, IncidentState
from app.incidents.policies import readable_by
from app.web.front_end import at_words, plural
from moderation import Severity

SOON = timedelta(hours=24)
MOST_LINES = 5
"""So many kinds of report have a line of their own; the rest is counted."""
PRESSING = (
    Authority.POLICE_999,
    Authority.POLICE_101,
    Authority.CHILDREN_SERVICES,
    Authority.LOCAL_AUTHORITY,
    Authority.EXPLOITATION_COMMAND,
    Authority.WATCH_FOUNDATION,
)
_HELP = {"disclosure": "Somebody may be asking for help", "missing_child": "A child may be missing"}


@dataclass(frozen=True, slots=True)
class Urgent:
    sentence: str
    step: str
    href: str


def urgent_for(session: Session, actor: Actor) -> Sequence[Urgent]:
    """Return what this person must see first, as far as they may know of it."""
    if not any(actor.may(each) for each in (P.COMMENT_READ, P.SAFEGUARDING_READ, P.ALLEGATION_ABOUT_HEAD_READ)):
        return []
    grave = _grave(session, actor)
    return [
        *(_read(_HELP[harm], harm, count) for harm, count in grave if harm in _HELP),
        *_reports(session, actor),
        *(_read(harm_words(harm), harm, count) for harm, count in grave if harm not in _HELP),
    ]


def _grave(session: Session, actor: Actor) -> Sequence[tuple[str, int]]:
    """Count what waits and is grave by what it is; of a call for help also what is only a doubt."""
    found = sa.or_(Comment.harm.in_(HELP_LABELS | ACCUSATIONS), Comment.severity >= Severity.CRITICAL)
    query = sa.select(Comment.harm, sa.func.count()).where(*Choice().criteria(actor), found, Comment.harm.is_not(None))
    rows = session.execute(query.group_by(Comment.harm).order_by(sa.func.max(Comment.severity).desc(), Comment.harm))
    return [(harm or "", count) for harm, count in rows]


def _read(words: str, harm: str, count: int) -> Urgent:
    return Urgent(
        f"{words} ({count})", "Read now" if harm in _HELP else "Read today", url_for("comments.index", harm=harm)
    )


def _reports(session: Session, actor: Actor) -> Iterator[Urgent]:
    """Yield the reports to authorities that are due soon or late, a line for each kind; what is about a child first."""
    main = sa.orm.aliased(Incident)
    query = (
        sa.select(AuthorityReport.wanted_by, AuthorityReport.authority, main.id, main.kind)
        .join(Incident, Incident.id == AuthorityReport.incident_id)
        .join(main, main.id == sa.func.coalesce(Incident.merged_into_id, Incident.id))
        .where(
            readable_by(actor),
            main.state == IncidentState.OPEN,
            AuthorityReport.authority.in_(PRESSING),
            AuthorityReport.reported_at.is_(None),
            AuthorityReport.not_needed_because.is_(None),
            AuthorityReport.wanted_by < clock.now() + SOON,
        )
    )
    lines: dict[tuple[IncidentKind, Authority], list[tuple[datetime, UUID]]] = {}
    for wanted_by, authority, incident_id, kind in session.execute(query.order_by(AuthorityReport.wanted_by)):
        if wanted_by is not None:
            lines.setdefault((kind, authority), []).append((wanted_by, incident_id))
    by_kind = sorted(lines.items(), key=lambda line: (not CARDS[line[0][0]].is_about_a_child, line[1][0]))
    for (kind, authority), due in by_kind[:MOST_LINES]:
        (first, incident_id), many = due[0], len(due) > 1
        verb = ("were" if many else "was") if first < clock.now() else ("are" if many else "is")
        what = (
            f"{len(due)} reports {verb} due, the first {at_words(first)}"
            if many
            else f"a report {verb} due {at_words(first)}"
        )
        href = url_for("incidents.index") if many else url_for("incidents.show", incident_id=incident_id)
        yield Urgent(f"{CARDS[kind].label}: {what}", f"To: {AUTHORITIES[authority].label}", href)
    if rest := sum(len(due) for _, due in by_kind[MOST_LINES:]):
        yield Urgent(f"{plural(rest, 'more report')} due", "All are among the incidents", url_for("incidents.index"))
