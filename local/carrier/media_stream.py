"""Media Streams, the carrier's side: a WebSocket client with a true 20 ms clock and a playback buffer in real time.

The codec part (``PlaybackBuffer``, ``frame_*``) knows no asyncio and no clock.
"""

import asyncio
import base64
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import orjson

from local.carrier import signature
from local.carrier.audio import FRAME, Samples, decode_mulaw, encode_mulaw
from local.carrier.caller import Key, Speech
from local.carrier.conversation import Conversation
from local.carrier.model import Call, new_sid

TICK: Final = 0.02  # s
MAX_BUFFERED_BYTES: Final = 8000 * 600
HANDSHAKE_SECONDS: Final = 10.0
SILENCE: Final = b"\xff"


class StreamError(Exception):
    """The stream could not be opened or broke; ``code`` is Twilio's."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class PlaybackBuffer:
    """Our sound on its way to the caller's ear, and the marks between."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._marks: deque[tuple[int, str]] = deque()
        self._received = 0
        self._played = 0
        self.deepest = 0  # bytes

    def add(self, sound: bytes) -> None:
        """Sound to play after what waits already. ``StreamError`` when ten minutes are waiting."""
        if len(self._waiting) + len(sound) > MAX_BUFFERED_BYTES:
            raise StreamError(31931, "more than ten minutes of sound are waiting to be played")
        self._waiting += sound
        self._received += len(sound)
        self.deepest = max(self.deepest, len(self._waiting))

    def mark(self, name: str) -> None:
        """Remember a mark behind the sound that came before it."""
        self._marks.append((self._received, name))

    def play(self, count: int = FRAME) -> tuple[bytes, list[str]]:
        """The next ``count`` bytes at most, and the marks that playback has now reached."""
        sound = bytes(self._waiting[:count])
        del self._waiting[:count]
        self._played += len(sound)
        reached = []
        while self._marks and self._marks[0][0] <= self._played:
            reached.append(self._marks.popleft()[1])
        return sound, reached

    def clear(self) -> list[str]:
        """Drop what waits; every pending mark comes back at once."""
        self._waiting.clear()
        self._played = self._received
        names = [name for _, name in self._marks]
        self._marks.clear()
        return names


@dataclass
class StreamFacts:
    """What can be told of a stream afterwards."""

    sid: str
    url: str
    name: str
    began: int = 0  # samples since the answer
    frames_sent: int = 0
    frames_heard: int = 0
    latest_tick_ms: float = 0.0  # how late a frame ever left
    marks: list[str] = field(default_factory=list)
    clears: int = 0
    ended_by: str = ""
    error: int = 0


