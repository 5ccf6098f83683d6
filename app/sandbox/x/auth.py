"""Who calls the X stand-in: an account by its signature or user token, or an app that may only read."""

from dataclasses import dataclass

from flask import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox.tables import XAccount
from app.sandbox.x.oauth1 import SignedRequest, ensure_signed
from app.sandbox.x.problems import Problem

_REFUSALS = {"suspended": Problem.suspended, "locked": Problem.locked}


@dataclass(frozen=True)
class Caller:
    account: XAccount
    acts_as_user: bool

    @property
    def rate_key(self) -> str:
        return self.account.user_id if self.acts_as_user else f"app:{self.account.bearer_token}"


def identify(session: Session, request: Request) -> Caller:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "oauth":
        caller = _signed(session, request)
    elif scheme.lower() == "bearer" and value:
        caller = _bearer(session, value.strip())
    else:
        raise Problem.unauthorized()
    if caller.account.state == "revoked":
        raise Problem.unauthorized()
    if caller.account.state in _REFUSALS:
        raise _REFUSALS[caller.account.state]()
    return caller


def ensure_may(caller: Caller, *, writes: bool, as_user: bool) -> None:
    if as_user and not caller.acts_as_user:
        raise Problem.wrong_context("OAuth 2.0 Application-Only")
    if writes and caller.account.state == "read-only":
        raise Problem.read_only()


def _signed(session: Session, request: Request) -> Caller:
    signed = SignedRequest.read(request)
    query = select(XAccount).where(
        XAccount.access_token == signed.oauth.get("oauth_token", ""),
        XAccount.consumer_key == signed.oauth.get("oauth_consumer_key", ""),
    )
    account = session.scalar(query)
    if account is None:
        raise Problem.unauthorized()
    ensure_signed(session, signed, account.consumer_secret, account.access_token_secret)
    return Caller(account, acts_as_user=True)


def _bearer(session: Session, value: str) -> Caller:
    account = session.scalar(select(XAccount).where(XAccount.oauth2_token == value))
    if account is not None:
        return Caller(account, acts_as_user=True)
    account = session.scalar(select(XAccount).where(XAccount.bearer_token == value))
    if account is None:
        raise Problem.unauthorized()
    return Caller(account, acts_as_user=False)
