"""A server that answers with just these bytes, as fast or slow as it is told."""

import socket
import time
from contextlib import contextmanager, suppress
from threading import Thread


class RawServer:
    def __init__(self, *answers, pause=0.0, keep_open=False, context=None, reads_slowly=False):
        self._answers, self._pause, self._keep_open, self._context = answers, pause, keep_open, context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._nap = 0.01 if reads_slowly else 0.0
        if reads_slowly:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self.requests = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = Thread(target=self._serve, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a caller
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self):
        waiting = list(self._answers)
        while waiting:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with caller, suppress(OSError):
                self._talk(self._context.wrap_socket(caller, server_side=True) if self._context else caller, waiting)

    def _talk(self, caller, waiting):
        while waiting:
            request = _read(caller, self._nap)
            if not request:
                return
            self.requests.append(request)
            pieces = waiting.pop(0)
            for piece in pieces if isinstance(pieces, list) else [pieces]:
                caller.sendall(piece)
                time.sleep(self._pause)
            if not self._keep_open:
                return


def _read(caller, nap):
    """Read one request whole: its head, and as much as it says that follows."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = caller.recv(65536)
        if not piece:
            return raw
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        time.sleep(nap)
        body += caller.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def answering(*answers, **more):
    server = RawServer(*answers, **more)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def reply(body=b"{}", status=b"200 OK", *headers):
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), b"Content-Type: application/json", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
