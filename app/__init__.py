"""Schoolgate: the official social media account manager of a school.

`create_app` is the composition root, the only place that knows every feature. Everything is imported inside it, so
that importing one part (the sandbox, say) does not load the whole house.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.core.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Build the web app; the worker and the commands run inside the same app."""
    from app.composition import compose

    return compose(settings)
