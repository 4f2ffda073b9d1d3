"""Janus: one audiobridge room a call, both ends plain-RTP participants; its own configuration and HTTP port."""

import asyncio
import contextlib
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from local.processes import free_port
from tests.bench.peers.party import OPUS, PCMU, RATES, Bridge, Line, ended
from tests.bench.speech import BITRATE, COMPLEXITY

NAME = "janus"
CARRIES = {"phone": "plain RTP, FEC on", "wide": "plain RTP, FEC on"}
PROGRAM = "janus"
START_SECONDS = 10.0
_CONFIGURED = """
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{installed}/plugins"
  transports_folder = "{installed}/transports"
  events_folder = "{folder}"
  loggers_folder = "{folder}"
  debug_level = 3
}}
plugins: {{ disable = "{others}" }}
transports: {{ disable = "{unused}" }}
"""
_HTTP = 'general: {{ json = "compact", base_path = "/janus", http = true, port = {port}, ip = "127.0.0.1" }}\n'
_NAMES = {OPUS: "opus", PCMU: "pcmu"}


@asynccontextmanager
async def bridge(kind: str, calls: int, folder: Path) -> AsyncIterator[Bridge]:
    """Raises FileNotFoundError where the program is missing."""
    if shutil.which(PROGRAM) is None:
        raise FileNotFoundError(PROGRAM)
    port = free_port(0)
    _configure(folder, port)
    with (folder / "janus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            PROGRAM, f"--config={folder / 'janus.jcfg'}", f"--configs-folder={folder}", stdout=log, stderr=log
        )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            await _until_up(http)
            codecs = (PCMU if kind == "phone" else OPUS, OPUS)
            made = [(Line(codecs[0], kind, 2 * n), Line(codecs[1], kind, 2 * n + 1)) for n in range(calls)]
            await asyncio.gather(*[_call(http, n + 1, RATES[kind], made[n]) for n in range(calls)])
        yield Bridge(process.pid, made)
    finally:
        await ended(process)


def _configure(folder: Path, port: int) -> None:
    installed = next(Path("/usr/lib").glob("*/janus"))
    others = ",".join(each.name for each in installed.glob("plugins/*.so") if "audiobridge" not in each.name)
    unused = ",".join(each.name for each in installed.glob("transports/*.so") if "http" not in each.name)
    told = _CONFIGURED.format(folder=folder, installed=installed, others=others, unused=unused)
    (folder / "janus.jcfg").write_text(told)
    (folder / "janus.transport.http.jcfg").write_text(_HTTP.format(port=port))
    (folder / "janus.plugin.audiobridge.jcfg").write_text('general: { local_ip = "127.0.0.1" }\n')


async def _until_up(http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with http.get("/janus/info") as answer:
                    assert answer.status == 200
                    return
            await asyncio.sleep(0.1)


async def _call(http: aiohttp.ClientSession, room: int, rate: int, ends: tuple[Line, Line]) -> None:
    session = (await _ask(http, "/janus", {"janus": "create"}))["data"]["id"]
    handles = [
        (await _ask(http, f"/janus/{session}", {"janus": "attach", "plugin": "janus.plugin.audiobridge"}))["data"]["id"]
        for _ in ends
    ]
    settings = {"room": room, "sampling_rate": rate, "allow_rtp_participants": True, "permanent": False}
    await _ask(http, f"/janus/{session}/{handles[0]}", _message({"request": "create", **settings}))
    for handle, line in zip(handles, ends, strict=True):
        where = {"ip": "127.0.0.1", "port": line.port, "payload_type": line.codec, "fec": line.codec == OPUS}
        join = {"request": "join", "room": room, "codec": _NAMES[line.codec], "rtp": where, "expected_loss": 0}
        join |= {"bitrate": BITRATE, "quality": COMPLEXITY}
        await _ask(http, f"/janus/{session}/{handle}", _message(join))
        line.aim((await _joined(http, session))["rtp"]["port"])


def _message(body: dict[str, Any]) -> dict[str, Any]:
    return {"janus": "message", "body": body}


async def _ask(http: aiohttp.ClientSession, path: str, request: dict[str, Any]) -> dict[str, Any]:
    async with http.post(path, json=request | {"transaction": secrets.token_hex(6)}) as answer:
        body: dict[str, Any] = await answer.json()
    assert body["janus"] in ("success", "ack"), body
    assert "error" not in body.get("plugindata", {}).get("data", {}), body
    return body


async def _joined(http: aiohttp.ClientSession, session: int) -> dict[str, Any]:
    """Its own answer comes as an event; others tell that somebody else joined."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            async with http.get(f"/janus/{session}") as answer:
                body = await answer.json()
            data: dict[str, Any] = body.get("plugindata", {}).get("data", {})
            assert "error" not in data, data
            if "rtp" in data:
                return data
