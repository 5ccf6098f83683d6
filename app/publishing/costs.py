"""What X charges: written down before each call, added up by the month, and kept within the school's budget."""

from datetime import datetime, time
from decimal import Decimal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.validation import cost_quote, fitted
from app.posts.models import Revision
from app.publishing.models import Delivery, NetworkCharge
from app.schools.models import SchoolSettings

DELETE = Decimal("0.010")
LOOK = Decimal("0.001")
THOUSAND = 1000
SPENT = "This month's budget for X is spent. It waits until the budget is raised, or expires; nothing is sent late."


def quote(revision: Revision) -> Decimal:
    photos = tuple(OutgoingPhoto(b"", "image/jpeg", photo.alt_text, "") for photo in revision.photos)
    return cost_quote(fitted(Network.X, OutgoingPost(revision.caption, photos, revision.link)))


def spent_this_month(session: Session) -> Decimal:
    first = clock.from_london(datetime.combine(clock.today().replace(day=1), time.min))
    query = sa.select(sa.func.sum(NetworkCharge.thousandths)).where(NetworkCharge.at >= first)
    return Decimal(session.scalar(query) or 0) / THOUSAND


def is_affordable(session: Session, settings: SchoolSettings, revision: Revision) -> bool:
    if settings.x_budget_dollars is None:
        return True
    return spent_this_month(session) + quote(revision) <= Decimal(str(settings.x_budget_dollars))


def charge(session: Session, delivery: Delivery, dollars: Decimal, what: str) -> None:
    """Write down a call that is about to be made: whatever comes of it, it may be billed."""
    if delivery.network is not Network.X:
        return
    session.add(
        NetworkCharge(
            id=uuid4(),
            channel_id=delivery.channel_id,
            at=clock.now(),
            thousandths=int(dollars * THOUSAND),
            what=what,
        )
    )


def take_back(session: Session, delivery: Delivery, what: str) -> None:
    """Strike the last charge of this kind off: the network said that it did nothing."""
    mine = sa.select(NetworkCharge).where(NetworkCharge.channel_id == delivery.channel_id, NetworkCharge.what == what)
    if delivery.sending_since is not None:
        mine = mine.where(NetworkCharge.at <= delivery.sending_since)
    last = session.scalars(mine.order_by(NetworkCharge.at.desc()).limit(1)).first()
    if last is not None:
        session.delete(last)
