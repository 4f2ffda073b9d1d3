"""How Twilio signs: base64(HMAC-SHA1(auth token, address + sorted parameters)).

Written from the published rule and not from twilio-python, so that a test may compare the two.
"""

import base64
import hmac
from collections.abc import Iterable

HEADER = "X-Twilio-Signature"


def sign(auth_token: str, url: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """Sign a POST to ``url`` (exact, with its query) whose form holds ``params``.

    A GET and a WebSocket upgrade have no form: only the address is signed. A name given twice counts each distinct
    value once.
    """
    text = url + "".join(name + value for name, value in sorted(set(params)))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), "sha1").digest()).decode()
