"""Requests to the application: signed, timed out, retried and sent to the fallback by Twilio's published rules.

Connect within 5 s, first and further bytes within 15 s, 15 s in all, one retry and only of a failed connection; an
address may change this in its fragment (``#rc=2&rp=all``). After that the fallback address, told ``ErrorCode`` and
``ErrorUrl``; a status callback has neither.
"""

import asyncio
import random
import uuid
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urldefrag, urlencode

import aiohttp
from yarl import URL

from local.carrier import signature
from local.carrier.model import Call, Faults, Target
from local.carrier.twiml import MAX_DOCUMENT_BYTES

DUPLICATE_WITHIN: Final = 0.3  # s between a webhook and its duplicate
TWIML_TYPES: Final = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True)
class Timing:
    """Limits of one webhook in seconds, its retries and what they are for."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retry_for: frozenset[str] = frozenset({"ct"})

    def overridden(self, fragment: str) -> "Timing":
        """With what the fragment of an address says (connection overrides)."""
        said = dict(parse_qsl(fragment))
        policy = frozenset(said["rp"].split(",")) if "rp" in said else self.retry_for
        return Timing(
            connect=int(said["ct"]) / 1000 if "ct" in said else self.connect,
            read=int(said["rt"]) / 1000 if "rt" in said else self.read,
            total=int(said["tt"]) / 1000 if "tt" in said else self.total,
            retries=int(said.get("rc", self.retries)),
            retry_for=policy,
        )


class WebhookError(Exception):
    """No usable answer. ``code`` is Twilio's error code, ``kind`` its retry class: ct, rt, 4xx, 5xx or empty."""

    def __init__(self, code: int, why: str, kind: str = "") -> None:
        super().__init__(why)
        self.code = code
        self.kind = kind


@dataclass(frozen=True)
class Answer:
    """A good answer: its text, its type and the address it came from."""

    body: str
    content_type: str
    url: str


