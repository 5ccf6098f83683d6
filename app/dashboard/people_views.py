"""The people of a school: add them, change what they may do, invite them to choose a password, suspend them."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.forms import PersonForm, RolesForm
from app.accounts.guards import current_actor, requires
from app.accounts.invitations import Invitations
from app.accounts.queries import users
from app.accounts.roles import Role
from app.accounts.services import change_roles, create_unready_user, reinstate_user, suspend_user, user_with
from app.core.actors import Actor
from app.core.db import database
from app.core.errors import AppError
from app.core.permissions import Permission
from app.core.settings import Settings

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
@requires(Permission.USER_MANAGE)
def index() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        return render_template("people/index.html", users=users(session), own_id=actor.user_id)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.USER_MANAGE)
def new() -> ResponseReturnValue:
    actor, form = current_actor(), PersonForm()
    if form.validate_on_submit():
        try:
            with database().transaction(actor.school_id) as session:
                roles = tuple(Role(role) for role in form.roles.data)
                user = create_unready_user(
                    session, email=form.email.data, name=form.name.data, roles=roles, actor=actor
                )
                address = _invite(session, user.id, actor)
        except AppError as error:
            form.email.errors = [error.sentence]
        else:
            return render_template("people/invited.html", person=user, address=address)
    return render_template("people/new.html", form=form), 422 if form.errors else 200


@blueprint.route("/<uuid:user_id>", methods=["GET", "POST"])
@requires(Permission.USER_MANAGE)
def show(user_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), RolesForm()
    with database().reading(actor.school_id) as session:
        person = user_with(session, user_id)
    if form.validate_on_submit():
        try:
            with database().transaction(actor.school_id) as session:
                change_roles(session, user_id, roles=[Role(role) for role in form.roles.data], actor=actor)
        except AppError as error:
            form.roles.errors = [error.sentence]
        else:
            flash(f"{person.name} has these roles from now on.", "success")
            return redirect(url_for("people.index"))
    elif not form.is_submitted():
        form.roles.data = [role.value for role in person.roles_today]
    page = render_template("people/show.html", person=person, form=form, is_own=user_id == actor.user_id)
    return page, 422 if form.errors else 200


@blueprint.post("/<uuid:user_id>/invite")
@requires(Permission.USER_MANAGE)
def invite(user_id: UUID) -> ResponseReturnValue:
    """Make a new invitation, for somebody who forgot a password or lost the first one."""
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        person = user_with(session, user_id)
        address = _invite(session, user_id, actor)
    return render_template("people/invited.html", person=person, address=address)


@blueprint.post("/<uuid:user_id>/suspend")
@requires(Permission.USER_MANAGE)
def suspend(user_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        suspend_user(session, user_id, actor=actor)
    flash("Suspended. Every session of theirs has ended.", "success")
    return redirect(url_for("people.index"))


@blueprint.post("/<uuid:user_id>/reinstate")
@requires(Permission.USER_MANAGE)
def reinstate(user_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        reinstate_user(session, user_id, actor=actor)
    flash("Reinstated.", "success")
    return redirect(url_for("people.index"))


def _invite(session: Session, user_id: UUID, actor: Actor) -> str:
    invitations: Invitations = current_app.extensions["schoolgate.invitations"]
    settings: Settings = current_app.extensions["schoolgate.settings"]
    token = invitations.invite(session, user_id, actor=actor)
    return settings.public_url + url_for("accounts.welcome", token=token)
