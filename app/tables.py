"""Every table of the product, so that the metadata is whole wherever it is needed."""

from app.accounts import models as accounts
from app.audit import models as audit
from app.channels import models as channels
from app.comments import models as comments
from app.comments import pile_on_models as pile_ons
from app.comments import reply_models as replies
from app.core.db import Base
from app.incidents import models as incidents
from app.jobs import models as jobs
from app.media import models as media
from app.notifications import models as notifications
from app.posts import models as posts
from app.publishing import breach_models as breaches
from app.publishing import models as publishing
from app.publishing import watch_models as watches
from app.register import matching_models as matching
from app.register import models as register
from app.register import withdrawal_models as withdrawals
from app.reviews import models as reviews
from app.schools import models as schools

TABLES_OF = (
    accounts,
    audit,
    breaches,
    channels,
    comments,
    incidents,
    jobs,
    matching,
    media,
    notifications,
    pile_ons,
    posts,
    publishing,
    register,
    replies,
    reviews,
    schools,
    watches,
    withdrawals,
)

metadata = Base.metadata
