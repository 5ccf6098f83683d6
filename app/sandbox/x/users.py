"""People of the X stand-in: who am I, who is that, and whom to mute."""

from flask import request
from sqlalchemy import select

from app.sandbox.answers import Answer, Json
from app.sandbox.tables import XMute, XUser
from app.sandbox.x.calls import XCall, operation
from app.sandbox.x.problems import Problem, not_found


@operation("x.me.read", as_user=True)
def read_me(call: XCall) -> Answer:
    return Answer({"data": call.view.user(call.account.user)})


@operation("x.users.read")
def read_user(call: XCall, user_id: str) -> Answer:
    user = call.session.get(XUser, user_id)
    return Answer({"data": call.view.user(user)} if user else {"errors": [not_found(user_id, "user")]})


@operation("x.users.read")
def read_users(call: XCall) -> Answer:
    wanted = [part for part in request.args.get("ids", "").split(",") if part]
    found = {user.id: user for user in call.session.scalars(select(XUser).where(XUser.id.in_(wanted)))}
    body: Json = {"data": [call.view.user(found[each]) for each in wanted if each in found]} if found else {}
    missing = [not_found(each, "user", "ids") for each in wanted if each not in found]
    return Answer(body | ({"errors": missing} if missing else {}))


@operation("x.users.read")
def read_user_named(call: XCall, handle: str) -> Answer:
    user = _named(call, handle)
    return Answer({"data": call.view.user(user)} if user else {"errors": [not_found(handle, "user", "username")]})


@operation("x.users.read")
def read_users_named(call: XCall) -> Answer:
    named = {each: _named(call, each) for each in request.args.get("usernames", "").split(",") if each}
    found = [call.view.user(user) for user in named.values() if user]
    missing = [not_found(handle, "user", "usernames") for handle, user in named.items() if not user]
    return Answer(({"data": found} if found else {}) | ({"errors": missing} if missing else {}))


def _named(call: XCall, handle: str) -> XUser | None:
    return call.session.scalar(select(XUser).where(XUser.folded == handle.casefold()))


@operation("x.users.read")
def list_nobody(call: XCall, subject_id: str) -> Answer:
    """Nobody follows, blocks or likes anybody in a rehearsal."""
    return Answer({"meta": {"result_count": 0}})


@operation("x.muting.create", as_user=True)
def mute(call: XCall, user_id: str) -> Answer:
    target = _target(call, user_id, str(call.body().get("target_user_id", "")))
    call.session.merge(XMute(user_id=user_id, target_id=target.id))
    return Answer({"data": {"muting": True}})


@operation("x.muting.delete", as_user=True)
def unmute(call: XCall, user_id: str, target_id: str) -> Answer:
    target = _target(call, user_id, target_id)
    muted = call.session.get(XMute, (user_id, target.id))
    if muted is not None:
        call.session.delete(muted)
    return Answer({"data": {"muting": False}})


@operation("x.muting.read", as_user=True)
def list_muted(call: XCall, user_id: str) -> Answer:
    muted = select(XMute.target_id).where(XMute.user_id == call.account.user_id)
    users = call.session.scalars(select(XUser).where(XUser.id.in_(muted))).all()
    body: Json = {"data": [call.view.user(user) for user in users]} if users else {}
    return Answer(body | {"meta": {"result_count": len(users)}})


def _target(call: XCall, user_id: str, target_id: str) -> XUser:
    if user_id != call.account.user_id:
        message = f"The `id` query parameter value [{user_id}] must be the same as the authenticating user"
        raise Problem.invalid(message, {"id": [user_id]})
    target = call.session.get(XUser, target_id)
    if target is None or target.id == user_id:
        raise Problem.invalid(f"The `target_user_id` [{target_id}] is not valid", {"target_user_id": [target_id]})
    return target
