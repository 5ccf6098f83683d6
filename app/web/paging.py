"""Which page of a long list somebody asks for."""

from flask import request

LAST_PAGE = 10_000


def page_asked() -> int:
    """Read `?page=`: from 1 on, and no further than any list goes."""
    return min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
