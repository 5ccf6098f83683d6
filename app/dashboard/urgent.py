"""What cannot wait, above everything else on the start page: calls for help, reports that are due, grave comments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

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
from app.incidents.models import Authority, AuthorityReport, Incident, IncidentState
from app.incidents.policies import readable_by
from app.web.front_end import at_words
from moderation import Severity

SOON = timedelta(hours=24)
MOST_REPORTS = 3
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
    """Yield the reports to authorities that are due soonest, or late."""
    main = sa.orm.aliased(Incident)
    query = (
        sa.select(AuthorityReport, main)
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
    rows = session.execute(query.order_by(AuthorityReport.wanted_by).limit(MOST_REPORTS))
    for report, incident in rows:
        if report.wanted_by is None:
            continue
        due = "was due" if report.wanted_by < clock.now() else "is due"
        sentence = f"{CARDS[incident.kind].label}: a report {due} {at_words(report.wanted_by)}"
        step = f"To: {AUTHORITIES[report.authority].label}"
        yield Urgent(sentence, step, url_for("incidents.show", incident_id=incident.id))
