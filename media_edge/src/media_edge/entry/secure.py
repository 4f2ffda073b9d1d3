"""TLS of the edge's own port, from a secret: the key never lies on a disk."""

import asyncio
import json
import logging
import os
import ssl
from collections.abc import Callable

log = logging.getLogger("media_edge.entry.secure")
LOOK_SECONDS = 3_600.0
"""A renewed certificate lies there for weeks before the one before it ends."""


class CertificateError(Exception):
    """The secret holds no certificate with its key."""


def context(secret: str) -> ssl.SSLContext:
    """``secret``: JSON with ``certificate`` (the whole chain) and ``key``, both PEM. Raises CertificateError."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    _load(made, secret)
    return made


async def keep_new(used: ssl.SSLContext, read: Callable[[], str], every: float = LOOK_SECONDS) -> None:
    """Until cancelled: what the secret holds by now serves all who connect from then on; nobody is disconnected.

    ``read`` may block and fail: then, and when what it gives is no certificate, the one in use stays.
    """
    known = ""
    while True:
        try:
            found = await asyncio.to_thread(read)
            if found != known:
                context(found)  # tried apart first: half of a bad pair would stay in the one that is used
                _load(used, found)
                log.info("certificate read")
            known = found
        except Exception:  # an edge whose secret is out of reach for an hour goes on
            log.exception("certificate not renewed")
        await asyncio.sleep(every)


def _load(into: ssl.SSLContext, secret: str) -> None:
    try:
        parts = json.loads(secret)
        pem = f"{parts['certificate'].strip()}\n{parts['key'].strip()}\n".encode()
        # The library reads files only; this one has no name and lives in memory.
        held = os.memfd_create("certificate")
        try:
            os.write(held, pem)
            into.load_cert_chain(f"/proc/self/fd/{held}")
        finally:
            os.close(held)
    except (ValueError, KeyError, AttributeError, TypeError, ssl.SSLError) as error:
        raise CertificateError("the secret has no `certificate` and `key` in PEM that fit each other") from error
