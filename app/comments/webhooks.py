"""Where the networks tell us that something happened: stored in milliseconds, read by the worker."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.guards import signed_by_platform
from app.accounts.limits import limiter
from app.comments import inbox
from app.core.db import database
from app.platforms.errors import RejectedError
from app.platforms.webhooks import answer_handshake, verify_signature

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
LARGEST_BODY = 8 * 1024 * 1024


@blueprint.get("/facebook")
@signed_by_platform
def facebook_handshake() -> ResponseReturnValue:
    """Answer the network's question whether this address is ours."""
    token = current_app.extensions["schoolgate.settings"].facebook_verify_token.get_secret_value()
    challenge = answer_handshake(request.args, token)
    if challenge is None:
        return "", 403
    return challenge, 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.post("/facebook")
@limiter.limit("6000 per minute")
@signed_by_platform
def facebook() -> ResponseReturnValue:
    """Keep the raw bytes if one of our Pages' apps signed them. No answer tells more than yes or no.

    What our own app signed about a Page that we no longer look after is taken and dropped: Facebook ends the
    subscription of an address that keeps refusing, and then no Page is heard any more.
    """
    try:
        request.max_content_length = LARGEST_BODY
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return "", 413
    connector = current_app.extensions["schoolgate.connector"]
    signature = request.headers.get("X-Hub-Signature-256")
    try:
        schools = inbox.signers(database(), body, signature, connector)
    except RejectedError:
        return "", 400
    for school_id in schools:
        with database().transaction(school_id) as session:
            inbox.store(session, body)
    secret = current_app.extensions["schoolgate.settings"].facebook_app_secret.get_secret_value()
    return ("", 200) if schools or verify_signature(body, signature, secret) else ("", 403)
