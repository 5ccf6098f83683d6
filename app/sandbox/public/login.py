"""The networks' sign-in dialogs: where a coordinator allows the product to act for the account."""

import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, abort, make_response, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as WsgiResponse

from app.sandbox import clock, ids
from app.sandbox.graph.tokens import SCOPES
from app.sandbox.public.door import POLICY, blueprint
from app.sandbox.store import store
from app.sandbox.tables import App, LoginCode, Page, PageGrant, XAccount
from app.sandbox.x.oauth1 import SignedRequest, ensure_signed
from app.sandbox.x.problems import Problem

X_APP = "Schoolgate (rehearsal)"
PLAIN = {
    "pages_show_list": "Show a list of the Pages you manage",
    "pages_manage_posts": "Create and manage content on your Page",
    "pages_manage_engagement": "Create and manage comments on your Page",
    "pages_read_engagement": "Read content posted on the Page",
    "pages_manage_metadata": "Manage accounts, settings and webhooks for a Page",
    "pages_read_user_content": "Read user content on your Page",
    "public_profile": "Your name and profile picture",
}
"""In the words of Facebook's dialog."""


@blueprint.get("/graph/<version>/dialog/oauth")
@blueprint.get("/graph/<version>/dialog/oauth/")
@blueprint.get("/graph/dialog/oauth")
def ask_facebook(version: str = "") -> Response:
    """First who signs in, then which Pages and what for; as there, each of them may be taken out."""
    person = request.args.get("person", "")
    with store().reading() as session:
        app = session.get(App, request.args.get("client_id", ""))
        if app is None or urlsplit(request.args.get("redirect_uri", "")).scheme not in {"http", "https"}:
            abort(400)
        pages = session.scalars(select(Page).where(Page.app_id == app.id).order_by(Page.created_at)).all()
    people = {page.user_id: page.user_name for page in pages}
    if person not in people:
        return _ask("who.html", network="facebook", app=app.name, people=people)
    scopes = [scope for scope in request.args.get("scope", ",".join(SCOPES)).replace(" ", ",").split(",") if scope]
    own = {page.id: page.name for page in pages if page.user_id == person}
    asked = {scope: PLAIN.get(scope, scope) for scope in scopes}
    return _ask(
        "allow.html", network="facebook", app=app.name, person=person, name=people[person], pages=own, scopes=asked
    )


@blueprint.post("/graph/dialog/allow")
def allow_facebook() -> WsgiResponse:
    given, scopes = request.form, request.form.getlist("scopes")
    if "asks_for_pages" in given and "pages" not in given:
        scopes = [scope for scope in scopes if scope != "pages_show_list"]  # no Page ticked: none is listed
    if "deny" in given:
        refused = {"error": "access_denied", "error_code": "200", "error_reason": "user_denied"}
        return _return_to(
            given["redirect_uri"], {**refused, "error_description": "Permissions error", "state": given["state"]}
        )
    code = LoginCode(
        code=ids.token("AQ"),
        kind="facebook",
        client=given["client_id"],
        redirect_uri=given["redirect_uri"],
        scopes=["public_profile", *scopes],
        account_id=given["person"],
        made_at=clock.now(),
    )
    with store().writing() as session:
        session.add(code)
        for page_id in given.getlist("pages"):
            session.add(PageGrant(holder=code.code, page_id=page_id))
    return _return_to(given["redirect_uri"], {"code": code.code, "state": given["state"]})


@blueprint.post("/x/oauth/request_token")
def give_request_token() -> Response:
    """The first leg of X's OAuth 1.0a."""
    signed = SignedRequest.read(request)
    key = signed.oauth.get("oauth_consumer_key", "")
    callback = signed.oauth.get("oauth_callback") or dict(signed.others).get("oauth_callback", "")
    with store().writing() as session:
        account = session.scalars(select(XAccount).where(XAccount.consumer_key == key).limit(1)).first()
        if account is None:
            return _refused()
        try:
            ensure_signed(session, signed, account.consumer_secret, "")
        except Problem:
            return _refused()
        token = LoginCode(
            code=ids.token(),
            kind="x",
            client=key,
            redirect_uri=callback,
            scopes=[],
            secret=ids.token(),
            made_at=clock.now(),
        )
        session.add(token)
        body = {"oauth_token": token.code, "oauth_token_secret": token.secret, "oauth_callback_confirmed": "true"}
    return Response(urlencode(body), content_type="text/html; charset=utf-8")


@blueprint.get("/x/oauth/authorize")
@blueprint.get("/x/oauth/authenticate")
def ask_x() -> Response:
    with store().reading() as session:
        token = session.get(LoginCode, request.args.get("oauth_token", ""))
        if token is None or token.kind != "x":
            abort(404)
        accounts = session.scalars(select(XAccount).where(XAccount.consumer_key == token.client)).all()
    people = {account.user_id: f"{account.user.name} (@{account.user.handle})" for account in accounts}
    chosen = request.args.get("person", "")
    if chosen not in people:
        return _ask("who.html", network="x", app=X_APP, people=people)
    return _ask("allow.html", network="x", app=X_APP, person=chosen, name=people[chosen], pages={}, scopes={})


@blueprint.post("/x/oauth/allow")
def allow_x() -> WsgiResponse | str:
    with store().writing() as session:
        token = session.get(LoginCode, request.form.get("oauth_token", ""))
        if token is None or token.kind != "x":
            abort(404)
        if "deny" in request.form:
            session.delete(token)
            return _return_to(token.redirect_uri, {"denied": token.code})
        token.account_id, token.verifier = request.form["person"], secrets.token_urlsafe(24)
    if token.redirect_uri == "oob":
        return render_template("pin.html", pin=token.verifier)
    return _return_to(token.redirect_uri, {"oauth_token": token.code, "oauth_verifier": token.verifier})


@blueprint.post("/x/oauth/access_token")
def give_access_token() -> Response:
    """The last leg: the verifier against the account's own keys."""
    signed = SignedRequest.read(request)
    given = signed.oauth | dict(signed.others)
    with store().writing() as session:
        token = session.get(LoginCode, given.get("oauth_token", ""))
        account = session.get(XAccount, token.account_id) if token and token.kind == "x" else None
        if (
            token is None
            or account is None
            or not secrets.compare_digest(token.verifier.encode(), given.get("oauth_verifier", "").encode())
        ):
            return _refused()
        try:
            ensure_signed(session, signed, account.consumer_secret, token.secret)
        except Problem:
            return _refused()
        session.delete(token)
        facts = {"oauth_token": account.access_token, "oauth_token_secret": account.access_token_secret}
        body = facts | {"user_id": account.user_id, "screen_name": account.user.handle}
    return Response(urlencode(body), content_type="text/html; charset=utf-8")


def _ask(template: str, **shown: object) -> Response:
    response = make_response(render_template(template, given=request.args, **shown))
    # the answer leads back to the app that asked, which browsers count as a target of the form
    response.headers["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", "form-action 'self' http: https:"
    )
    return response


def _refused() -> Response:
    return Response(
        '{"errors":[{"code":32,"message":"Could not authenticate you."}]}', 401, content_type="application/json"
    )


def _return_to(address: str, answer: dict[str, str]) -> WsgiResponse:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"}:
        abort(400)
    return redirect(parts._replace(query=urlencode([*parse_qsl(parts.query), *answer.items()])).geturl(), 303)
