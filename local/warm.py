"""Calls each function once, so that the first caller does not wait for an interpreter to start."""

import contextlib
import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.deploy import Account, function_names

# Which calls reach a function through its own door and change nothing.
BY_HTTP = {"api": ("GET", "/api/health"), "voice_webhook": ("POST", "/telephony/voice")}
BY_SOCKET = {"agent_socket"}
NOTHING = json.dumps({"Records": []}).encode()
SECONDS = 60


def warm(account: Account, tenant: str, found: dict[str, Any], only: set[str] | None = None, workers: int = 1) -> None:
    """``found`` is the content of endpoints.json; ``only`` names folders under functions/; ``workers`` of each.

    More than one at the same time are more than one process, so that a crowd does not wait for cold starts.
    """
    names = {folder: name.replace("${Tenant}", tenant) for folder, name in function_names().items()}
    client = account.client("lambda")

    def one(folder: str) -> None:
        if folder in BY_HTTP:
            method, path = BY_HTTP[folder]
            _ask(method, found["api"] + path)
        elif folder in BY_SOCKET:
            _ask("GET", found["socket"].replace("ws", "http", 1), _UPGRADE)
        else:
            client.invoke(FunctionName=names[folder], Payload=NOTHING)

    with ThreadPoolExecutor(max_workers=4 * workers) as pool:
        list(pool.map(one, [folder for folder in (only if only is not None else names) for _ in range(workers)]))


# A socket without a ticket: refused, but by a function that has started.
_UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "d2FybS1mdW5jdGlvbi0xIQ==",
}


def _ask(method: str, url: str, headers: dict[str, str] | None = None) -> None:
    data = b"" if method == "POST" else None
    form = {"Content-Type": "application/x-www-form-urlencoded"} if data is not None else {}
    request = urllib.request.Request(url, data, {**form, **(headers or {})}, method=method)  # noqa: S310 - our engine
    with (
        contextlib.suppress(urllib.error.HTTPError),  # a refusal also needed the function
        urllib.request.urlopen(request, timeout=SECONDS),  # noqa: S310 - our engine
    ):
        pass
