"""Who is told what about a delivery. The sentences name no pupil and quote no post."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of, user_ids_with
from app.channels.models import Channel
from app.core import clock
from app.core.permissions import Permission
from app.notifications.models import Notice, NoticeUrgency
from app.notifications.services import notify
from app.posts.models import Post
from app.publishing.breach_models import DataBreach
from app.publishing.models import Delivery


def needs_person(session: Session, post: Post, delivery: Delivery) -> None:
    sentence = f"We cannot tell whether a post reached {delivery.network.label}. Look at the account and decide."
    people = [*user_ids_with(session, Permission.CHANNEL_CONNECT), *user_ids_with(session, Permission.POST_APPROVE)]
    notify(session, people, sentence, link=f"/posts/{post.id}", urgency=NoticeUrgency.AT_ONCE)


def still_up(session: Session, post: Post, delivery: Delivery) -> None:
    sentence = f"A post could not be removed from {delivery.network.label} and may still show. Remove it there by hand."
    people = {*user_ids_with(session, Permission.CHANNEL_CONNECT), *user_ids_with(session, Permission.POST_TAKE_DOWN)}
    notify(
        session,
        sorted(people),
        sentence,
        link=f"/posts/{post.id}",
        urgency=NoticeUrgency.AT_ONCE,
        bundle=_still_up(delivery),
    )


def told_still_up_at(session: Session, delivery: Delivery) -> datetime | None:
    return session.scalar(sa.select(sa.func.max(Notice.created_at)).where(Notice.bundle == _still_up(delivery)))


def _still_up(delivery: Delivery) -> str:
    return f"still-up:{delivery.id}"


def look_at(session: Session, post: Post) -> None:
    sentence = "Consent ended for a pupil who may be in a published photo. Compare its faces, and take it down if so."
    notify(
        session,
        user_ids_with(session, Permission.POST_TAKE_DOWN),
        sentence,
        link=f"/posts/{post.id}",
        urgency=NoticeUrgency.AT_ONCE,
        bundle=_look(post.id),
    )


def asked_to_look(session: Session, post_ids: Collection[UUID]) -> tuple[int, Sequence[str]]:
    """Return at how many of these posts people were asked to look, and who was asked."""
    query = sa.select(Notice.bundle, Notice.user_id).where(Notice.bundle.in_([_look(post_id) for post_id in post_ids]))
    rows = session.execute(query).all()
    return len({row.bundle for row in rows}), sorted(names_of(session, {row.user_id for row in rows}).values())


def _look(post_id: UUID) -> str:
    return f"look:{post_id}"


def failed(session: Session, post: Post, delivery: Delivery) -> None:
    sentence = f"A post did not go out on {delivery.network.label}. Open it to see why, and what can be done."
    people = {post.author_id, *user_ids_with(session, Permission.CHANNEL_CONNECT)}
    notify(session, people, sentence, link=f"/posts/{post.id}")


def lapsed(session: Session, post: Post) -> None:
    sentence = "Your post was stopped before it went out: a check no longer passes. Open it to see why."
    notify(session, [post.author_id], sentence, link=f"/posts/{post.id}", urgency=NoticeUrgency.AT_ONCE)


def expired(session: Session, post: Post) -> None:
    sentence = "Your post could not go out in time and is not sent late. Submit it again with a new time."
    notify(session, [post.author_id], sentence, link=f"/posts/{post.id}")


def out_of_credit(session: Session, delivery: Delivery) -> None:
    sentence = f"The {delivery.network.label} account has no credit left. Posts wait until it is topped up."
    people = user_ids_with(session, Permission.CHANNEL_CONNECT)
    bundle = f"credit:{delivery.channel_id}"
    notify(session, people, sentence, link=f"/channels/{delivery.channel_id}", bundle=bundle)


def stray_post(session: Session, channel: Channel) -> None:
    """Somebody posted past the school's approval: those who run the account and those who approve know at once."""
    sentence = f"There is a post on the school's {channel.network.label} account that was not made here. Look at it."
    people = [*user_ids_with(session, Permission.CHANNEL_CONNECT), *user_ids_with(session, Permission.POST_APPROVE)]
    bundle = f"stray:{channel.id}"
    notify(session, people, sentence, link="/unexpected-posts", urgency=NoticeUrgency.AT_ONCE, bundle=bundle)


def sign_in_ends(session: Session, channel: Channel, days: int) -> None:
    when = "today" if days == 0 else f"in {days} day{'s' if days > 1 else ''}"
    sentence = f"The sign-in of the {channel.network.label} account ends {when}. Connect it again before then."
    people = user_ids_with(session, Permission.CHANNEL_CONNECT)
    notify(session, people, sentence, link=f"/channels/{channel.id}", bundle=f"sign-in-ends:{channel.id}")


def budget_spent(session: Session, delivery: Delivery) -> None:
    sentence = "This month's budget for X is spent, so a post waits. Ask for a larger one, or take X out of the post."
    people = user_ids_with(session, Permission.CHANNEL_CONNECT)
    bundle = f"budget:{clock.today():%Y-%m}"
    notify(session, people, sentence, link="/publishing/hours", bundle=bundle)


def breach_opened(session: Session, breach: DataBreach) -> None:
    sentence = "A photo was published that should not have been. It is coming down; the 72 hours to decide have begun."
    people = user_ids_with(session, Permission.BREACH_MANAGE)
    notify(session, people, sentence, link=f"/breaches/{breach.id}", urgency=NoticeUrgency.AT_ONCE)
