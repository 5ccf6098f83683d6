"""The pages that anybody may read: the overview, the two walls, a post, a photo."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WsgiResponse

from app.sandbox.ids import whole_number
from app.sandbox.public.door import blueprint
from app.sandbox.store import store
from app.sandbox.tables import Page, PagePost, Photo, Picture, XAccount, XPost, XUser
from app.sandbox.walls import ShownPost, page_wall, shown_post, shown_x_post, x_mentions, x_wall

_ON_OVERVIEW = 3
_A_PAGE = 100


@dataclass(frozen=True)
class Wall:
    """An account and its posts, the same for both networks' templates."""

    network: str
    id: str
    name: str
    about: str
    address: str
    posts: list[ShownPost]

    def link(self, post: ShownPost, **query: str | int) -> str:
        """Return a post's own page."""
        if self.network == "x":
            path = url_for("public.show_x_post", handle=self.id, number=post.id)
        else:
            path = url_for("public.show_post", page_id=self.id, number=post.id.partition("_")[2])
        return f"{path}?{urlencode(query)}" if query else path


@blueprint.get("/")
def overview() -> str:
    with store().reading() as session:
        pages = [facebook_wall(session, page, limit=_ON_OVERVIEW) for page in session.scalars(select(Page).limit(20))]
        accounts = session.scalars(select(XAccount).limit(20)).all()
        handles = [wall_of_x(session, account.user, limit=_ON_OVERVIEW) for account in accounts]
    return render_template("overview.html", columns=[("Facebook", pages), ("X", handles)])


@blueprint.get("/facebook/<page_id>")
def show_page(page_id: str) -> str:
    with store().reading() as session:
        wall = facebook_wall(session, find_page(session, page_id))
    return render_template("wall.html", wall=wall, mentions=[])


@blueprint.get("/facebook/<page_id>/posts/<number>")
def show_post(page_id: str, number: str) -> str:
    with store().reading() as session:
        page = find_page(session, page_id)
        post = session.get(PagePost, f"{page.id}_{number}")
        if post is None or not post.is_published:
            abort(404)
        wall, shown = facebook_wall(session, page, limit=0), shown_post(session, post)
    return post_page(wall, shown)


@blueprint.get("/facebook/photo/<photo_id>")
def show_photo(photo_id: str) -> WsgiResponse:
    with store().reading() as session:
        photo = session.get(Photo, photo_id)
    if photo is None or not photo.is_published:
        abort(404)
    return redirect(url_for("public.show_picture", sha256=photo.sha256))


@blueprint.get("/x/<handle>")
def show_x_account(handle: str) -> str:
    with store().reading() as session:
        user = find_x_user(session, handle)
        wall, mentions = wall_of_x(session, user), x_mentions(session, user)
    return render_template("wall.html", wall=wall, mentions=mentions)


@blueprint.get("/x/<handle>/status/<number>")
@blueprint.get("/x/<handle>/status/<number>/photo/<int:position>")
def show_x_post(handle: str, number: str, position: int = 0) -> str | WsgiResponse:
    with store().reading() as session:
        post = find_x_post(session, number)
        if post.conversation_id != post.id and session.get(XPost, post.conversation_id) is not None:
            return redirect(url_for("public.open_x_post", number=post.conversation_id) + f"#c{post.id}")
        wall, shown = wall_of_x(session, post.author, limit=0), shown_x_post(session, post)
    return post_page(wall, shown)


@blueprint.get("/x/i/web/status/<number>")
def open_x_post(number: str) -> WsgiResponse:
    """Find a post by its id alone, as the real network does."""
    with store().reading() as session:
        post = find_x_post(session, number)
    return redirect(url_for("public.show_x_post", handle=post.author.handle, number=post.id))


@blueprint.get("/pictures/<sha256>")
def show_picture(sha256: str) -> Response:
    return _send(sha256, preview=False)


@blueprint.get("/pictures/<sha256>/preview")
def show_preview(sha256: str) -> Response:
    return _send(sha256, preview=True)


def post_page(wall: Wall, post: ShownPost, *, problem: str = "", written: str = "", status: int = 200) -> str:
    """Show one post with its comments, and the form that an address or a failed try asks for."""
    start = whole_number(request.args.get("from", ""), most=10**6) or 0
    threads = post.threads()
    chosen = {"reply_to": request.args.get("reply_to", ""), "change": request.args.get("change", "")}
    by_id = {comment.id: comment for comment in post.comments if not comment.is_hidden}
    return render_template(
        "post.html",
        wall=wall,
        post=post,
        threads=threads[start : start + _A_PAGE],
        total=len(threads),
        start=start,
        step=_A_PAGE,
        hidden=post.hidden if wall.network == "x" and "hidden" in request.args else [],
        answered=by_id.get(chosen["reply_to"]),
        changed=by_id.get(chosen["change"]),
        problem=problem,
        written=written,
    )


def facebook_wall(session: Session, page: Page, *, limit: int = 50) -> Wall:
    handle = f"@{page.username}" if page.username else page.id
    return Wall("facebook", page.id, page.name, page.about, handle, page_wall(session, page, limit=limit))


def wall_of_x(session: Session, user: XUser, *, limit: int = 50) -> Wall:
    return Wall("x", user.handle, user.name, "", f"@{user.handle}", x_wall(session, user, limit=limit))


def find_page(session: Session, page_id: str) -> Page:
    page = session.scalars(select(Page).where(or_(Page.id == page_id, Page.username == page_id)).limit(1)).first()
    if page is None:
        abort(404)
    return page


def find_x_user(session: Session, handle: str) -> XUser:
    user = session.scalar(select(XUser).where(XUser.folded == handle.casefold()))
    if user is None:
        abort(404)
    return user


def find_x_post(session: Session, number: str) -> XPost:
    post_id = whole_number(number)
    post = session.get(XPost, post_id) if post_id is not None else None
    if post is None:
        abort(404)
    return post


def _send(sha256: str, *, preview: bool) -> Response:
    with store().reading() as session:
        picture = session.get(Picture, sha256)
    if picture is None:
        abort(404)
    path: Path = store().pictures / (f"{sha256}.preview" if preview else sha256)
    sent = send_file(path.absolute(), mimetype="image/jpeg" if preview else picture.mime, max_age=86_400)
    sent.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return sent
