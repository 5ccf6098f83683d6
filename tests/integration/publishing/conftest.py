"""The school of the post's way."""

from tests.integration.posts.conftest import house

__all__ = ["house"]
