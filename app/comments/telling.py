"""Who is told of what. No sentence names anybody or quotes a comment: a notice may travel by e-mail.

Serious matters are told at once, the rest waits for the head's next look. Many comments under one post are one alert.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

import moderation
from app.accounts.queries import user_ids_in, user_ids_with
from app.accounts.roles import Role
from app.comments.events import guess_told
from app.comments.models import OLD, Audience, Comment
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.spots import Spot, spot_of
from app.comments.suspected import is_only_suspected
from app.core import clock
from app.core.permissions import Permission
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify

PILE_ON = 5
"""So many comments under one post that need somebody, within the window, are a pile-on."""
PILE_ON_WINDOW = timedelta(minutes=10)

_ALONE = (Audience.HEAD, Audience.CHAIR)
"""One person knows of these: no page that others see is begun for them."""
_SENTENCES = {
    Audience.GENERAL: "A comment on a school account needs you now. Open it to see what it says and what was done.",
    Audience.DESIGNATED: "A confidential matter for the designated persons came in with a comment. Open it now.",
    Audience.HEAD: "A confidential matter for the headteacher alone came in with a comment. Open it now.",
    Audience.CHAIR: "A confidential matter for the chair of governors came in with a comment. Open it now.",
}
_PILE_ON = "Many comments that need you are arriving at once. Open it to see what is hidden, and to bring calm."
_NOT_JUDGED = "The rules could not read a comment, so nobody has sorted it. Open it now and read it yourself."
_CONCERNED = (
    "Unkind comments about you were written under a school post. You need not read or answer them: the school deals "
    "with it and keeps the evidence. You can talk to the headteacher about support, whenever it suits you."
)
_CALLS = frozenset({moderation.Label.DISCLOSURE, moderation.Label.MISSING_CHILD, moderation.Label.FROM_A_CHILD})
"""Somebody may be asking for help: each of these is told by itself, also in the middle of a pile-on."""
_NOBODY_THERE = {
    Audience.GENERAL: "A comment needs the headteacher, who has no sign-in here. Add one today.",
    Audience.DESIGNATED: "A confidential matter waits for the designated persons. None has a sign-in: add one today.",
    Audience.HEAD: "A confidential matter waits for the headteacher, who has no sign-in here. Add one today.",
    Audience.CHAIR: "Somebody whom this product must reach has no sign-in here. Look at the roles, and add one today.",
}


def judged(session: Session, comment: Comment, verdict: moderation.Verdict) -> None:
    """Tell the people of the verdict's routes; nothing is told of a comment that may simply stand."""
    if verdict.action is moderation.Action.ALLOW:
        return
    people, piled = _people_of(session, comment, verdict.routes), _is_pile_on(session, comment)
    if not people:
        _tell_administrators(session, comment)
    elif piled and (
        comment.audience is Audience.GENERAL or not _CALLS & {moderation.Label(label) for label in comment.categories}
    ):
        _tell_of_pile_on(session, comment, people)
    elif _is_urgent(comment, verdict):
        _tell_at_once(session, comment, verdict, people)
    else:
        _tell_later(session, people)
    if comment.audience is Audience.GENERAL:
        _tell_beside(session, comment, verdict)


def escalated(session: Session, comment: Comment) -> None:
    """A person passed it to the designated persons."""
    _tell_circle(session, comment, _SENTENCES[comment.audience])


def not_judged(session: Session, comment: Comment) -> None:
    """The rules could not read it: somebody who may know of anything must."""
    _tell_circle(session, comment, _NOT_JUDGED, bundle="not-judged")


def cannot_act(session: Session, comment: Comment) -> None:
    """The network refused: somebody must do it there by hand."""
    sentence = "We could not change a comment on its network. Open it to see why and what to do there by hand."
    bundle = f"by-hand:{comment.audience.value}:{comment.channel_id}"
    people = _circle(session, comment)
    notify(session, people, sentence, link=_link(comment), urgency=NoticeUrgency.AT_ONCE, bundle=bundle)


