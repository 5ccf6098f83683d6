"""The public face of the sandbox: timelines where a parent can comment, and the page of faults."""

from app.sandbox.public import faults, forms, login, pages
from app.sandbox.public.door import POLICY, blueprint

PARTS = (faults, forms, login, pages)
"""Named so that their addresses are registered with the blueprint."""
__all__ = ["POLICY", "blueprint"]
