"""Rate limits: strict where passwords are tried, generous elsewhere."""

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["600 per minute"], headers_enabled=True)


def tried_account() -> str:
    """Count tries for each account, wherever they come from."""
    return f"account:{request.form.get('email', '').strip().lower()[:254]}"
