"""A rehearsal stand-in for Facebook and X over HTTP; it shares no code with the rest of the product."""

from app.sandbox.factory import close_sandbox, create_sandbox
from app.sandbox.server import PortTakenError, open_server, serve
from app.sandbox.settings import SandboxSettings

__all__ = ["PortTakenError", "SandboxSettings", "close_sandbox", "create_sandbox", "open_server", "serve"]
