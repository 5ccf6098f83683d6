"""Whom an incident may have to be reported to, how they are reached, and the school's own words for that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.incidents.models import Authority, IncidentWording

HELPLINES = "helplines"
WAIT_FOR_NETWORK = timedelta(hours=48)
"""The harmful content service takes a report when the network has not acted for so long."""
MOST_LETTERS = 500
FRIDAY = 5


@dataclass(frozen=True, slots=True)
class AuthorityCard:
    label: str
    contact: str
    """How to reach them; a school writes its own words over it."""
    link: str | None = None
    counts_working_days: bool = False
    """Their clock stands still on Saturdays and Sundays. Bank holidays are not known here: one may give a day more."""


AUTHORITIES: Mapping[Authority, AuthorityCard] = {
    Authority.NETWORK: AuthorityCard(
        "The social network", "Open the comment there and use its own “Report”. Hidden is not removed: ask for removal."
    ),
    Authority.POLICE_999: AuthorityCard("Police, emergency", "Call 999."),
    Authority.POLICE_101: AuthorityCard(
        "Police", "Call 101, or report online. Ask for the reference.", "https://www.police.uk/pu/contact-us/"
    ),
    Authority.LOCAL_AUTHORITY: AuthorityCard(
        "Local authority's designated officer (LADO)",
        "The school has not entered the number yet: it stands on your local authority's site.",
        "https://www.gov.uk/find-local-council",
        counts_working_days=True,
    ),
    Authority.CHILDREN_SERVICES: AuthorityCard(
        "Children's services",
        "The school has not entered the number yet: it stands on your local authority's site.",
        "https://www.gov.uk/report-child-abuse-to-local-council",
    ),
    Authority.EXPLOITATION_COMMAND: AuthorityCard(
        "Child exploitation command (CEOP)", "Report online.", "https://www.ceop.police.uk/Safety-Centre/"
    ),
    Authority.WATCH_FOUNDATION: AuthorityCard(
        "Internet Watch Foundation",
        "Report the address online, without a copy of any picture.",
        "https://report.iwf.org.uk/",
    ),
    Authority.HELPLINE: AuthorityCard(
        "Professionals Online Safety Helpline",
        "0344 381 4772 or helpline@saferinternet.org.uk. First report to the network; at once for safeguarding.",
        "https://saferinternet.org.uk/professionals-online-safety-helpline",
    ),
    Authority.HARMFUL_CONTENT: AuthorityCard(
        "Report Harmful Content",
        "Online, when the network has not acted within 48 hours.",
        "https://reportharmfulcontent.com/",
    ),
    Authority.UNION: AuthorityCard("The person's union", "They choose whether and whom to call."),
    Authority.LEGAL: AuthorityCard("The school's legal adviser", "Ask before anything is said in public."),
}
LOCAL = frozenset({Authority.LOCAL_AUTHORITY, Authority.CHILDREN_SERVICES})
"""Every local authority has its own number for these: the school enters it."""
HELPLINE_WORDS = (
    "Childline 0800 1111 and Samaritans 116 123 answer day and night. "
    "NSPCC 0808 800 5000 advises adults who worry about a child."
)


def wanted_by(authority: Authority, within: timedelta, *, asked_at: datetime) -> datetime:
    """Return by when to tell them: the same time of day, moved on to the next working day where they count those."""
    if not AUTHORITIES[authority].counts_working_days:
        return asked_at + within
    there = clock.london(asked_at) + within
    while there.isoweekday() > FRIDAY:
        there += timedelta(days=1)
    return there.astimezone(UTC)


def wordings(session: Session) -> Mapping[str, str]:
    """Return how everybody is reached, in the school's words where it has written any."""
    texts = {authority.value: card.contact for authority, card in AUTHORITIES.items()} | {HELPLINES: HELPLINE_WORDS}
    own = session.execute(sa.select(IncidentWording.key, IncidentWording.text))
    return texts | {row.key: row.text for row in own if row.key in texts}


def not_entered(session: Session) -> list[str]:
    """Name those whose own number the school must look up and has not: best done before it is needed."""
    known = wordings(session)
    return [card.label for key, card in AUTHORITIES.items() if key in LOCAL and known[key] == card.contact]


def save_wordings(session: Session, texts: Mapping[str, str], *, actor: Actor) -> None:
    """Keep the school's own words; blank brings ours back."""
    actor.ensure(Permission.SAFEGUARDING_WRITE)
    known, before = {row.key: row for row in session.scalars(sa.select(IncidentWording))}, wordings(session)
    changed = sorted(key for key, text in texts.items() if key in before and text.strip() != before[key])
    for key in changed:
        text = texts[key].strip()[:MOST_LETTERS]
        if key in known and not text:
            session.delete(known[key])
        elif key in known:
            known[key].text = text
        elif text:
            session.add(IncidentWording(id=uuid4(), key=key, text=text))
    if changed:
        details: dict[str, object] = {"changed": changed}
        record(
            session, "incident:contacts-changed", actor=actor, subject_type="school", subject_id=None, details=details
        )
