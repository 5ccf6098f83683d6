"""Photos of a Page: uploaded unpublished with their alt text, or straight to the wall."""

from app.sandbox import clock, ids
from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import GraphError, bad_argument
from app.sandbox.graph.lists import listed
from app.sandbox.graph.nodes import Node, show, wanted_of
from app.sandbox.graph.posts import PUBLISH
from app.sandbox.graph.rules import rule
from app.sandbox.pageposts import publish_on_page
from app.sandbox.pictures import BadPictureError, keep_picture
from app.sandbox.tables import Photo, Picture

_MOST_BYTES = 10 * 1024 * 1024


@rule("POST", "page", "photos", scopes=PUBLISH, task="CREATE_CONTENT")
def upload_photo(call: Call, node: Node) -> Json:
    page = call.page()
    caption = call.text("caption") or call.text("message")
    publish_now = call.flag("published", default=True)
    photo = Photo(
        id=ids.graph_id(),
        page_id=page.id,
        page=page,
        picture=_uploaded_picture(call),
        caption=caption,
        alt_text=call.text("alt_text_custom"),
        created_at=clock.now(),
    )
    call.session.add(photo)
    call.session.flush()
    if not publish_now:
        return {"id": photo.id}
    post = publish_on_page(call.session, page, caption, [photo])
    return {"id": photo.id, "post_id": post.id}


@rule("GET", "page", "photos", scopes=("pages_read_engagement",))
def list_photos(call: Call, node: Node) -> Json:
    return listed(call, Photo, call.count("limit", 25, most=100), wanted_of(call))


@rule("GET", "photo", scopes=("pages_read_engagement",), as_page=False)
def read_photo(call: Call, node: Node) -> Json:
    return show(node, call, wanted_of(call))


@rule("DELETE", "photo", scopes=PUBLISH, task="CREATE_CONTENT")
def delete_photo(call: Call, node: Node) -> Json:
    call.session.delete(node)
    return {"success": True}


def _uploaded_picture(call: Call) -> Picture:
    upload = call.files.get("source") or next(iter(call.files.values()), None)
    if upload is None:
        if "url" in call.params:
            raise bad_argument("The rehearsal network fetches nothing: upload the picture as source", 1366046)
        raise GraphError(324, "(#324) Requires upload file")
    raw = upload.stream.read()
    if len(raw) > _MOST_BYTES:
        raise GraphError.of(324)
    try:
        return keep_picture(call.session, raw, call.store.pictures)
    except BadPictureError as error:
        raise GraphError.of(324) from error
