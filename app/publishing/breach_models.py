"""A data breach of our own making: a photo was published that should not have been. The law gives 72 hours."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped

REPORT_WITHIN = timedelta(hours=72)


class DataBreach(Identified, SchoolScoped, Base):
    __tablename__ = "data_breach"

    post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id"), index=True)
    discovered_at: Mapped[datetime] = mapped_column(index=True)
    discovered_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    what: Mapped[str] = mapped_column(sa.Text)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    is_reportable: Mapped[bool | None]
    """Whether the Information Commissioner had to be told; None while nobody has decided."""
    reference: Mapped[str] = mapped_column(sa.String(200), default="")
    reasons: Mapped[str] = mapped_column(sa.Text, default="")
    people_told: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def report_by(self) -> datetime:
        return self.discovered_at + REPORT_WITHIN
