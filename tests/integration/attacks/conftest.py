"""Attacks start from the same house as the tests of a post's way."""

from tests.integration.posts.conftest import house

__all__ = ["house"]
