"""What came of a fault campaign: each approved post once on each wall, or with a person; nothing else anywhere."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import verify
from app.platforms.base import Network
from app.posts.drafting import latest_revision
from app.posts.models import Post
from app.publishing.models import Delivery, DeliveryState
from app.torture.cast import Cast, Fate

ABSENT = (DeliveryState.CANCELLED, DeliveryState.EXPIRED, DeliveryState.FAILED, DeliveryState.RETRACTED)


@dataclass
class Verdict:
    """Figures, and a sentence for each promise that was broken."""

    states: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)
    """How many posts of each fate stand how often on a wall."""
    broken: list[str] = field(default_factory=list)
    audit_events: int = 0

    @property
    def holds(self) -> bool:
        return not self.broken


@dataclass(frozen=True, slots=True)
class Shown:
    """One post on a wall."""

    text: str
    alt_texts: tuple[str, ...]


def judge(cast: Cast) -> Verdict:
    verdict = Verdict()
    walls = {network: _wall(cast, network) for network in Network}
    with cast.database.reading(cast.school_id) as session:
        deliveries = {(row.post_id, row.network): row for row in session.scalars(sa.select(Delivery))}
        for post_id, marker in cast.markers.items():
            photos = _photos_of(session, post_id)
            for network in Network:
                shown = [item for item in walls[network] if marker in item.text]
                state = deliveries[post_id, network].state if (post_id, network) in deliveries else None
                verdict.states[f"{network.value}: {state.value if state else 'never planned'}"] += 1
                verdict.copies[f"{cast.fates[post_id].value}: {_times(len(shown))}"] += 1
                verdict.broken += _promises(cast, post_id, network, state, shown, photos)
        report = verify(session, cast.school_id)
    verdict.audit_events = report.events
    if report.problem:
        verdict.broken.append(f"The audit chain does not verify: {report.problem}")
    return verdict


def _promises(
    cast: Cast, post_id: UUID, network: Network, state: DeliveryState | None, shown: list[Shown], photos: int
) -> list[str]:
    name, count = f"{cast.markers[post_id]} on {network.label}", len(shown)
    broken = []
    if count > 1:
        broken.append(f"{name} is there {count} times.")
    if state is DeliveryState.SENT and count == 0:
        broken.append(f"{name} is said to be sent and is not there.")
    if (state is None or state in ABSENT) and count:
        broken.append(f"{name} is there although its delivery is {state.value if state else 'not planned'}.")
    if state is not None and not state.is_settled:
        broken.append(f"{name} is still {state.value}.")
    if cast.fates[post_id] is Fate.LEFT_ALONE and count:
        broken.append(f"{name} is there and nobody approved it.")
    gone = cast.fates[post_id] in (Fate.TAKEN_BACK, Fate.NAMES_PUPIL)
    if gone and count and state is not DeliveryState.NEEDS_PERSON:
        broken.append(f"{name} is there although it was taken back or its consent ended.")
    if any(len(item.alt_texts) != photos or not all(item.alt_texts) for item in shown):
        broken.append(f"{name} does not have its {photos} photos with their alt texts.")
    return broken


def _times(count: int) -> str:
    return {0: "not there", 1: "there once"}.get(count, f"there {count} times")


def _photos_of(session: Session, post_id: UUID) -> int:
    return len(latest_revision(session, session.get_one(Post, post_id)).photos)


def _wall(cast: Cast, network: Network) -> list[Shown]:
    whose = f"/facebook/{cast.page_id}/wall" if network is Network.FACEBOOK else f"/x/{cast.handle}/wall"
    posts = cast.stage.ask("GET", whose)["posts"]
    return [
        Shown(post.get("message") or post.get("text") or "", tuple(photo["alt_text"] or "" for photo in post["photos"]))
        for post in posts
    ]
