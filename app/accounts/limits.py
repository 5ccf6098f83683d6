"""Rate limits: strict where passwords are tried, generous elsewhere."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["600 per minute"], headers_enabled=True)
