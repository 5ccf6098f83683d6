"""The worker's sign of life."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Heartbeat(Base):
    """One row a worker process; it belongs to the installation, not to a school."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    beat_at: Mapped[datetime]
    started_at: Mapped[datetime]
