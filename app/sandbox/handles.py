"""Handles for people who have none yet."""

import re


def handle_for(name: str) -> str:
    """Make a handle out of a name, the same one every time."""
    return re.sub(r"[^a-z0-9_]", "", name.lower().replace(" ", "_"))[:15] or "somebody"
