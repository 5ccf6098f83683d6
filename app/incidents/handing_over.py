"""Hand an incident to other people: who they are by name, and what must be said before more people see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import users
from app.accounts.roles import LABELS
from app.comments.circles import WIDTH
from app.comments.models import Audience
from app.comments.policies import audiences_of
from app.core.actors import Actor
from app.core.errors import InvalidInputError
from app.incidents.kinds import CARDS
from app.incidents.models import Incident, IncidentKind
from app.incidents.opening import circle_of, let_know, start_clock_anew, tell
from app.incidents.policies import READS
from app.incidents.queries import family_of
from app.incidents.services import add_note, note, open_one, said

HANDED_OVER = "A colleague handed you an incident. Open it now."
ABOUT_THE_HEAD = (
    "This stands here as an allegation against the headteacher, and the headteacher would see it. If you have read it "
    "and it is about somebody else, first choose another kind under “Change the kind”, and say why."
)
JOINED_ABOUT_THE_HEAD = (
    "An incident that was merged into this one stands as an allegation against the headteacher, and the headteacher "
    "would see it. It stays with the chair of governors."
)
ABOUT_NOBODY_THERE = (
    "Read the names of those who will see it. Tick that it is about none of them, or leave it where it is."
)
_KEPT_FROM_SOMEBODY = (Audience.HEAD, Audience.CHAIR)
"""One person alone has it because it may be about the others."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Who would deal with an incident, by name."""

    audience: Audience
    people: tuple[str, ...]
    has_actor: bool
    """Whether whoever hands it over still sees it then."""


def circles_for(session: Session, incident: Incident, actor: Actor) -> Sequence[Circle]:
    """Return the circles that an incident may be handed to, each with everybody who would see it."""
    barred = why_barred(session, incident)
    may = [each for each in WIDTH if each is not incident.audience and not (barred and _is_wider(each, Audience.CHAIR))]
    return [_circle(session, each, actor) for each in may]


def why_barred(session: Session, incident: Incident) -> str | None:
    """The head belongs to every circle but the chair's: what is about the head is not handed on, nor what it joined."""
    if incident.kind is IncidentKind.ALLEGATION_HEAD:
        return ABOUT_THE_HEAD
    family = Incident.id.in_(family_of(session, incident))
    kinds = session.scalars(sa.select(Incident.kind).where(family)).all()
    return JOINED_ABOUT_THE_HEAD if IncidentKind.ALLEGATION_HEAD in kinds else None


def must_say_it_is_not_about_them(incident: Incident) -> bool:
    return incident.audience in _KEPT_FROM_SOMEBODY


def move_circle(
    session: Session,
    incident_id: UUID,
    *,
    audience: Audience,
    reason: str,
    is_not_about_them: bool = False,
    actor: Actor,
) -> None:
    """Hand an incident to other people, wider or narrower, with the reason. Whoever is left out is not told."""
    incident, _ = open_one(session, incident_id, actor)
    words = said(reason, "Say why other people should deal with it. They read it.")
    if audience is incident.audience:
        raise InvalidInputError("These are the people who know of it already. Choose others.")
    barred = why_barred(session, incident)
    if barred and _is_wider(audience, Audience.CHAIR):
        raise InvalidInputError(barred)
    if must_say_it_is_not_about_them(incident) and _is_wider(audience, incident.audience) and not is_not_about_them:
        raise InvalidInputError(ABOUT_NOBODY_THERE)
    add_note(session, incident, words, actor)
    hand_over(session, incident, audience, actor)


def hand_over(session: Session, incident: Incident, audience: Audience, actor: Actor) -> None:
    """Let these people know instead of those before, and tell them when it is new to somebody."""
    if audience is incident.audience:
        return
    before, knew = incident.audience, set(circle_of(session, incident.audience))
    let_know(session, incident, audience)
    note(session, "incident:handed-over", incident, actor, before=before.value, after=audience.value)
    if not knew >= set(circle_of(session, audience)):
        start_clock_anew(session, incident)
        tell(session, incident, HANDED_OVER)


def ensure_may_be_called(session: Session, incident: Incident, kind: IncidentKind, reason: str, actor: Actor) -> None:
    """Whoever says that it is not about the head after all says why: only then may others be let in."""
    if incident.kind is IncidentKind.ALLEGATION_HEAD and kind is not incident.kind:
        said(reason, "Say why it is not about the headteacher. It stays in the record.")
    if reason.strip():
        words = f"Kind changed from “{CARDS[incident.kind].label}” to “{CARDS[kind].label}”: {reason.strip()}"
        add_note(session, incident, words[:20_000], actor)


def _is_wider(audience: Audience, than: Audience) -> bool:
    return WIDTH.index(audience) < WIDTH.index(than)


def _circle(session: Session, audience: Audience, actor: Actor) -> Circle:
    people = [user for user in users(session) if audience in audiences_of(user.as_actor(), READS)]
    return Circle(audience, tuple(map(_told, people)), audience in audiences_of(actor, READS))


def _told(user: User) -> str:
    roles = ", ".join(LABELS[role].lower() for role in user.roles_today)
    return f"{user.name} ({roles})"