def decided_words_changed(session: Session, comment: Comment, decided_by: UUID) -> None:
    sentence = "A comment that you decided about was edited afterwards. Its new words are judged afresh."
    notify(session, [decided_by], sentence, link=_link(comment), bundle=f"edited:{comment.id}")


def _tell_circle(session: Session, comment: Comment, sentence: str, *, bundle: str | None = None) -> None:
    people = _circle(session, comment)
    if not people:
        _tell_administrators(session, comment)
    notify(session, people, sentence, link=_link(comment), urgency=NoticeUrgency.AT_ONCE, bundle=bundle)


def _is_urgent(comment: Comment, verdict: moderation.Verdict) -> bool:
    if comment.audience is not Audience.GENERAL:
        return True
    if verdict.severity >= moderation.Severity.CRITICAL:
        return True
    return verdict.severity >= moderation.Severity.HIGH and not comment.was_old


def _tell_later(session: Session, people: set[UUID]) -> None:
    sentence = "Comments wait for you. Open the queue to see what was hidden and what needs a decision."
    notify(session, people, sentence, link="/comments", urgency=NoticeUrgency.TODAY, bundle="comments-today")


def _tell_at_once(session: Session, comment: Comment, verdict: moderation.Verdict, people: set[UUID]) -> None:
    """Confidential matters are told one by one; of the others, and of guesses read together, one alert is enough."""
    bundle, link = _bundle(comment) if comment.audience is Audience.GENERAL else None, _link(comment)
    guesses = _guesses(session, comment, verdict)
    if guesses is not None:
        bundle, link = guesses, f"/incidents/of-comment/{comment.id}"
    notify(session, people, _SENTENCES[comment.audience], link=link, urgency=NoticeUrgency.AT_ONCE, bundle=bundle)


def _guesses(session: Session, comment: Comment, verdict: moderation.Verdict) -> str | None:
    """Return the bundle of the guesses that a comment is read together with; a guess that stands alone has none."""
    signals = [(signal.rule, signal.label.value, signal.score) for signal in verdict.signals]
    if comment.audience is not Audience.DESIGNATED or verdict.action is not moderation.Action.ESCALATE:
        return None
    if not is_only_suspected(comment.categories, signals):
        return None
    answers: list[str | None] = [answer for _, answer in guess_told.send(session, comment=comment)]
    return next(filter(None, answers), None)


def _tell_of_pile_on(session: Session, comment: Comment, people: set[UUID]) -> None:
    """One alert for all of it, whoever else may know of a part: it renews the one of the first comment."""
    link, spot = "/comments", spot_of(comment)
    if spot and comment.audience not in _ALONE and (spot.post_id or _are_many(session, comment, spot.comments)):
        link = f"/comments/pile-ons/{noticed(session, spot).id}"
    notify(session, people, _PILE_ON, link=link, urgency=NoticeUrgency.AT_ONCE, bundle=_bundle(comment))


def noticed(session: Session, spot: Spot) -> PileOn:
    """Return the post's pile-on that is not over, begun now if there is none."""
    query = sa.select(PileOn).where(spot.pile_ons, PileOn.state != PileOnState.OVER)
    found = session.scalars(query.limit(1)).first()
    if found is None:
        found = PileOn(
            id=uuid4(),
            post_id=spot.post_id,
            channel_id=spot.channel_id,
            post_remote_id=spot.remote_id,
            state=PileOnState.NOTICED,
            noticed_at=clock.now(),
            told=[],
        )
        session.add(found)
        session.flush()
    return found


def locked(session: Session, pile_on: PileOn) -> None:
    """The leadership knows that it is dealt with, and does not answer in public."""
    sentence = "Comments under a school post were locked down. Somebody is dealing with it: please do not answer there."
    people = user_ids_in(session, Role.HEADTEACHER, Role.SMT, Role.COORDINATOR)
    bundle = f"locked:{pile_on.id}"
    notify(session, set(people) - {pile_on.locked_by}, sentence, link="/notices", bundle=bundle)


