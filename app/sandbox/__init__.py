"""A rehearsal stand-in for Facebook and X over HTTP; it shares no code with the rest of the product."""

from app.sandbox.factory import close_sandbox, create_sandbox
from app.sandbox.settings import SandboxSettings

__all__ = ["SandboxSettings", "close_sandbox", "create_sandbox"]
