"""Connecting an account with the network's own sign-in dialog, step by step; no key passes through anybody's hands."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.channels import attempts, connecting
from app.channels.connector import Connector
from app.channels.models import Channel
from app.channels.services import channel_with, connect_channel
from app.core.crypto import Sealer
from app.core.db import database
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.core.settings import Settings
from app.platforms.base import Network
from app.platforms.errors import PlatformError
from app.platforms.logins import Logins

blueprint = Blueprint("sign_ins", __name__, url_prefix="/channels")
P = Permission


@blueprint.post("/<uuid:channel_id>/sign-in")
@requires(P.CHANNEL_CONNECT)
def begin(channel_id: UUID) -> ResponseReturnValue:
    """Set out: the page that follows says what to do there and leads to the network."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        channel = attempts.ensure_connectable(session, channel_id, actor=actor)
    if not _logins().offers(channel.network):
        raise InvalidInputError(f"This installation has no app at {channel.network.label}. Enter the keys by hand.")
    try:
        way = connecting.set_out(_logins(), channel.network, _back(channel.network))
    except PlatformError as error:
        return _stopped(channel_id, error.sentence)
    with database().transaction(actor.school_id) as session:
        attempts.set_out(session, channel_id, key=way.key, carried=way.carried, sealer=_sealer(), actor=actor)
    return render_template("channels/leave.html", channel=channel, address=way.address)


@blueprint.get("/connected/<network>")
@requires(P.CHANNEL_CONNECT)
def came_back(network: str) -> ResponseReturnValue:
    """Exchange the network's word at once: it is good for one use, and must not stay in the browser's address."""
    if network not in set(Network):
        abort(404)
    actor, at = current_actor(), Network(network)
    key, refused = connecting.recognised(at, request.args)
    with database().transaction(actor.school_id) as session:
        attempt = attempts.came_back(session, key=key, actor=actor)
        carried = attempts.carried_by(attempt, sealer=_sealer())
        channel_id = attempt.channel_id
    if refused:
        return _stopped(channel_id, connecting.NOT_ALLOWED)
    try:
        found = connecting.bring_back(_logins(), at, request.args, carried, _back(at))
    except (PlatformError, InvalidInputError) as error:
        return _stopped(channel_id, error.sentence)
    with database().transaction(actor.school_id) as session:
        attempts.carry(attempts.attempt_with(session, attempt.id, actor=actor), found, sealer=_sealer())
    return redirect(url_for("sign_ins.choose", channel_id=channel_id, attempt_id=attempt.id))


@blueprint.route("/<uuid:channel_id>/sign-in/<uuid:attempt_id>", methods=["GET", "POST"])
@requires(P.CHANNEL_CONNECT)
def choose(channel_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    """Show what was found and checked, and connect what the person chooses."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        attempt = attempts.attempt_with(session, attempt_id, actor=actor)
        channel = channel_with(session, attempt.channel_id)
        carried = attempts.carried_by(attempt, sealer=_sealer())
    if request.method == "GET":
        return _choice(channel, carried)
    try:
        sentence = _connect(channel, carried, attempt_id)
    except (PlatformError, InvalidInputError) as error:
        return _choice(channel, carried, error.sentence), 422
    flash(sentence, "success")
    return redirect(url_for("channels.show", channel_id=channel_id))


def _connect(channel: Channel, carried: dict[str, Any], attempt_id: UUID) -> str:
    actor = current_actor()
    connector: Connector = current_app.extensions["schoolgate.connector"]
    keys = connecting.keys_for(_logins(), channel, carried, request.form.get("account", ""))
    health = connector.connect(channel.network, keys).check_health()
    with database().transaction(actor.school_id) as session:
        connect_channel(session, channel.id, keys, health, connector=connector, actor=actor)
        session.delete(attempts.attempt_with(session, attempt_id, actor=actor))
    return connecting.told_of(health, channel.network)


def _choice(channel: Channel, carried: dict[str, Any], problem: str = "") -> str:
    offers = connecting.offers(channel, carried)
    return render_template("channels/choose.html", channel=channel, offers=offers, problem=problem)


def _stopped(channel_id: UUID, sentence: str) -> ResponseReturnValue:
    flash(sentence, "error")
    return redirect(url_for("channels.connect", channel_id=channel_id))


def _back(network: Network) -> str:
    """The address that the school's app must know at the network, the same for every account."""
    settings: Settings = current_app.extensions["schoolgate.settings"]
    return settings.public_url + url_for("sign_ins.came_back", network=network.value)


def _logins() -> Logins:
    found: Logins = current_app.extensions["schoolgate.logins"]
    return found


def _sealer() -> Sealer:
    found: Sealer = current_app.extensions["schoolgate.sealers"]["tokens"]
    return found