class MediaStream:
    """One stream of one call. ``run`` returns when our side closed it, raises ``StreamError`` when it broke."""

    def __init__(self, conversation: Conversation, url: str, name: str, parameters: Mapping[str, str]) -> None:
        self._conversation = conversation
        self._call: Call = conversation.call
        self.facts = StreamFacts(new_sid("MZ"), url, name)
        self._parameters = dict(parameters)
        self._buffer = PlaybackBuffer()
        self._sequence = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._stopping = False

    async def run(self) -> None:
        """Connect, carry sound until somebody ends it, say stop when it was us."""
        socket = self._socket = await self._connect()
        self._call.tell("stream connected", url=self.facts.url, sid=self.facts.sid)
        work: set[asyncio.Task[None]] = set()
        try:
            await self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
            await self._send_numbered("start", self._start())
            self._conversation.caller.connected()
            work = {asyncio.create_task(part) for part in (self._clock(), self._listen(), self._keys(), self._cut())}
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except (ConnectionError, aiohttp.ClientError) as error:
            raise StreamError(31921, f"the connection broke: {type(error).__name__}") from error
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await self._close(socket)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        url = self.facts.url
        if not url.startswith(("wss://", "ws://127.0.0.1", "ws://localhost")):
            raise StreamError(31920, "a stream address is wss:// (here also ws:// on this machine)")
        if "?" in url:
            raise StreamError(31920, "query strings are not supported in <Stream url>; use <Parameter>")
        headers = {
            signature.HEADER: signature.sign(self._conversation.exchange.auth_token, url),
            "User-Agent": "Twilio.TmeWs/1.0",
        }
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                return await self._conversation.exchange.http.ws_connect(
                    url, headers=headers, max_msg_size=1_000_000, compress=0
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise StreamError(31920, f"handshake failed: {error}") from error

    def _start(self) -> dict[str, Any]:
        return {
            "accountSid": self._call.account_sid,
            "streamSid": self.facts.sid,
            "callSid": self._call.sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": self._parameters,
        }

    async def _send(self, message: Mapping[str, Any]) -> None:
        if self._socket is not None and not self._socket.closed:
            await self._socket.send_str(orjson.dumps(message).decode())

    async def _send_numbered(self, event: str, body: Mapping[str, Any]) -> None:
        self._sequence += 1
        await self._send(
            {"event": event, "sequenceNumber": str(self._sequence), event: body, "streamSid": self.facts.sid}
        )

    async def _clock(self) -> None:
        """Every 20 ms one frame of the caller out and one of ours into the caller's ear; a late tick is made up for,
        so nothing drifts.
        """
        loop = asyncio.get_running_loop()
        origin, began = self._call.position(), loop.time()  # in this order: the clock must not run ahead of the line
        self.facts.began = origin
        number = 0
        while True:
            await asyncio.sleep(max(0.0, began + number * TICK - loop.time()))
            self.facts.latest_tick_ms = max(self.facts.latest_tick_ms, (loop.time() - began - number * TICK) * 1000)
            await self._stall(number)
            await self._tick(number, origin + number * FRAME)
            number += 1

    async def _stall(self, number: int) -> None:
        after = self._call.faults.stall_stream_after
        if after is not None and number == int(after / TICK):
            self._call.tell("fault: stream stalled", seconds=self._call.faults.stall_stream_for)
            await asyncio.sleep(self._call.faults.stall_stream_for)

    async def _tick(self, number: int, position: int) -> None:
        sound, reached = self._buffer.play()
        if sound:
            self._conversation.hear(decode_mulaw(sound), position)
            self.facts.frames_heard += 1
        for name in reached:
            await self._echo(name)
        # The frame spoken in the 20 ms that have just passed.
        spoken: Samples = self._call.spoken.read(max(0, position - FRAME), FRAME)
        payload = base64.b64encode(encode_mulaw(spoken)).decode()
        media = {"track": "inbound", "chunk": str(number + 1), "timestamp": str(number * 20), "payload": payload}
        await self._send_numbered("media", media)
        self.facts.frames_sent += 1

    async def _echo(self, name: str) -> None:
        self.facts.marks.append(name)
        await self._send_numbered("mark", {"name": name})

    async def _listen(self) -> None:
        socket = self._socket
        if socket is None:
            raise StreamError(31921, "not connected")
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise StreamError(31924, "a message was not text")
            await self._obey(message.data)
            if self._call.faults.slow_reader:
                await asyncio.sleep(self._call.faults.slow_reader)
        if not self._stopping:
            self.facts.ended_by = "application"
            if socket.close_code not in (1000, 1001, None):
                raise StreamError(31921, f"closed with code {socket.close_code}")
            if socket.close_code is None or socket.exception() is not None:
                raise StreamError(31921, "the connection was lost")

    async def _obey(self, text: str) -> None:
        try:
            message = orjson.loads(text)
            event = message["event"]
            if message.get("streamSid") != self.facts.sid:
                raise StreamError(31951, "a message for another stream")
            if event == "media":
                self._buffer.add(base64.b64decode(message["media"]["payload"], validate=True))
            elif event == "mark":
                self._buffer.mark(str(message["mark"]["name"]))
            elif event == "clear":
                self.facts.clears += 1
                for name in self._buffer.clear():
                    await self._echo(name)
            else:
                raise StreamError(31951, f"unknown event {event!r}")
        except (ValueError, KeyError, TypeError) as error:
            raise StreamError(31951, f"not a message of the protocol: {type(error).__name__}") from error

    async def _keys(self) -> None:
        while True:
            heard = await self._conversation.caller.inputs.get()
            if isinstance(heard, Key):
                await self._send_numbered("dtmf", {"track": "inbound_track", "digit": heard.digit})
            elif isinstance(heard, Speech):
                self._call.tell("said", text=heard.words)

    async def _cut(self) -> None:
        after = self._call.faults.cut_stream_after
        await asyncio.sleep(86_400 if after is None else after)
        self.facts.ended_by = "fault"
        self._call.tell("fault: stream cut")
        raise StreamError(31921, "fault: the connection was cut")

    async def _close(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._stopping = True
        if self.facts.ended_by == "fault":
            await _abort(socket)
        elif not self.facts.ended_by:
            self.facts.ended_by = "carrier"
            try:
                await self._send_numbered("stop", {"accountSid": self._call.account_sid, "callSid": self._call.sid})
                await asyncio.wait_for(socket.close(), 2)
            except (ConnectionError, aiohttp.ClientError, TimeoutError):
                await _abort(socket)
        else:
            await socket.close()
        told = {"buffered_ms": self._buffer.deepest // 8, "late_ms": round(self.facts.latest_tick_ms, 1)}
        self._call.tell(
            "stream ended",
            sid=self.facts.sid,
            by=self.facts.ended_by,
            frames=self.facts.frames_sent,
            heard=self.facts.frames_heard,
            **told,
        )


async def _abort(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Drop the TCP connection without a closing handshake, as a dying network does."""
    connection = socket._response.connection  # aiohttp has no public way to a transport
    if connection is not None and connection.transport is not None:
        connection.transport.abort()
    with suppress(ConnectionError, aiohttp.ClientError, TimeoutError):
        await asyncio.wait_for(socket.close(), 1)  # nothing leaves any more; it gives the connection back
