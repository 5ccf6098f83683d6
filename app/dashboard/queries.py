"""What needs this person now."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from app.channels.models import ChannelState
from app.channels.queries import channels
from app.comments.appeals import open_appeals
from app.comments.pile_on_models import PileOn
from app.comments.pile_on_pages import name_of
from app.comments.pile_ons import going_on
from app.comments.queries import comments_needing
from app.comments.replies import count_waiting
from app.comments.reply_models import ReplyState
from app.core.actors import Actor
from app.core.permissions import Permission as P  # noqa: N817  read by column
from app.incidents.queries import late_reports, open_incidents
from app.posts.models import PostState
from app.posts.queries import count_posts
from app.publishing.watching import unexplained
from app.reviews.queries import count_waiting_for


def pile_ons_for(session: Session, actor: Actor) -> list[tuple[PileOn, str]]:
    """Return what cannot wait, with the words of its post: it stands above everything else."""
    if not actor.may(P.COMMENT_READ):
        return []
    return [(each, name_of(session, each)) for each in going_on(session)]


@dataclass(frozen=True, slots=True)
class Tile:
    figure: int
    one: str
    several: str
    href: str

    @property
    def label(self) -> str:
        return self.one if self.figure == 1 else self.several


def tiles_for(session: Session, actor: Actor) -> list[Tile]:
    """Return a figure for each thing that waits for this person, as far as they may know of it."""
    return [*_of_posts(session, actor), *_of_comments(session, actor), *_of_accounts(session, actor)]


def _of_posts(session: Session, actor: Actor) -> Iterator[Tile]:
    if actor.may(P.POST_DRAFT) and actor.user_id is not None:
        back = count_posts(session, PostState.BLOCKED, PostState.RETURNED, author_id=actor.user_id)
        mine = url_for("posts.index", show="mine")
        yield Tile(back, "of your posts needs changes", "of your posts need changes", mine)
    if actor.may(P.POST_APPROVE):
        posts = count_waiting_for(session, actor)
        asked = count_waiting(session, ReplyState.NEEDS_PERSON, actor=actor)
        replies = count_waiting(session, ReplyState.WAITING, actor=actor)
        yield Tile(posts, "post waits for approval", "posts wait for approval", url_for("reviews.index"))
        yield Tile(asked, "answer: did it arrive?", "answers: did they arrive?", url_for("texts.waiting"))
        yield Tile(replies, "reply waits for approval", "replies wait for approval", url_for("texts.waiting"))


def _of_comments(session: Session, actor: Actor) -> Iterator[Tile]:
    if actor.may(P.COMMENT_READ) or actor.may(P.ALLEGATION_ABOUT_HEAD_READ):
        waiting, queue = comments_needing(session, actor), url_for("comments.index")
        yield Tile(waiting, "comment needs a decision", "comments need a decision", queue)
    if actor.may(P.COMMENT_READ):
        asked = url_for("comments.index", tab="appeals")
        yield Tile(open_appeals(session, actor=actor), "person asks to look again", "people ask to look again", asked)
    if actor.may(P.INCIDENT_READ) or actor.may(P.SAFEGUARDING_READ) or actor.may(P.ALLEGATION_ABOUT_HEAD_READ):
        found, late, where = open_incidents(session, actor), late_reports(session, actor), url_for("incidents.index")
        yield Tile(found, "incident is open", "incidents are open", where)
        yield Tile(late, "report to an authority is late", "reports to authorities are late", where)


def _of_accounts(session: Session, actor: Actor) -> Iterator[Tile]:
    if actor.may(P.CHANNEL_CONNECT) or actor.may(P.POST_APPROVE):
        strays = len(unexplained(session))
        yield Tile(strays, "post was not made here", "posts were not made here", url_for("strays.index"))
    if actor.may(P.CHANNEL_APPROVE):
        proposed = sum(
            channel.state is ChannelState.PROPOSED and channel.proposed_by != actor.user_id
            for channel in channels(session)
        )
        yield Tile(proposed, "account waits for approval", "accounts wait for approval", url_for("channels.index"))
    if actor.may(P.CHANNEL_CONNECT):
        broken = sum(channel.state is ChannelState.PAUSED for channel in channels(session))
        yield Tile(broken, "account needs reconnecting", "accounts need reconnecting", url_for("channels.index"))
