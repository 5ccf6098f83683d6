"""Pages of the official accounts: register, approve, connect, close; and the public list of them."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, public, requires
from app.channels import services
from app.channels.connector import Connector
from app.channels.forms import FacebookForm, ProposalForm, XForm
from app.channels.models import Channel
from app.channels.queries import channels, open_channels
from app.channels.workflow import ChannelAction, workflow
from app.core.db import EVERY_SCHOOL, database
from app.core.errors import AppError, InvalidInputError
from app.core.permissions import Permission
from app.platforms.base import Network
from app.platforms.errors import PlatformError
from app.platforms.registry import Credentials, FacebookCredentials, XCredentials
from app.schools.services import find_school, school_with

blueprint = Blueprint("channels", __name__)
P = Permission


@blueprint.get("/channels/")
@requires(P.CHANNEL_READ, P.CHANNEL_CONNECT, P.CHANNEL_APPROVE)
def index() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        may_propose = actor.may(P.CHANNEL_CONNECT)
        slug = school_with(session, actor.school_id).slug
        return render_template("channels/index.html", channels=channels(session), may_propose=may_propose, slug=slug)


@blueprint.get("/channels/<uuid:channel_id>")
@requires(P.CHANNEL_READ, P.CHANNEL_CONNECT, P.CHANNEL_APPROVE)
def show(channel_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        channel = services.channel_with(session, channel_id)
        may = {action.value: workflow.may(channel, action, actor) for action in ChannelAction}
        return render_template("channels/show.html", channel=channel, may=may)


@blueprint.route("/channels/new", methods=["GET", "POST"])
@requires(P.CHANNEL_CONNECT)
def new() -> ResponseReturnValue:
    actor, form = current_actor(), ProposalForm()
    if form.validate_on_submit():
        proposal = services.Proposal(
            network=Network(form.network.data),
            name=form.name.data,
            handle=form.handle.data,
            url=form.url.data,
            owner=form.owner.data,
            school_email=form.school_email.data,
            second_factor_on=form.second_factor_on.data,
        )
        try:
            with database().transaction(actor.school_id) as session:
                channel = services.propose_channel(session, proposal, actor=actor)
        except InvalidInputError as error:
            form.handle.errors = [error.sentence]
        else:
            flash("Entered. The leadership approves it before it can be connected.", "success")
            return redirect(url_for("channels.show", channel_id=channel.id))
    return render_template("channels/new.html", form=form), 422 if form.errors else 200


@blueprint.post("/channels/<uuid:channel_id>/approve")
@requires(P.CHANNEL_APPROVE)
def approve(channel_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        services.approve_channel(session, channel_id, actor=actor)
    flash("Approved. The account coordinator can connect it now.", "success")
    return redirect(url_for("channels.show", channel_id=channel_id))


@blueprint.route("/channels/<uuid:channel_id>/connect", methods=["GET", "POST"])
@requires(P.CHANNEL_CONNECT)
def connect(channel_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        channel = services.channel_with(session, channel_id)
    form = FacebookForm() if channel.network is Network.FACEBOOK else XForm()
    if form.validate_on_submit():
        try:
            _connect(channel, _credentials(form))
        except (AppError, PlatformError) as error:
            form.form_errors.append(error.sentence)
        else:
            flash("Connected.", "success")
            return redirect(url_for("channels.show", channel_id=channel_id))
    offered = current_app.extensions["schoolgate.logins"].offers(channel.network)
    page = render_template("channels/connect.html", form=form, channel=channel, offered=offered)
    return page, 422 if form.errors else 200


def _connect(channel: Channel, credentials: Credentials) -> None:
    """Ask the network whether the keys work before they are kept."""
    actor = current_actor()
    connector: Connector = current_app.extensions["schoolgate.connector"]
    health = connector.connect(channel.network, credentials).check_health()
    with database().transaction(actor.school_id) as session:
        services.connect_channel(session, channel.id, credentials, health, connector=connector, actor=actor)


def _credentials(form: FacebookForm | XForm) -> Credentials:
    given = {name: value.strip() for name, value in form.data.items() if name != "csrf_token"}
    return FacebookCredentials(**given) if isinstance(form, FacebookForm) else XCredentials(**given)


@blueprint.post("/channels/<uuid:channel_id>/close")
@requires(P.CHANNEL_CONNECT)
def close(channel_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        services.close_channel(session, channel_id, actor=actor)
    flash("Closed. Its keys are forgotten.", "success")
    return redirect(url_for("channels.show", channel_id=channel_id))


@blueprint.get("/official-accounts/<slug>")
@public
def official(slug: str) -> ResponseReturnValue:
    """List a school's official accounts for everybody: anything else is not the school."""
    with database().reading(EVERY_SCHOOL) as session:
        school = find_school(session, slug)
    with database().reading(school.id) as session:
        return render_template("channels/official.html", school=school, channels=open_channels(session))
