"""``python -m media_edge.alive``: ends well where the edge of this container answers on its own port."""

import contextlib
import os
import socket
import ssl
import sys

PATIENCE_SECONDS = 2.0


def answers(port: int, *, tls: bool) -> bool:
    """Whether ``/health`` is answered; the certificate names the world's address, not loopback, so it is not asked."""
    asked = b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"
    try:
        with contextlib.ExitStack() as open_ones:
            way = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS))
            if tls:
                way = open_ones.enter_context(_trusting().wrap_socket(way))
            way.sendall(asked)
            return b" 200 " in way.recv(64)
    except OSError:
        return False


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


if __name__ == "__main__":
    port, secret = int(os.environ.get("EDGE_PORT", "9101")), os.environ.get("EDGE_TLS_SECRET", "")
    sys.exit(0 if answers(port, tls=bool(secret)) else 1)
