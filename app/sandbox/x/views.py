"""The addresses of the X API that the stand-in answers."""

from flask import Blueprint, Response, request

from app.sandbox.x import chunks, media, posts, timelines, users
from app.sandbox.x.problems import Problem

blueprint = Blueprint("x", __name__, url_prefix="/x/2")

_ADDRESSES = (
    ("POST", "/tweets", posts.create_post),
    ("GET", "/tweets", posts.read_posts),
    ("GET", "/tweets/search/recent", timelines.search_recent),
    ("GET", "/tweets/<post_id>", posts.read_post),
    ("DELETE", "/tweets/<post_id>", posts.delete_post),
    ("PUT", "/tweets/<post_id>/hidden", posts.hide_reply),
    ("POST", "/media/upload", media.upload),
    ("GET", "/media/upload", media.read_status),
    ("POST", "/media/upload/initialize", chunks.begin),
    ("POST", "/media/upload/<upload_id>/append", chunks.append),
    ("POST", "/media/upload/<upload_id>/finalize", chunks.finish),
    ("POST", "/media/metadata", media.describe),
    ("GET", "/media", media.read_several_media),
    ("GET", "/media/<key>", media.read_media),
    ("GET", "/users", users.read_users),
    ("GET", "/users/me", users.read_me),
    ("GET", "/users/by", users.read_users_named),
    ("GET", "/users/<user_id>", users.read_user),
    ("GET", "/users/by/username/<handle>", users.read_user_named),
    ("GET", "/users/<user_id>/mentions", timelines.list_mentions),
    ("GET", "/users/<user_id>/tweets", timelines.list_posts),
    ("GET", "/users/<user_id>/timelines/reverse_chronological", timelines.list_posts),
    ("GET", "/users/<subject_id>/followers", users.list_nobody),
    ("GET", "/users/<subject_id>/following", users.list_nobody),
    ("GET", "/users/<subject_id>/blocking", users.list_nobody),
    ("GET", "/tweets/<subject_id>/liking_users", users.list_nobody),
    ("GET", "/tweets/<subject_id>/retweeted_by", users.list_nobody),
    ("GET", "/users/<user_id>/muting", users.list_muted),
    ("POST", "/users/<user_id>/muting", users.mute),
    ("DELETE", "/users/<user_id>/muting/<target_id>", users.unmute),
)
for _method, _address, _view in _ADDRESSES:
    blueprint.add_url_rule(_address, f"{_view.__name__}_{_method.lower()}", _view, methods=[_method])


@blueprint.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
def unknown(path: str) -> Response:
    return (
        Problem(404, "Not Found", f"The path /2/{path} with method {request.method} does not exist.")
        .to_answer()
        .to_response()
    )
