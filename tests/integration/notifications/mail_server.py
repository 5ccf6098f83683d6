"""A mail server on this machine that keeps what it is given, and refuses to order."""

import socketserver
from threading import Thread


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.letters.append(self._message())
            answer = self.server.refusals.get(verb, "221 bye" if verb == "QUIT" else "250 ok")
            self.wfile.write(f"{answer}\r\n".encode())
            if verb == "QUIT":
                return

    def _message(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        return "".join(lines)


class MailBox(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.letters: list[str] = []
        self.refusals: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
