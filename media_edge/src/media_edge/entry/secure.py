"""TLS of the edge's own port, from a secret: the key never lies on a disk."""

import json
import os
import ssl


class CertificateError(Exception):
    """The secret holds no certificate with its key."""


def context(secret: str) -> ssl.SSLContext:
    """``secret``: JSON with ``certificate`` (the whole chain) and ``key``, both PEM. Raises CertificateError."""
    try:
        parts = json.loads(secret)
        pem = f"{parts['certificate'].strip()}\n{parts['key'].strip()}\n".encode()
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.set_alpn_protocols(["http/1.1"])
        # The library reads files only; this one has no name and lives in memory.
        held = os.memfd_create("certificate")
        try:
            os.write(held, pem)
            made.load_cert_chain(f"/proc/self/fd/{held}")
        finally:
            os.close(held)
    except (ValueError, KeyError, AttributeError, TypeError, ssl.SSLError) as error:
        raise CertificateError("the secret has no `certificate` and `key` in PEM that fit each other") from error
    return made
