"""A fault campaign: hundreds of posts, every fault of the networks, workers killed at random. What holds, holds."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.core.db import EVERY_SCHOOL
from app.publishing.models import Delivery, DeliveryState
from app.torture.cast import Cast
from app.torture.chaos import AT_ONCE, Chaos
from app.torture.stage import Stage
from app.torture.verdict import Verdict, judge

RAGING_SECONDS = 60
SETTLING_SECONDS = 240
UNDER_WAY = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.RETRACTING)


@dataclass(frozen=True, slots=True)
class Figures:
    posts: int
    faults: int
    kills: int
    restarts: int
    reconnections: int
    leaps: int
    full_disks: int
    stops: int
    last_after_stop: float
    seconds: float
    verdict: Verdict

    def lines(self) -> list[str]:
        told = [
            f"{self.posts} posts to two networks in {self.seconds:.0f} seconds",
            f"  {self.faults} faults, {self.kills} workers killed, {self.reconnections} sign-ins mended",
            f"  {self.leaps} clock jumps, {self.full_disks} full disks, {self.restarts} workers ended by them",
            f"  {self.stops} emergency stops, the last post was armed {self.last_after_stop:.2f} s after one",
            *(f"  {state}: {count}" for state, count in sorted(self.verdict.states.items())),
            *(f"  {fate}: {count}" for fate, count in sorted(self.verdict.copies.items())),
            f"  audit chain: {self.verdict.audit_events} events, {'whole' if self.verdict.holds else 'see below'}",
            f"  promises broken: {len(self.verdict.broken)}",
        ]
        return [*told, *(f"BROKEN: {sentence}" for sentence in self.verdict.broken)]


def run_campaign(folder: Path, *, posts: int, seed: int, workers: int, database_url: str = "") -> Figures:
    """Torture an installation made for it in `folder` (or in an empty PostgreSQL database), and judge what came of it.

    The same seed makes the same posts, fates and kinds of fault; what the machine does in between is its own.
    """
    chance = random.Random(seed)  # noqa: S311  a campaign is repeatable, not secret
    started = time.monotonic()
    with Stage(folder, database_url) as stage, stage.app.app_context():
        cast = Cast(stage, chance)
        cast.enter(posts)
        chaos = Chaos(stage, cast, chance)
        for _ in range(workers):
            stage.start_worker()
        with chaos.raging():
            chaos.people()
            _settle(cast, chaos, seconds=RAGING_SECONDS)
        cast.reconnect()
        _settle(cast, chaos, seconds=SETTLING_SECONDS)
        stage.end_workers()
        verdict = judge(cast)
        if chaos.last_after_stop > AT_ONCE:
            verdict.broken.append(f"A post left {chaos.last_after_stop:.1f} seconds after the emergency stop.")
        cast.database.engine.dispose()
    return Figures(
        posts=posts,
        faults=chaos.struck,
        kills=stage.kills,
        restarts=stage.restarts,
        reconnections=chaos.reconnections,
        leaps=chaos.leaps,
        full_disks=chaos.full_disks,
        stops=chaos.stops,
        last_after_stop=chaos.last_after_stop,
        seconds=time.monotonic() - started,
        verdict=verdict,
    )


def _settle(cast: Cast, chaos: Chaos, *, seconds: float) -> None:
    """Wait until nothing is under way any more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with cast.database.reading(EVERY_SCHOOL) as session:
            query = sa.select(sa.func.count()).select_from(Delivery).where(Delivery.state.in_(UNDER_WAY))
            if not session.scalar(query):
                return
        chaos.pass_time()
        cast.stage.restart_ended()
        time.sleep(1)
