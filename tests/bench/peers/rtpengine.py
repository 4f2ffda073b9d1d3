"""rtpengine in user space: Opus one side, another codec the other, set up by its ng protocol (bencode over UDP).

Its Opus is always 48 kHz at FFmpeg's own complexity (10); only the bit rate can be set. It passes Opus to Opus through
as it is and mixes nothing, so it has no ``wide``.
"""

import asyncio
import contextlib
import re
import secrets
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bench.peers.party import OPUS, PCMU, Bridge, Line, ended, free_udp_ports
from tests.bench.speech import BITRATE

NAME = "rtpengine"
CARRIES = {"phone": "plain RTP, no FEC, Opus at 48 kHz and complexity 10"}
PROGRAM = "rtpengine"
ANSWER_SECONDS = 1.0
MAPS = {OPUS: "opus/48000/2", PCMU: "PCMU/8000"}


@asynccontextmanager
async def bridge(kind: str, calls: int, folder: Path) -> AsyncIterator[Bridge]:
    """Raises FileNotFoundError where the program is missing, ValueError for a kind it cannot transcode."""
    if shutil.which(PROGRAM) is None:
        raise FileNotFoundError(PROGRAM)
    if kind not in CARRIES:
        raise ValueError(kind)
    control, *media = free_udp_ports(4 * calls + 21)
    with (folder / "rtpengine.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "--config-file=none", "--foreground", "--log-stderr", "--log-level=4", "--table=-1",
            "--interface=127.0.0.1", f"--listen-ng=127.0.0.1:{control}", f"--port-min={min(media)}",
            f"--port-max={max(media) + 1}", "--num-threads=2", f"--pidfile={folder / 'rtpengine.pid'}",
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        made = [(Line(PCMU, kind, 2 * n), Line(OPUS, kind, 2 * n + 1)) for n in range(calls)]
        loop = asyncio.get_running_loop()
        for n, (phone, browser) in enumerate(made):
            await loop.run_in_executor(None, _join, control, f"call-{n}", phone, browser)
        yield Bridge(process.pid, made)
    finally:
        await ended(process)


def _join(control: int, call: str, phone: Line, browser: Line) -> None:
    """The browser offers Opus, the phone is offered PCMU and answers with it."""
    codec = {"mask": ["opus"], "transcode": ["PCMU"], "set": [f"opus/48000/2/{BITRATE}"]}
    common = {"call-id": call, "from-tag": "browser", "ICE": "remove", "rtcp-mux": ["demux"]}
    offer = _ask(control, common | {"command": "offer", "sdp": _sdp(browser), "codec": codec})
    phone.aim(_port(offer))
    answer = _ask(control, common | {"command": "answer", "to-tag": "phone", "sdp": _sdp(phone)})
    browser.aim(_port(answer))


def _sdp(line: Line) -> str:
    name = MAPS[line.codec]
    return (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {line.port} RTP/AVP {line.codec}\r\na=rtpmap:{line.codec} {name}\r\na=ptime:20\r\na=sendrecv\r\n"
    )


def _port(answer: dict[str, Any]) -> int:
    found = re.search(r"m=audio (\d+)", str(answer.get("sdp", "")))
    assert found, answer
    return int(found[1])


def _ask(control: int, request: dict[str, Any]) -> dict[str, Any]:
    """Again until it answers: it may be starting."""
    cookie = secrets.token_hex(4).encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("127.0.0.1", control))
        asking.settimeout(ANSWER_SECONDS)
        for _ in range(10):
            with contextlib.suppress(ConnectionRefusedError, TimeoutError):
                asking.send(cookie + b" " + bencode(request))
                taken: dict[str, Any] = bdecode(asking.recv(65_535).split(b" ", 1)[1])
                return taken
    raise TimeoutError("no answer of rtpengine")


def bencode(value: Any) -> bytes:
    if isinstance(value, dict):
        return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    if isinstance(value, int):
        return b"i%de" % value
    raw = str(value).encode()
    return b"%d:%s" % (len(raw), raw)


def bdecode(data: bytes) -> Any:
    value, _ = _bdecoded(data, 0)
    return value


def _bdecoded(data: bytes, at: int) -> tuple[Any, int]:
    kind = data[at : at + 1]
    if kind == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1 : end]), end + 1
    if kind in (b"d", b"l"):
        found, at = list[Any](), at + 1
        while data[at : at + 1] != b"e":
            each, at = _bdecoded(data, at)
            found.append(each)
        return (dict(zip(found[::2], found[1::2], strict=True)) if kind == b"d" else found), at + 1
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1 : end].decode(), end