class Webhooks:
    """The carrier's HTTP client. ``spawn`` keeps a background task alive; ``chance`` decides faults, seeded."""

    def __init__(
        self,
        token: str,
        faults: Faults,
        chance: random.Random,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        timing: Timing | None = None,
    ) -> None:
        self._token = token
        self.faults = faults
        self._chance = chance
        self._spawn = spawn
        self._timing = timing or Timing()
        # A connection for each webhook: an idle one that the server closed meanwhile would look like its fault.
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )
        self._held: dict[str, asyncio.Event] = {}

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    def _strikes(self, call: Call, name: str) -> bool:
        share = max(getattr(call.faults, name), getattr(self.faults, name))
        return bool(share) and self._chance.random() < share

    async def fetch(self, call: Call, target: Target, params: Mapping[str, str]) -> Answer:
        """The document at ``target``, or at its fallback. ``WebhookError`` when both fail; both are in the story."""
        await self._delay(call, target.url)
        try:
            return await self._deliver(call, target.url, target.method, params)
        except WebhookError as error:
            call.tell("webhook failed", url=target.url, error=error.code, why=str(error))
            if not target.fallback_url:
                raise
            call.tell("fallback asked", url=target.fallback_url)
            told = {**params, "ErrorCode": str(error.code), "ErrorUrl": target.url}
            return await self._deliver(call, target.fallback_url, target.fallback_method, told)

    async def notify(self, call: Call, target: Target, params: Mapping[str, str]) -> None:
        """A callback whose answer does not matter. Never raises."""
        if self._strikes(call, "drop"):
            call.tell("fault: callback lost", url=target.url)
            return
        await self._delay(call, target.url)
        await self._wait_to_be_overtaken(call)
        try:
            await self._deliver(call, target.url, target.method, params)
        except WebhookError as error:
            call.tell("callback failed", url=target.url, error=15003, why=str(error))

    async def _wait_to_be_overtaken(self, call: Call) -> None:
        waiting = self._held.pop(call.sid, None)
        if waiting:
            self._spawn(self._release(waiting))
        elif self._strikes(call, "reorder"):
            overtaken = self._held[call.sid] = asyncio.Event()
            call.tell("fault: callback held until the next has passed")
            try:
                await asyncio.wait_for(overtaken.wait(), 5)
            except TimeoutError:
                self._held.pop(call.sid, None)

    @staticmethod
    async def _release(waiting: asyncio.Event) -> None:
        await asyncio.sleep(0.2)
        waiting.set()

    async def _delay(self, call: Call, url: str) -> None:
        if self._strikes(call, "delay"):
            seconds = self._chance.uniform(
                0,
                max(
                    call.faults.delay_seconds if call.faults.delay else 0,
                    self.faults.delay_seconds if self.faults.delay else 0,
                ),
            )
            call.tell("fault: webhook delayed", url=url, seconds=round(seconds, 3))
            await asyncio.sleep(seconds)

    async def _deliver(self, call: Call, url: str, method: str, params: Mapping[str, str]) -> Answer:
        address, fragment = urldefrag(url)
        timing = self._timing.overridden(fragment)
        headers = self._headers(address, method, params)
        tries_left = timing.retries
        try:
            async with asyncio.timeout(timing.total):
                while True:
                    try:
                        answer = await self._attempt(call, address, method, params, headers, timing)
                        break
                    except WebhookError as error:
                        wanted = error.kind and ("all" in timing.retry_for or error.kind in timing.retry_for)
                        if not wanted or not tries_left:
                            raise
                        tries_left -= 1
                        call.tell("webhook retried", url=address, error=error.code, why=str(error))
        except TimeoutError as error:
            raise WebhookError(11200, "timed out", "rt") from error
        if self._strikes(call, "duplicate"):
            self._spawn(self._repeat(call, answer, method, params, headers, timing))
        return answer

    async def _repeat(
        self, call: Call, first: Answer, method: str, params: Mapping[str, str], headers: dict[str, str], timing: Timing
    ) -> None:
        await asyncio.sleep(self._chance.uniform(0, DUPLICATE_WITHIN))
        try:
            second = await self._attempt(call, first.url, method, params, headers, timing, droppable=False)
            call.tell("fault: webhook delivered twice", url=first.url, same_answer=second.body == first.body)
        except WebhookError as error:
            call.tell("fault: webhook delivered twice", url=first.url, same_answer=False, error=error.code)

    def _headers(self, address: str, method: str, params: Mapping[str, str]) -> dict[str, str]:
        signed = signature.sign(
            self._token,
            _with_query(address, params) if method == "GET" else address,
            () if method == "GET" else params.items(),
        )
        return {
            signature.HEADER: signed,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "X-Home-Region": "us1",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),  # the same for every attempt at this request
        }

    async def _attempt(
        self,
        call: Call,
        address: str,
        method: str,
        params: Mapping[str, str],
        headers: dict[str, str],
        timing: Timing,
        droppable: bool = True,
    ) -> Answer:
        if droppable and self._strikes(call, "drop"):
            raise WebhookError(11205, "fault: the connection was dropped", "ct")
        url = URL(_with_query(address, params) if method == "GET" else address, encoded=True)
        body = urlencode(params).encode() if method == "POST" else None
        sent = headers | (
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"} if body is not None else {}
        )
        limits = aiohttp.ClientTimeout(total=None, sock_connect=timing.connect, sock_read=timing.read)
        try:
            async with self._http.request(
                method, url, data=body, headers=sent, timeout=limits, allow_redirects=False
            ) as response:
                return await _read(response, address)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise WebhookError(11205, "connection failed", "ct") from error
        except TimeoutError as error:  # aiohttp's socket time-out is one
            raise WebhookError(11200, "timed out", "rt") from error
        except aiohttp.ClientError as error:
            raise WebhookError(11200, f"broken answer: {type(error).__name__}") from error


async def _read(response: aiohttp.ClientResponse, address: str) -> Answer:
    body = await response.content.read(MAX_DOCUMENT_BYTES + 1)
    while len(body) <= MAX_DOCUMENT_BYTES and (more := await response.content.read(MAX_DOCUMENT_BYTES)):
        body += more
    if 300 <= response.status < 400:
        raise WebhookError(11200, f"HTTP {response.status}: following a redirect is not simulated")
    if response.status >= 400:
        raise WebhookError(11200, f"HTTP {response.status}", f"{response.status // 100}xx")
    if len(body) > MAX_DOCUMENT_BYTES:
        raise WebhookError(11750, "response body larger than 64 KB")
    return Answer(body.decode(errors="replace"), response.content_type, address)


def _with_query(address: str, params: Mapping[str, str]) -> str:
    if not params:
        return address
    return address + ("&" if "?" in address else "?") + urlencode(params)
