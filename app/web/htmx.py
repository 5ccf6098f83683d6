"""Fragments for htmx, pages for everybody else."""

from flask import Request


def wants_fragment(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"
