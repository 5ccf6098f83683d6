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
from app.sandbox.tables import App, LoginCode, Page, XAccount
from app.sandbox.x.oauth1 import SignedRequest, ensure_signed
from app.sandbox.x.problems import Problem


@blueprint.get("/graph/<version>/dialog/oauth")
@blueprint.get("/graph/<version>/dialog/oauth/")
@blueprint.get("/graph/dialog/oauth")
def ask_facebook(version: str = "") -> Response:
    with store().reading() as session:
        app = session.get(App, request.args.get("client_id", ""))
        people = session.execute(
            select(Page.user_id, Page.user_name).where(Page.app_id == (app.id if app else ""))
        ).all()
    if app is None or urlsplit(request.args.get("redirect_uri", "")).scheme not in {"http", "https"}:
        abort(400)
    scopes = [scope for scope in request.args.get("scope", ",".join(SCOPES)).replace(" ", ",").split(",") if scope]
    return _ask("facebook", app.name, dict(people), scopes)


@blueprint.post("/graph/dialog/allow")
def allow_facebook() -> WsgiResponse:
    given, scopes = request.form, request.form.getlist("scopes")
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
    return _ask("x", "Schoolgate (rehearsal)", people, [])


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


def _ask(network: str, app: str, people: dict[str, str], scopes: list[str]) -> Response:
    page = render_template("allow.html", network=network, app=app, people=people, scopes=scopes, given=request.args)
    response = make_response(page)
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
