"""A line sealed end to end, between two real Chromiums with the workspace's own code. Figures are printed."""

import asyncio
import base64
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.async_api import Page

from media_edge.legs.sealed import SealedLeg
from media_edge.sound.opus import Decoder, OpusError, library
from media_edge.wire.peer import Peer
from tests.media.running import Pcm, Running, compare, running_edge, speech
from tests.media.test_chromium import page_at, write_microphone

pytestmark = pytest.mark.browser

WEB = Path(__file__).parents[2] / "web"
HEAR = Path(__file__).parents[1] / "e2e" / "hear.js"
RATE, PAGE_RATE = 16_000, 48_000
SAID = {"caller": speech(5, RATE, seed=21), "agent": speech(5, RATE, seed=22)}
HEARD, UNHEARD = 0.8, 0.25
"""Correlation; strangers reach 0.2 where each piece may lie anywhere in some seconds."""
LOUDEST_SILENCE = 8
"""Of 32,767: some -72 dB, what Chromium's own comfort noise reaches."""
STRETCH, TRIES, SETTLE = 5.0, 5, 1.0
KEYS = {"caller": "11" * 32, "agent": "22" * 32}
WRONG = "33" * 32


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, as the workspace's own are built."""
    folder = tmp_path_factory.mktemp("page")
    subprocess.run(["node", "scripts/test-page.mjs", str(folder)], cwd=WEB, check=True, timeout=60)  # noqa: S603, S607  # our own command
    return folder


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass
class Seen:
    """Every frame that the edge took from a page, by who sent it."""

    frames: dict[str, list[bytes]] = field(default_factory=lambda: {"caller": [], "agent": []})


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """The edge, with a witness inside."""
    found, take = Seen(), SealedLeg.take_sealed

    def witnessed(leg: SealedLeg) -> bytes | None:
        frame = take(leg)
        if frame is not None:
            found.frames[leg.role].append(frame)
        return frame

    monkeypatch.setattr(SealedLeg, "take_sealed", witnessed)
    return found


