"""Signing in and out, and one's own account."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import login_user, logout_user

from app.accounts import services
from app.accounts.forms import ChangePasswordForm, SignInForm, WelcomeForm
from app.accounts.guards import SignedIn, current_actor, public, signed_in, signed_in_user
from app.accounts.invitations import Invitations
from app.accounts.limits import limiter, tried_account
from app.core.db import EVERY_SCHOOL, database
from app.core.errors import InvalidInputError

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("10 per minute; 60 per hour", key_func=tried_account, methods=["POST"])
@limiter.limit("120 per minute", key_func=get_remote_address, methods=["POST"])  # a whole school shares one address
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        person = _recognised(form.email.data, form.password.data)
        if person is not None:
            cookie.clear()  # a cookie that somebody planted before signing in ends here
            cookie.permanent = True
            login_user(person)
            return redirect(_safe_next(request.args.get("next")))
        form.password.errors = ["The e-mail address or the password is not right. Check both and try again."]
    people = current_app.extensions.get("schoolgate.demo_people", ())
    return render_template("accounts/sign_in.html", form=form, people=people), 422 if form.errors else 200


def _recognised(email: str, password: str) -> SignedIn | None:
    """Return who this is. Comparing passwords is slow on purpose, so no writer waits for it."""
    with database().reading(EVERY_SCHOOL) as session:
        user = services.check_password(session, email, password)
    if user is None:
        return None
    with database().transaction(user.school_id) as session:
        return SignedIn(services.note_sign_in(session, user.id, password))


@blueprint.route("/welcome/<token>", methods=["GET", "POST"])
@limiter.limit("30 per minute", key_func=get_remote_address)
@public
def welcome(token: str) -> ResponseReturnValue:
    """Whoever was invited chooses a password; the address in the invitation is the proof."""
    invitations: Invitations = current_app.extensions["schoolgate.invitations"]
    form = WelcomeForm()
    if form.validate_on_submit():
        invitations.accept(database(), token, form.password.data)
        flash("Your password is set. Sign in with it.", "success")
        return redirect(url_for("accounts.sign_in"))
    with database().reading(EVERY_SCHOOL) as session:
        person = invitations.whose(session, token)
    return render_template("accounts/welcome.html", form=form, person=person), 422 if form.errors else 200


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    actor, person = current_actor(), signed_in_user()
    with database().transaction(actor.school_id) as session:
        services.end_sessions(session, person.id, actor=actor)
    logout_user()
    cookie.clear()
    flash("You are signed out, here and on your other devices.", "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    form, actor, person = ChangePasswordForm(), current_actor(), signed_in_user()
    if form.validate_on_submit() and actor.user_id:
        try:
            with database().transaction(actor.school_id) as session:
                services.change_password(
                    session, actor.user_id, current=form.current.data, new=form.new.data, actor=actor
                )
        except InvalidInputError as error:
            form.current.errors = [error.sentence]
        else:
            flash("Your password is changed. Sign in again with the new one.", "success")
            return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/account.html", form=form, person=person), 422 if form.errors else 200


def _safe_next(target: str | None) -> str:
    """Follow only paths of this site: a link that signs people in must not send them elsewhere."""
    if target and target.isprintable() and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.netloc and not parts.scheme:
            return target
    return url_for("dashboard.home")
