"""Every table of the product, so that the metadata is whole wherever it is needed."""

from app.accounts import models as accounts
from app.audit import models as audit
from app.core.db import Base
from app.jobs import models as jobs
from app.notifications import models as notifications
from app.schools import models as schools

__all__ = ["accounts", "audit", "jobs", "metadata", "notifications", "schools"]

metadata = Base.metadata
