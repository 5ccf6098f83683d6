"""Rate limits: strict where passwords are tried, generous elsewhere."""

from flask import request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address


def who_asks() -> str:
    """Count each signed-in person alone: a whole school shares one address."""
    person = session.get("_user_id")
    return f"person:{person}" if person else get_remote_address()


def tried_account() -> str:
    """Count tries for each account, wherever they come from."""
    return f"account:{request.form.get('email', '').strip().lower()[:254]}"


limiter = Limiter(
    key_func=who_asks,
    default_limits=["600 per minute"],
    headers_enabled=True,
    in_memory_fallback_enabled=True,  # each process counts for itself while the shared count cannot be reached
)


@limiter.request_filter
def asks_for_health() -> bool:
    """A load balancer may ask as often as it likes."""
    return request.endpoint == "healthz"
