"""Each change of the register makes a new version of it, which voids earlier checks."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.db import school_of
from app.schools.models import School
from app.schools.services import new_version


def touch_register(session: Session) -> None:
    """Make a new version of the register."""
    session.flush()
    session.execute(
        sa.update(School)
        .where(School.id == school_of(session))
        .values(register_version=new_version())
        .execution_options(synchronize_session="fetch")
    )
