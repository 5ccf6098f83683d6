"""Errors as people see them: a page with a sentence and a way on, or JSON for machines."""

import errno
from urllib.parse import urlsplit

import sqlalchemy as sa
import structlog
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.routing import RequestRedirect

from app.core.errors import AppError
from app.web.front_end import BARE

log = structlog.get_logger()

TITLES = {
    400: "Something was wrong with that request",
    401: "Sign in first",
    403: "You cannot do that",
    404: "Page not found",
    405: "That cannot be done here",
    409: "This has moved on",
    413: "That is too large",
    422: "Something needs changing",
    429: "Too many tries",
    500: "Something went wrong",
    503: "Not available just now",
}
SENTENCES = {
    400: "Go back, check what you entered, and try again.",
    401: "Your session has ended. Sign in again to go on; nothing that was saved is lost.",
    403: "Your role does not allow this. Somebody with another role at the school can do it.",
    404: "If you typed the address, check it. It may also belong to somebody else or have been removed.",
    405: "Go back and use the buttons on the page.",
    413: "Add fewer or smaller photos at a time: each may have at most 30 MB.",
    429: "Wait a few minutes, then try again.",
    500: "It was noted. Nothing that was saved is lost. Try again in a moment.",
    503: "Wait a moment, then try again.",
}
DISK_FULL = "The server has no room left, so this was not saved. Tell whoever runs Schoolgate, then try again."
BUSY = "Too much is going on at once, so this was not saved. Wait a moment, then try again."
BEHIND = (
    "The database does not fit this version of Schoolgate, so this was not saved. Tell whoever runs it that this is "
    "due: flask --app wsgi db upgrade"
)
UNFIT = "Something that you entered is too long or holds a character that cannot be kept. Change it and send it again."
DATABASE_SIGNS = {
    "disk is full": DISK_FULL,
    "no space left": DISK_FULL,
    "no such table": BEHIND,
    "no such column": BEHIND,
    "does not exist": BEHIND,
}
PATIENCE_SECONDS = "5"
BACK_TO_THE_FORM = (403, 409, 422)
SIGN_IN = "accounts.sign_in"


def init_error_pages(app: Flask) -> None:
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(sa.exc.OperationalError, _database_failed)
    app.register_error_handler(sa.exc.ProgrammingError, _database_failed)
    app.register_error_handler(sa.exc.TimeoutError, _database_failed)
    app.register_error_handler(sa.exc.DataError, _unfit)
    app.register_error_handler(OSError, _system_failed)
    app.register_error_handler(Exception, _crash)


def _app_error(error: AppError) -> ResponseReturnValue:
    """A form that could not be done leads back to its page with the sentence; anything else gets a page of its own."""
    origin = _own_page_before()
    if request.method == "POST" and error.status in BACK_TO_THE_FORM and origin:
        flash(error.sentence, "error")
        return redirect(origin)
    return _answer(error.status, error.sentence)


def _own_page_before() -> str | None:
    """Return the path of the page of ours that sent the form, if the browser tells."""
    came_from = urlsplit(request.referrer or "")
    if request.accept_mimetypes.best == "application/json" or came_from.netloc != request.host:
        return None
    if came_from.path.startswith("//"):
        return None
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    if not current_user.is_authenticated and request.endpoint != SIGN_IN:
        flash("You were signed out. Sign in again; what you wrote in this tab comes back.", "error")
        return redirect(url_for(SIGN_IN, next=_own_page_before() or "/"))
    return _answer(400, "This page was open for too long. Go back, reload it, and send it again.")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    if status == 405 and request.method == "GET" and (page := _page_above()) is not None:
        return redirect(f"{page}?{request.query_string.decode()}" if request.query_string else page)
    ours = error.description if status == 403 and error.description != Forbidden.description else None
    answer = _answer(status, ours or SENTENCES.get(status, SENTENCES[400]))
    answer.headers.extend({name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")})
    return answer


def _page_above() -> str | None:
    """Return the nearest page above an address that only takes forms, for whoever reloads or comes back to it."""
    path = request.path
    adapter = current_app.url_map.bind(request.host)
    while path := path.rpartition("/")[0]:
        try:
            adapter.match(path, method="GET")
        except RequestRedirect as moved:
            return urlsplit(moved.new_url).path
        except HTTPException:
            continue
        return path
    return None


def _database_failed(error: sa.exc.DBAPIError | sa.exc.TimeoutError) -> ResponseReturnValue:
    """Busy, out of reach, out of room or not upgraded: the person may try again, and nothing was half written."""
    log.exception("request.database-failed", endpoint=request.endpoint, error=type(error).__name__)
    words = str(getattr(error, "orig", "")).lower()
    for sign, sentence in DATABASE_SIGNS.items():
        if sign in words:
            return _later(sentence)
    return _crash(error) if isinstance(error, sa.exc.ProgrammingError) else _later(BUSY)


def _unfit(error: sa.exc.DataError) -> ResponseReturnValue:
    """PostgreSQL refuses what SQLite would keep, such as a NUL character."""
    log.warning("request.unfit", endpoint=request.endpoint)
    return _answer(422, UNFIT)


def _system_failed(error: OSError) -> ResponseReturnValue:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _crash(error)
    log.exception("request.disk-full", endpoint=request.endpoint)
    return _later(DISK_FULL)


def _later(sentence: str) -> Response:
    answer = _answer(503, sentence)
    answer.headers["Retry-After"] = PATIENCE_SECONDS
    return answer


def _crash(error: Exception) -> ResponseReturnValue:
    log.exception("request.failed", endpoint=request.endpoint, error=type(error).__name__)
    return _answer(500, SENTENCES[500])


def _answer(status: int, sentence: str) -> Response:
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(error=sentence), status)
    if status >= 500:
        setattr(g, BARE, True)
    title = TITLES.get(status, TITLES[400])
    return make_response(render_template("errors/error.html", heading=title, sentence=sentence, status=status), status)
