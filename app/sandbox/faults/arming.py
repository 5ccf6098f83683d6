"""An order for a fault, as the control API and the page of faults give it."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.answers import Json
from app.sandbox.faults.catalogue import kind_named
from app.sandbox.tables import Fault

OPERATIONS = (
    "facebook.*",
    "facebook.feed.create",
    "facebook.photos.create",
    "facebook.post.read",
    "facebook.post.delete",
    "facebook.photo.read",
    "facebook.photo.delete",
    "facebook.published_posts.read",
    "facebook.comments.read",
    "facebook.comments.create",
    "facebook.comment.read",
    "facebook.comment.update",
    "facebook.comment.delete",
    "facebook.blocked.create",
    "facebook.blocked.delete",
    "facebook.page.read",
    "facebook.user.read",
    "facebook.accounts.read",
    "facebook.debug_token.read",
    "facebook.access_token.read",
    "facebook.subscribed_apps.create",
    "facebook.webhook",
    "x.*",
    "x.posts.create",
    "x.posts.read",
    "x.posts.delete",
    "x.posts.hide",
    "x.media.create",
    "x.metadata.create",
    "x.mentions.read",
    "x.search.read",
    "x.timeline.read",
    "x.me.read",
    "x.users.read",
    "x.muting.create",
)


class FaultOrder(BaseModel, extra="forbid"):
    kind: str
    operation: str = "*"
    effect: Literal["before", "after"] = "before"
    account: str | None = None
    count: int | None = Field(default=1, ge=1)
    skip: int = Field(default=0, ge=0)
    probability: float = Field(default=1.0, ge=0, le=1)
    seed: int | None = None
    options: Json = {}

    @field_validator("kind")
    @classmethod
    def known(cls, value: str) -> str:
        if kind_named(value) is None:
            raise ValueError(f"there is no fault {value}; see /_control/faults/catalogue")
        return value


def arm(session: Session, order: FaultOrder, *, default_seed: int) -> Fault:
    fault = Fault(
        kind=order.kind,
        operation=order.operation,
        effect=order.effect,
        account=order.account,
        remaining=order.count,
        skip=order.skip,
        probability=order.probability,
        seed=default_seed if order.seed is None else order.seed,
        options=order.options,
        armed_at=clock.now(),
    )
    session.add(fault)
    session.flush()
    return fault
