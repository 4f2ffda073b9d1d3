"""One TCP port for two servers: the first bytes of a connection decide between HTTP (aiohttp) and the stream (picows).

aiohttp's WebSocket can only be written to by coroutines; picows sends within the tick and costs a fifth.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from picows import WSAutoPingStrategy
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # its stub leaves the protocol out

from media_edge.entry import stream
from media_edge.legs import carrier

FIRST_BYTES = len(f"GET {stream.PATH}")
PATIENCE_SECONDS = 10.0  # for the first bytes
HANDSHAKE_SECONDS = 5.0
PING_SECONDS = 10.0
READ_BUFFER = 16 * 1024
_WANTED = f"GET {stream.PATH}".encode()


class Door(asyncio.Protocol):
    """Hands the connection to the right protocol and steps back."""

    def __init__(self, http: Callable[[], Any], streams: stream.Streams) -> None:
        self._http, self._streams = http, streams
        self._transport: Any = None
        self._begun = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()

    def data_received(self, data: bytes) -> None:
        self._begun += data
        if len(self._begun) < FIRST_BYTES and _WANTED.startswith(self._begun):
            return
        self._stop_timer()
        if self._begun.startswith(_WANTED):
            self._to_stream()
        else:
            protocol = self._http()
            self._transport.set_protocol(protocol)
            protocol.connection_made(self._transport)
            protocol.data_received(self._begun)

    def _to_stream(self) -> None:
        protocol = WSProtocol(
            None,
            None,
            False,
            self._streams.upgrade,
            logging.getLogger("media_edge.picows"),
            True,
            HANDSHAKE_SECONDS,
            True,
            PING_SECONDS,
            PING_SECONDS,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            True,
            carrier.MAX_MESSAGE,
            None,
            READ_BUFFER,
        )
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        rest = memoryview(self._begun)
        while rest:
            room = protocol.get_buffer(len(rest))
            count = min(len(room), len(rest))
            room[:count] = rest[:count]
            protocol.buffer_updated(count)
            rest = rest[count:]

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
