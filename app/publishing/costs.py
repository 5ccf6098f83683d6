"""What X charges: written down, added up by the month, and kept within the school's budget."""

from datetime import datetime, time
from decimal import Decimal
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.models import Channel
from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.metering import Meters
from app.platforms.validation import cost_quote, fitted
from app.posts.models import Revision
from app.publishing.models import NetworkCharge
from app.schools.models import SchoolSettings

DELETE = Decimal("0.010")
THOUSAND = 1000
SPENT = "This month's budget for X is spent. It waits until the budget is raised, or expires; nothing is sent late."


def quote(revision: Revision) -> Decimal:
    photos = tuple(OutgoingPhoto(b"", "image/jpeg", photo.alt_text, "") for photo in revision.photos)
    return cost_quote(fitted(Network.X, OutgoingPost(revision.caption, photos, revision.link)))


def spent_this_month(session: Session) -> Decimal:
    first = clock.from_london(datetime.combine(clock.today().replace(day=1), time.min))
    query = sa.select(sa.func.sum(NetworkCharge.thousandths)).where(NetworkCharge.at >= first)
    return Decimal(session.scalar(query) or 0) / THOUSAND


def quote_reply(text: str) -> Decimal:
    """Return what an answer costs: it is billed like a post."""
    return cost_quote(OutgoingPost(text))


def is_affordable(session: Session, settings: SchoolSettings, cost: Decimal) -> bool:
    if settings.x_budget_dollars is None:
        return True
    return spent_this_month(session) + cost <= Decimal(str(settings.x_budget_dollars))


def charge(session: Session, channel: Channel, dollars: Decimal, what: str) -> None:
    """Write down a call that is about to be made: whatever comes of it, it may be billed."""
    if channel.network is Network.X:
        _write(session, channel.id, int(dollars * THOUSAND), what)


def take_back(session: Session, channel: Channel, what: str, *, before: datetime | None = None) -> None:
    """Strike the last charge of this kind off: the network said that it did nothing."""
    mine = sa.select(NetworkCharge).where(NetworkCharge.channel_id == channel.id, NetworkCharge.what == what)
    if before is not None:
        mine = mine.where(NetworkCharge.at <= before)
    last = session.scalars(mine.order_by(NetworkCharge.at.desc()).limit(1)).first()
    if last is not None:
        session.delete(last)


def charge_reading(database: Database, meters: Meters) -> None:
    """Write down what this process has read on X since it did so last."""
    query = sa.select(Channel).where(Channel.network == Network.X, Channel.remote_account_id.is_not(None))
    with database.reading(EVERY_SCHOOL) as session:
        channels = session.scalars(query).all()
    for channel in channels:
        cost = meters.of(channel.remote_account_id or "").take()
        if cost:
            with database.transaction(channel.school_id) as session:
                _write(session, channel.id, cost, "reading")


def _write(session: Session, channel_id: UUID, thousandths: int, what: str) -> None:
    charge = NetworkCharge(id=uuid4(), channel_id=channel_id, at=clock.now(), thousandths=thousandths, what=what)
    session.add(charge)
