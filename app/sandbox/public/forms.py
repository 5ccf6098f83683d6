"""What a member of the public may write: a comment, a reply, a changed mind."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.sandbox import comments
from app.sandbox.accounts import x_user
from app.sandbox.handles import handle_for
from app.sandbox.ids import whole_number
from app.sandbox.public.door import blueprint
from app.sandbox.public.pages import facebook_wall, find_page, find_x_post, post_page, wall_of_x
from app.sandbox.store import store
from app.sandbox.tables import PageComment, PagePost, XPost
from app.sandbox.walls import shown_post, shown_x_post
from app.sandbox.x import deeds

_MOST_CHARACTERS = 8000
_NAME, _TEXT = "Write a name; any made-up one will do.", "Write something before you post it."


@blueprint.post("/facebook/<page_id>/posts/<number>/comments")
def say_on_page(page_id: str, number: str) -> Response | tuple[str, int]:
    name, text, problem = _read()
    with store().writing() as session:
        page = find_page(session, page_id)
        post = session.get(PagePost, f"{page.id}_{number}")
        if post is None:
            abort(404)
        if not problem:
            try:
                author = comments.Author.named(page.id, name)
                parent = session.get(PageComment, request.form.get("reply_to", ""))
                made = comments.add(session, post, author, text, parent_id=parent.id if parent else None)
                return _back(url_for("public.show_post", page_id=page.id, number=number), made.id)
            except comments.BlockedError:
                problem = "This Page has blocked that person."
        shown, wall = shown_post(session, post), facebook_wall(session, page, limit=0)
    return post_page(wall, shown, problem=problem, written=text), 400


@blueprint.post("/facebook/comments/<comment_id>")
def change_mind(comment_id: str) -> Response:
    """Reword or remove a comment of the public's own."""
    with store().writing() as session:
        comment = session.get(PageComment, comment_id)
        if comment is None or comment.author_id == comment.post.page_id:
            abort(404)
        page_id, _, number = comment.post_id.partition("_")
        text = request.form.get("text", "").strip()[:_MOST_CHARACTERS]
        if request.form.get("do") == "remove":
            comments.remove(session, comment)
        elif text:
            comments.reword(session, comment, text)
    return _back(url_for("public.show_post", page_id=page_id, number=number), comment_id)


@blueprint.post("/x/<handle>/status/<number>/replies")
def say_on_x(handle: str, number: str) -> Response | tuple[str, int]:
    name, text, problem = _read()
    with store().writing() as session:
        post = find_x_post(session, number)
        if not problem:
            asked = whole_number(request.form.get("reply_to", ""))
            parent = (session.get(XPost, asked) if asked is not None else None) or post
            author = x_user(session, handle_for(name), name)
            made = deeds.write(session, author, deeds.reply_text(parent, text), reply_to=parent)
            return _back(url_for("public.show_x_post", handle=handle, number=number), str(made.id))
        shown, wall = shown_x_post(session, post), wall_of_x(session, post.author, limit=0)
    return post_page(wall, shown, problem=problem, written=text), 400


@blueprint.post("/x/replies/<number>")
def remove_reply(number: str) -> Response:
    with store().writing() as session:
        post = find_x_post(session, number)
        if post.reply_to_id is None:
            abort(404)
        conversation = post.conversation_id
        session.delete(post)
    return redirect(url_for("public.open_x_post", number=conversation), 303)


def _read() -> tuple[str, str, str]:
    """Return the name, the words, and what is wrong with them."""
    name = request.form.get("name", "").strip()[:80]
    text = request.form.get("text", "").strip()[:_MOST_CHARACTERS]
    return name, text, _NAME if not name else _TEXT if not text else ""


def _back(address: str, comment_id: str) -> Response:
    return redirect(f"{address}#c{comment_id}", 303)
