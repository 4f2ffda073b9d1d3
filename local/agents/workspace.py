"""The workspace's REST interface as a Python client: what the browser does, without the browser."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from typing import Any, Final, cast

import aiohttp
from yarl import URL

TRIES: Final = 3
BETWEEN_TRIES: Final = 0.5  # s
HELD: Final = "in_progress"
HELD_AT_MOST: Final = 15.0
"""Seconds: somebody works on the same request, or died at it; then its key is free again after twelve."""


class RefusedError(Exception):
    """The API said no: ``status`` and the stable ``code`` of its error body."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Workspace:
    """One signed-in session. ``close`` it."""

    def __init__(self, origin: str) -> None:
        # The session cookie is Secure; browsers count http://localhost as secure, aiohttp has to be told.
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=[URL(origin)])
        self._origin = origin
        self._http = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=30))

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    async def request(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One request below ``/api``; ``RefusedError`` for any answer that is not 2xx.

        As in the browser, what failed on the way or on the other side is sent again, under the same key.
        """
        headers = {} if method == "GET" else {"Idempotency-Key": str(uuid.uuid4())}
        sent = None if method == "GET" else dict(body or {})
        tries_left, waited = TRIES, 0.0
        while True:
            try:
                return await self._once(method, path, sent, headers)
            except RefusedError as error:
                held = error.code == HELD and waited < HELD_AT_MOST
                tries_left -= not held
                if not held and (error.status < 500 or not tries_left):
                    raise
            except (aiohttp.ClientError, TimeoutError):
                tries_left -= 1
                if not tries_left:
                    raise
            waited += BETWEEN_TRIES
            await asyncio.sleep(BETWEEN_TRIES)

    async def _once(
        self, method: str, path: str, sent: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        async with self._http.request(method, f"{self._origin}/api{path}", json=sent, headers=headers) as answer:
            if answer.status >= 400:
                raise RefusedError(answer.status, _code(await answer.text()))
            return {} if answer.status == 204 else cast(dict[str, Any], await answer.json(content_type=None))

    async def sign_in(self, login: str, password: str) -> dict[str, Any]:
        """Open a session; the person."""
        answer = await self.request("POST", "/session", {"login": login, "password": password})
        return cast(dict[str, Any], answer["person"])

    async def snapshot(self) -> dict[str, Any]:
        """The agent, the offer, the contact, now."""
        return await self.request("GET", "/me/floor")

    async def set_status(self, status: str, reason: str | None = None) -> dict[str, Any]:
        """available, not_ready (with a reason) or offline."""
        return await self.request("POST", "/me/status", {"status": status, "reason": reason})

    async def accept(self, offer: str) -> dict[str, Any]:
        """Take an offer."""
        return await self.request("POST", f"/offers/{offer}/accept")

    async def decline(self, offer: str) -> dict[str, Any]:
        """Let somebody else take it."""
        return await self.request("POST", f"/offers/{offer}/decline")

    async def media(self, contact: str) -> dict[str, Any]:
        """Where and with which token to join the sound of a contact."""
        return await self.request("POST", f"/contacts/{contact}/media")

    async def on_contact(self, contact: str, act: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """hold, resume, hangup, transfer to a queue, or wrap-up with its code."""
        return await self.request("POST", f"/contacts/{contact}/{act}", body)

    async def tickets(self) -> list[dict[str, Any]]:
        """The agent's own tickets."""
        return cast(list[dict[str, Any]], (await self.request("GET", "/tickets"))["tickets"])

    async def configuration(self) -> dict[str, Any]:
        """Matters, wrap-up codes, the form of a ticket."""
        return await self.request("GET", "/config/workspace")

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        """The news, opened with a one-use ticket in the subprotocol."""
        ticket = await self.request("POST", "/me/socket-ticket")
        return await self._http.ws_connect(ticket["url"], protocols=("hearthline", ticket["ticket"]))


def _code(text: str) -> str:
    try:
        return str(json.loads(text).get("code", "unknown"))
    except (ValueError, AttributeError):
        return "unknown"
