"""The carrier's REST API and media edges as small real HTTP servers on loopback; they write down what they are told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class Outside:
    """``answers`` maps the beginning of ``METHOD path`` to status and JSON; the longest wins. ``files``: bytes.

    Status 0: what was asked is done, and the answer is lost on its way.
    """

    url: str = ""
    answers: dict[str, tuple[int, object]] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def answer_to(self, line: str) -> tuple[int, object]:
        match = max((start for start in self.answers if line.startswith(start)), key=len, default="")
        return self.answers.get(match, (404, {"code": 20404, "message": "not found"}))


@contextmanager
def serving(outside: Outside) -> Iterator[Outside]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()} if "=" in body else {"body": body}
            line = f"{self.command} {self.path}"
            if not self.path.startswith("/health"):
                outside.heard.append((line, form))
                outside.tokens.append(self.headers.get("authorization", "").removeprefix("Bearer "))
            status, told = outside.answer_to(line)
            if status == 0:
                self.close_connection = True
                return
            text = b"" if status == 204 else json.dumps(told).encode()
            if self.command == "GET" and self.path in outside.files:
                status, text = 200, outside.files[self.path]
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    outside.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def an_edge() -> Outside:
    return Outside(answers={"GET /health": (200, {"state": "up"}), "DELETE /rooms": (204, {}), "PUT /rooms": (200, {})})


def a_carrier() -> Outside:
    made = {"sid": "CA" + "d" * 32, "status": "queued"}
    return Outside(answers={"POST /2010-04-01/Accounts/": (201, made)})
