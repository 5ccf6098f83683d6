"""Codes with which a parent shows that the link was meant for them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped


class WithdrawalCode(Identified, SchoolScoped, Base):
    """A code of one contact, from an e-mail or a letter. It opens the page once, and only to switch things off."""

    __tablename__ = "withdrawal_code"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("parent_contact.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None]
