"""Serving the sandbox: one process, a thread a caller, connections kept open, no request line in any log."""

import signal
import socket
from threading import Thread
from types import FrameType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.sandbox.factory import close_sandbox, create_sandbox
from app.sandbox.settings import SandboxSettings


class PortTakenError(Exception):
    """Something else listens there already."""


class QuietHandler(WSGIRequestHandler):
    """Logs nothing: a careless client puts its token into the address."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


def open_server(app: Flask, host: str = "127.0.0.1", port: int = 0) -> BaseWSGIServer:
    """Listen at once; port 0 takes a free one. Serve with `serve_forever`."""
    try:
        listener = socket.create_server((host, port), backlog=256)
    except OSError as error:
        raise PortTakenError(f"The sandbox cannot listen on {host}:{port}: {error.strerror}.") from error
    with listener:
        number = listener.getsockname()[1]
        return make_server(host, number, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno())


def serve(settings: SandboxSettings) -> None:
    """Run the sandbox until Ctrl-C or SIGTERM."""
    app = create_sandbox(settings)
    server = open_server(app, settings.host, settings.port)

    def stop(number: int, frame: FrameType | None) -> None:
        Thread(target=server.shutdown).start()  # from another thread, or it would wait for itself

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
        close_sandbox(app)