@dataclass
class Line:
    """Caller and agent, each at a page of his own, joined at one edge."""

    edge: Running
    pages: dict[str, Page]

    async def join(self, who: str) -> None:
        token = self.edge.token(who, who, sealed=True)
        await self.pages[who].evaluate("([edge, token]) => line.join(edge, token, true)", [self.edge.url, token])

    async def keys(self, who: str, mine: str, theirs: str) -> None:
        await self.pages[who].evaluate("([m, t, c]) => line.keys(m, t, c)", [mine, theirs, who == "caller"])

    async def agree(self) -> None:
        await self.keys("caller", KEYS["caller"], KEYS["agent"])
        await self.keys("agent", KEYS["agent"], KEYS["caller"])

    async def heard(self, who: str, seconds: float) -> Pcm:
        """What that page plays from now on, at 16 kHz."""
        await self.pages[who].evaluate("() => void window.__heard.chunks.splice(0)")
        await asyncio.sleep(seconds)
        found = await self.pages[who].evaluate("() => window.__heardSound()")
        sound = np.frombuffer(base64.b64decode(found["pcm"]), np.int16).astype(float)
        times = PAGE_RATE // RATE
        slower: Pcm = sound[: len(sound) // times * times].reshape(-1, times).mean(axis=1).astype(np.int16)
        return slower

    async def likeness(self, listener: str, speaker: str) -> float:
        heard = await self.heard(listener, STRETCH)
        return compare(SAID[speaker][: 2 * RATE], heard, RATE).correlation

    async def hear_each_other(self) -> None:
        """A machine that is busy with other things gets a few tries."""
        for _ in range(TRIES):
            ways = await asyncio.gather(self.likeness("agent", "caller"), self.likeness("caller", "agent"))
            print(f"\nagent hears caller {ways[0]:.2f}, caller hears agent {ways[1]:.2f}")  # noqa: T201
            if min(ways) > HEARD:
                return
        raise AssertionError(ways)


@asynccontextmanager
async def sealed_line(built: Path, folder: Path) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        origin = await stack.enter_async_context(site(built))
        edge = await stack.enter_async_context(running_edge(CONSOLE_ORIGIN=origin))
        line = Line(edge, {})
        for who in ("caller", "agent"):
            microphone = folder / f"{who}.wav"
            write_microphone(microphone, SAID[who])
            page = await stack.enter_async_context(page_at("about:blank", microphone))
            await page.add_init_script(path=HEAR)
            await page.goto(f"{origin}/sealed.html")
            line.pages[who] = page
            await line.join(who)
        await edge.wait_for("MediaJoined")
        yield line


def decoded(frames: list[bytes]) -> tuple[Pcm, int]:
    """What somebody at the edge makes of the frames as Opus, the seal's header left off or not; and how many are it."""
    decoder, sound, good = Decoder(library(), RATE), list[Pcm](), 0
    for frame in frames:
        try:
            sound.append(decoder.decode(frame))
            good += 1
        except OpusError:
            continue
    return (np.concatenate(sound) if sound else np.zeros(0, np.int16)), good


def test_both_browsers_hear_each_other_and_the_edge_hears_nobody(built: Path, tmp_path: Path, seen: Seen) -> None:
    async def whole() -> None:
        async with sealed_line(built, tmp_path) as line:
            await line.agree()
            await asyncio.sleep(SETTLE)
            seen.frames.update(caller=[], agent=[])  # what was sent before the keys were there nobody can open
            await line.hear_each_other()
            check_unheard(seen)
            line.edge.server.edge.end(line.edge.contact)
            assert (await line.edge.wait_for("MediaEnded"))["sealed"] is True
            assert line.edge.outlet.stored == {}
            assert (
                line.edge.told("RecordingBegun") == line.edge.told("SpeechHeard") == line.edge.told("OneWayAudio") == []
            )

    asyncio.run(whole())


def test_a_line_joined_anew_is_heard_on_and_uses_no_counter_again(built: Path, tmp_path: Path, seen: Seen) -> None:
    async def whole() -> None:
        async with sealed_line(built, tmp_path) as line:
            await line.agree()
            await asyncio.sleep(SETTLE)
            seen.frames.update(caller=[], agent=[])
            for who in line.pages:
                await line.hear_each_other()
                await line.join(who)
                await asyncio.sleep(SETTLE)
            await line.hear_each_other()
            for who, frames in seen.frames.items():
                counters = [counter_of(frame) for frame in frames]
                print(f"{who}: {len(counters)} frames, counters {min(counters)} to {max(counters)}")  # noqa: T201
                assert len(set(counters)) == len(counters)

    asyncio.run(whole())


def test_a_wrong_key_is_silence_and_never_noise(built: Path, tmp_path: Path) -> None:
    async def whole() -> None:
        async with sealed_line(built, tmp_path) as line:
            for theirs in ("no key yet", WRONG):
                if theirs == WRONG:
                    await line.keys("caller", KEYS["caller"], KEYS["agent"])
                    await line.keys("agent", KEYS["agent"], WRONG)
                heard = await line.heard("agent", STRETCH)
                print(f"\nagent with {theirs[:10]}: loudest sample {np.abs(heard.astype(int)).max()}")  # noqa: T201
                assert len(heard) > STRETCH * RATE * 0.8
                assert np.abs(heard.astype(int)).max() < LOUDEST_SILENCE
            await line.agree()
            await line.hear_each_other()

    asyncio.run(whole())


def lose_bursts(monkeypatch: pytest.MonkeyPatch, kind: type[SealedLeg | Peer], method: str) -> list[int]:
    """Three packets on end of every twenty vanish there; the list fills with their numbers."""
    lost, passed, whole = list[int](), count(), getattr(kind, method)

    def lossy(self: object, packet: bytes, *rest: object) -> None:
        number = next(passed)
        if number % 20 < 3:
            lost.append(number)
        else:
            whole(self, packet, *rest)

    monkeypatch.setattr(kind, method, lossy)
    return lost


def test_copies_at_a_distance_carry_sealed_frames_through_bursts(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bursts of three packets are lost on the way up and on the way down; the pages repeat, and so does the edge."""
    up, down = lose_bursts(monkeypatch, SealedLeg, "_on_rtp"), lose_bursts(monkeypatch, Peer, "send_rtp")

    async def whole() -> None:
        async with sealed_line(built, tmp_path) as line:
            await line.agree()
            for page in line.pages.values():
                await page.evaluate("() => line.lost(1)")
            await line.hear_each_other()
            found = line.edge.server.edge.seen()
            for each in found:
                lost, left = each.report.recent_loss, each.report.heard_loss
                print(f"{each.report.role}: {lost} lost, {left} after copies")  # noqa: T201
            assert all(each.report.recent_loss > 0.05 and each.report.heard_loss < 0.01 for each in found)
            print(f"lost: {len(up)} up, {len(down)} down")  # noqa: T201
            assert up and down

    asyncio.run(whole())


def check_unheard(seen: Seen) -> None:
    """Neither as it comes nor without what the seal puts before it is it anybody's speech; its lengths tell nothing."""
    for who, frames in seen.frames.items():
        assert len(frames) > 200
        for skip in (0, 2, 3):
            sound, good = decoded([frame[skip:] for frame in frames])
            likeness = compare(SAID[who][: 2 * RATE], sound, RATE).correlation
            print(f"{who} at the edge, {skip} bytes skipped: {good} of {len(frames)} decode, likeness {likeness:.2f}")  # noqa: T201
            assert likeness < UNHEARD
        opened, good = decoded([opened_by_test(who, frame) for frame in frames])
        likeness = compare(SAID[who][: 2 * RATE], opened, RATE).correlation
        print(f"{who} with the key: {good} of {len(frames)} decode, likeness {likeness:.2f}")  # noqa: T201
        assert (good, likeness > HEARD) == (len(frames), True)  # what was caught is what was said
        lengths = {len(frame) - header_bytes(frame) for frame in frames}
        print(f"lengths of what {who} sealed: {sorted(lengths)}")  # noqa: T201
        assert len(lengths) == 1


def opened_by_test(who: str, frame: bytes) -> bytes:
    """RFC 9605 sections 4.3 and 4.4, AES_128_GCM_SHA256_128, in other code than the pages'."""
    header, counter = header_bytes(frame), counter_of(frame)
    sender = {"caller": 0, "agent": 1}[who]

    def drawn(label: bytes, size: int) -> bytes:
        info = label + sender.to_bytes(8, "big") + b"\x00\x04"
        return HKDF(SHA256(), size, salt=None, info=info).derive(bytes.fromhex(KEYS[who]))

    key, salt = drawn(b"SFrame 1.0 Secret key ", 16), drawn(b"SFrame 1.0 Secret salt ", 12)
    nonce = (int.from_bytes(salt, "big") ^ counter).to_bytes(12, "big")
    return AESGCM(key).decrypt(nonce, frame[header:], frame[:header])


def counter_of(frame: bytes) -> int:
    header = header_bytes(frame)
    return int.from_bytes(frame[1:header], "big") if header > 1 else frame[0] & 0x07


def header_bytes(frame: bytes) -> int:
    """RFC 9605 section 4.3, for senders below eight."""
    counter = frame[0] & 0x0F
    return 1 + (counter - 7 if counter >= 8 else 0)
