"""Edges that other clients read beside posts and comments; what a rehearsal never has is an empty list."""

from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.fields import Wanted
from app.sandbox.graph.nodes import Node, show, wanted_of
from app.sandbox.graph.rules import rule

_READ = ("pages_read_engagement",)


@rule("GET", "post", "attachments", scopes=_READ, as_page=False)
def list_attachments(call: Call, node: Node) -> object:
    return show(node, call, [Wanted("attachments", inner=wanted_of(call))]).get("attachments", {"data": []})


@rule("GET", "post comment photo", "likes", scopes=_READ, as_page=False)
@rule("GET", "post comment photo", "reactions", scopes=_READ, as_page=False)
def list_reactions(call: Call, node: Node) -> Json:
    counted: Json = {"summary": {"total_count": 0, "viewer_reaction": "NONE"}}
    return {"data": []} | (counted if call.flag("summary", default=False) else {})


@rule("GET", "page", "albums", scopes=_READ)
@rule("GET", "page", "events", scopes=_READ)
@rule("GET", "page", "live_videos", scopes=_READ)
@rule("GET", "page", "ratings", scopes=_READ)
@rule("GET", "page", "tagged", scopes=_READ)
@rule("GET", "page", "video_reels", scopes=_READ)
@rule("GET", "page", "videos", scopes=_READ)
@rule("GET", "page", "visitor_posts", scopes=_READ)
@rule("GET", "post", "sharedposts", scopes=_READ)
def list_nothing(call: Call, node: Node) -> Json:
    return {"data": []}