def concerned(session: Session, pile_on: PileOn, user_ids: Collection[UUID]) -> None:
    """Somebody is written about: they hear it from the school first, and that they are not alone."""
    notify(
        session, user_ids, _CONCERNED, link="/notices", urgency=NoticeUrgency.AT_ONCE, bundle=f"concerned:{pile_on.id}"
    )


def _tell_administrators(session: Session, comment: Comment) -> None:
    """Nobody is there who may know of it: somebody must give those people a sign-in, and learns nothing more."""
    sentence, bundle = _NOBODY_THERE[comment.audience], f"nobody:{comment.audience.value}"
    administrators = user_ids_with(session, Permission.USER_MANAGE)
    notify(session, administrators, sentence, link="/", urgency=NoticeUrgency.AT_ONCE, bundle=bundle)


def _tell_beside(session: Session, comment: Comment, verdict: moderation.Verdict) -> None:
    """Those who learn that something happened but not what was said."""
    if moderation.Route.COORDINATOR in verdict.routes:
        sentence = "A comment with somebody's personal details was hidden on a school account. The head has it."
        people = user_ids_in(session, Role.COORDINATOR)
        notify(session, people, sentence, link="/notices", bundle=f"personal:{comment.channel_id}")
    if moderation.Route.EQUALITIES in verdict.routes:
        sentence = "A prejudiced comment on a school account was recorded. The next report counts it, without names."
        notify(session, user_ids_in(session, Role.GOVERNOR), sentence, link="/notices", bundle="prejudice")


def _people_of(session: Session, comment: Comment, routes: tuple[moderation.Route, ...]) -> set[UUID]:
    people: set[UUID] = set()
    if moderation.Route.HEAD in routes:
        people |= set(user_ids_in(session, Role.HEADTEACHER))
    if moderation.Route.SAFEGUARDING in routes:
        people |= set(user_ids_with(session, Permission.SAFEGUARDING_READ))
    circle = _circle(session, comment)
    return people & circle or circle


def _circle(session: Session, comment: Comment) -> set[UUID]:
    """Return everybody who must act on a comment of this audience."""
    if comment.audience is Audience.CHAIR:
        chairs = set(user_ids_with(session, Permission.ALLEGATION_ABOUT_HEAD_READ))
        return chairs - set(user_ids_with(session, Permission.COMMENT_DECIDE))
    if comment.audience is Audience.DESIGNATED:
        return set(user_ids_with(session, Permission.SAFEGUARDING_READ))
    if comment.audience is Audience.HEAD:
        return set(user_ids_with(session, Permission.COMMENT_DECIDE))
    return set(user_ids_with(session, Permission.COMMENT_READ))


def _is_pile_on(session: Session, comment: Comment) -> bool:
    """Under one of our posts; elsewhere on the whole account, for a crowd may come under many posts at once."""
    near = Comment.post_id == comment.post_id if comment.post_id else Comment.channel_id == comment.channel_id
    return _are_many(session, comment, near)


def _are_many(session: Session, comment: Comment, near: sa.ColumnElement[bool]) -> bool:
    recent = sa.select(sa.func.count()).select_from(Comment)
    recent = recent.where(
        Comment.awaits_person,
        Comment.audience.in_(_counted_with(comment.audience)),
        Comment.received_at > clock.now() - PILE_ON_WINDOW,
        Comment.commented_at > clock.now() - OLD,
        near,
    )
    return (session.scalar(recent) or 0) >= PILE_ON


def _counted_with(audience: Audience) -> list[Audience]:
    """An alert must not give away to some what only others may know of."""
    return [audience] if audience in _ALONE else [Audience.GENERAL, Audience.DESIGNATED]


def _bundle(comment: Comment) -> str:
    circle = comment.audience.value if comment.audience in _ALONE else "comments"
    return f"{circle}:{comment.post_id or comment.channel_id}"


def _link(comment: Comment) -> str:
    return f"/comments/{comment.id}"
