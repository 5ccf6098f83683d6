"""Every route wears exactly one guard; a route without one answers nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from app.accounts.models import User
from app.accounts.roles import Role, who_may
from app.core.actors import Actor
from app.core.db import EVERY_SCHOOL, database
from app.core.permissions import Permission

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """What a request knows of the person: a snapshot, so that no view touches the database for it."""

    def __init__(self, user: User) -> None:
        self.id = user.id
        self.stamp = user.session_stamp
        self.actor = user.as_actor()
        self.name = user.name
        self.email = user.email
        self.roles: tuple[Role, ...] = user.roles_today

    def get_id(self) -> str:
        return f"{self.id}:{self.stamp}"


def init_guards(app: Flask) -> None:
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # templates know `me`; an error page asks no database
    manager.user_loader(_load)
    manager.session_protection = "basic"
    app.before_request(_refuse_unguarded)


def _load(token: str) -> SignedIn | None:
    user_id, _, stamp = token.partition(":")
    try:
        key = UUID(user_id)
    except ValueError:
        return None
    with database().reading(EVERY_SCHOOL) as session:
        user = session.get(User, key)
        if user is None or user.suspended_at is not None or user.session_stamp != stamp:
            return None
        return SignedIn(user)


def _refuse_unguarded() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and request.endpoint != "static" and not hasattr(view, "guard"):
        abort(500, f"the route {request.endpoint} has no guard")


def signed_in_user() -> SignedIn:
    if not current_user.is_authenticated:
        abort(401)
    return cast("SignedIn", current_user._get_current_object())  # flask-login's proxy has no type  # noqa: SLF001


def current_actor() -> Actor:
    return signed_in_user().actor


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let in whoever holds at least one of the permissions; what each may do is asked again below."""

    def decorate(view: View) -> View:
        def may_pass() -> None:
            actor = current_actor()
            if not any(actor.may(permission) for permission in permissions):
                abort(403, who_may(*permissions) or None)

        return _guarded(view, "requires", may_pass, permissions)

    return decorate


def signed_in(view: View) -> View:
    """Let in everybody who is signed in."""
    return _guarded(view, "signed_in", lambda: None)


def public(view: View) -> View:
    """Open to the whole internet: says so in the code, so that it is a decision and not an oversight."""
    cast("Any", view).guard = ("public", ())  # a function's own attribute has no declared type
    return view


def signed_by_platform(view: View) -> View:
    """Open to a network's machines: the view itself verifies the signature over the raw bytes."""
    cast("Any", view).guard = ("signed_by_platform", ())  # as above
    return view


def _guarded(view: View, name: str, may_pass: Callable[[], None], permissions: tuple[Permission, ...] = ()) -> View:
    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            if request.method == "GET":
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
            abort(401)
        may_pass()
        return view(*args, **kwargs)

    cast("Any", guarded).guard = (name, permissions)  # as above
    return cast("View", guarded)
