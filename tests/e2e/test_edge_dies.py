"""The machine that carries a call's sound dies: the call goes on at another one, and its recording has two parts."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import agent_voice
from local.callers.sound import measure
from local.carrier.audio import RATE, Samples
from local.places import PYTHON, ROOT
from tests.e2e.desk import Desk, desk, repeated, sign_in
from tests.e2e.left import Left
from tests.e2e.test_phone_call import ring, talk, telephone
from tests.e2e.test_transfer import go_home, wrap_up

pytestmark = [pytest.mark.browser, pytest.mark.engine]
KILLS = int(os.environ.get("KILLS", "1"))
BEFORE, AFTER = 10.0, 12.0
"""Seconds: longer than one part of a recording, and longer than anybody may have to wait."""
IN_HAND = 6.0
"""Seconds of a recording that an edge may hold before they are in the bucket."""
PIECE, SLACK = 0.2, 0.1
ENOUGH = 5
"""Pieces in which somebody speaks."""
CLEAR = 0.5
LONGEST = 5.0
"""Seconds of silence. Somebody whose page must first be sent on by the functions waits the longest."""


class Machine:
    """An edge of the world, killed as a machine dies: at once, with all its processes; and a new one in its place."""

    def __init__(self, url: str) -> None:
        port = url.rsplit(":", 1)[1]
        self.pid = next(pid for pid in _processes() if _environment(pid).get("EDGE_PORT") == port)
        self._environment = _environment(self.pid)

    def die(self) -> None:
        os.killpg(os.getpgid(self.pid), signal.SIGKILL)

    def come_back(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # our own command
            [PYTHON, "-m", "media_edge"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def _processes() -> list[int]:
    """Leaders of an edge's group."""
    found = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [pid for pid in found if b"media_edge" in _read(pid, "cmdline") and os.getpgid(pid) == pid]


def _environment(pid: int) -> dict[str, str]:
    pairs = [each.split("=", 1) for each in _read(pid, "environ").decode().split("\0") if "=" in each]
    return dict(pairs)


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:  # it has ended, or is somebody else's
        return b""


def silence(said: Samples, said_at: float, heard: Samples, heard_at: float, killed: float) -> float:
    """Seconds from the kill until what is said is heard again, piece after piece for a second on end."""
    delay = _delay(said, said_at, heard, heard_at, killed + AFTER / 2)
    good = 0
    for number in range(round((AFTER - 1) / PIECE)):
        at = killed + number * PIECE
        piece = _cut(said, said_at, at, PIECE)
        if not _speaks(piece, said):
            continue
        good = good + 1 if _fits(piece, _cut(heard, heard_at, at + delay - SLACK, PIECE + 2 * SLACK)) else 0
        if good == 1:
            back = at
        if good >= ENOUGH:
            return back - killed
    raise AssertionError("what was said was not heard again")


def _delay(said: Samples, said_at: float, heard: Samples, heard_at: float, since: float) -> float:
    """Seconds from mouth to ear when all is well again."""
    found = measure(_cut(said, said_at, since, 4.0), since, _cut(heard, heard_at, since, 5.0), since)
    assert found.correlation > CLEAR, found
    return found.delay_ms / 1000


def _cut(sound: Samples, began: float, at: float, seconds: float) -> Samples:
    first = round((at - began) * RATE)
    return sound[max(0, first) : max(0, first + round(seconds * RATE))]


def _fits(piece: Samples, window: Samples) -> bool:
    """Whether the wave of ``piece`` lies somewhere in ``window``."""
    wave, around = piece.astype(float), window.astype(float)
    if len(around) < len(wave):
        return False
    dots = np.correlate(around, wave, "valid")
    squares = np.convolve(around**2, np.ones(len(wave)), "valid")
    return bool((dots / np.sqrt(np.maximum(squares, 1.0) * (wave**2).sum())).max() > CLEAR)


def _speaks(piece: Samples, all_of_it: Samples) -> bool:
    """Whether there is enough in it to be heard."""
    return len(piece) > 0 and bool(np.abs(piece.astype(int)).mean() > 0.5 * np.abs(all_of_it.astype(int)).mean())


async def both_silences(at: Desk, phone: Telephone, sid: str, killed: float) -> tuple[float, float]:
    """Of the agent, who hears the caller, and of the caller."""
    answered = (await phone.look(sid))["answered_at"] / 1000
    spoken, came = await phone.sound(sid, "spoken"), await phone.sound(sid, "heard")
    here = await at.heard()
    said = repeated(at.voice, len(came) / RATE + max(0.0, answered - here.spoke) + 1)
    return (
        silence(spoken, answered, here.pcm, here.began, killed),
        silence(said, here.spoke, came, answered, killed),
    )


def parts(world: dict[str, Any], sid: str) -> list[dict[str, Any]]:
    """What is recorded of the contact, oldest first, once its edges have told or were given up."""
    left = Left(world)
    contact, until = left.contact_of(sid), time.monotonic() + 30
    while True:
        found = left.items("recordings", f"C#{contact}")
        if all(each["state"] != "open" for each in found) or time.monotonic() > until:
            return sorted(found, key=lambda each: int(each["started_at"]))
        time.sleep(0.5)


def check_parts(world: dict[str, Any], sid: str, recorded: list[dict[str, Any]]) -> None:
    """One from each edge; in both both are heard, and no more is missing than the dead one had in its hands."""
    assert [each["state"] for each in recorded] == ["cut", "whole"]
    assert {each["edge"] for each in recorded} == {each["name"] for each in world["edges"]}
    assert recorded[0]["length_ms"] / 1000 >= BEFORE - IN_HAND
    assert recorded[1]["length_ms"] / 1000 >= AFTER - LONGEST
    left = Left(world)
    for each in recorded:
        heard = left.sound(left.contact_of(sid), each)
        assert abs(len(heard) / RATE - each["length_ms"] / 1000) < 0.1
        assert min(np.abs(heard.astype(int)).max(axis=0)) > 1_000, "one side is silent in the recording"


def test_an_edge_that_dies_in_mid_call_is_a_short_silence_and_a_second_part_of_the_recording(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def call(number: int) -> tuple[str, float, float]:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1001")
            sid = await ring(world, phone, f"+86138123{48200 + number}")
            await talk(at, BEFORE)
            contact = Left(world).contact_of(sid)
            (floor,) = [each for each in Left(world).items("floor", f"C#{contact}") if each["sk"] == "state"]
            machine = Machine(next(each["url"] for each in world["edges"] if each["name"] == floor["edge"]))
            killed = time.time()
            machine.die()
            await asyncio.sleep(AFTER)
            agent, caller = await both_silences(at, phone, sid, killed)
            await expect(at.page.get_by_role("button", name="挂断")).to_be_visible()
            assert not (await phone.look(sid))["ended"]
            await phone.hang_up(sid)
            await wrap_up(at, "已解决")
            await go_home(at)
            assert (at.left, at.errors) == ([], [])
            again.append(machine.come_back())
            return sid, agent, caller

    again: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(KILLS):
            sid, agent, caller = asyncio.run(call(number))
            recorded = parts(world, sid)
            print(f"silence {agent:.1f} s at the agent, {caller:.1f} s at the caller;", _told(recorded))  # noqa: T201 - for this it is run
            assert max(agent, caller) <= LONGEST
            check_parts(world, sid, recorded)
    finally:
        for process in again:
            process.terminate()
            process.wait(10)


def _told(recorded: list[dict[str, Any]]) -> str:
    return ", ".join(f"{each['edge']} {each['state']} {each['length_ms'] / 1000:.1f} s" for each in recorded)
