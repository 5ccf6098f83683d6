"""The control API: what a rehearsal, a demo or a test orders of the sandbox, in JSON."""

from app.sandbox.control import accounts, facebook, faults, webhooks, x
from app.sandbox.control.door import blueprint

PARTS = (accounts, facebook, faults, webhooks, x)
"""Named so that their addresses are registered with the blueprint."""
__all__ = ["blueprint"]
