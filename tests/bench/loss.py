"""What a listener hears of natural speech over a line that loses packets, both ways through a real browser.

    make bench NAME=loss

The product's own leg runs in Chromium; between it and the edge stands a relay that loses media, at random or in bursts
(Gilbert-Elliott, mean burst of three packets). Up is what the edge decoded, down what the loudspeaker got; both at
16 kHz, scored by PESQ-WB and STOI against what was said. Scores begin once both ends have seen the loss. Beside it
(``loss_beside``), with one seed: less protection, and aiortc. LINES, SEEDS and BESIDE choose less.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
import wave
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from local.places import ROOT
from media_edge.legs.leg import LegReport
from tests.bench.line_page import PAGE, build, page_at
from tests.bench.student import interval
from tests.media.running import Pcm, Running, running_edge

SPEECH: Final = Path("/usr/share/pocketsphinx/test/data/librivox")
PLAIN: Final = (Path(__file__).parent, "delay.html")
SCORER: Final = ROOT / "local/.state/measure/bin/python"
RATE: Final = 16_000
PAUSE_SECONDS: Final = 0.4
ADAPT_SECONDS: Final = 10.0
SEEDS: Final = (1, 2, 3)
LINES: Final = {"clean": (0.0, 1), "random_10": (0.1, 1), "bursty_10": (0.1, 3), "bursty_20": (0.2, 3)}
"""Share that is lost, and the mean length of a burst."""


class Loss:
    """Gilbert-Elliott: in a burst everything is lost."""

    def __init__(self, share: float, burst: float, seed: int) -> None:
        self._chance = Random(seed)
        self._out = 1 / burst
        self._in = share / (burst * (1 - share)) if share < 1 else 1.0
        self._bad = False
        self.on = False

    def takes(self) -> bool:
        self._bad = self._chance.random() < (1 - self._out if self._bad else self._in)
        return self.on and self._bad


class Relay:
    """Between one browser and the edge. Only media is lost: both ends are to adapt, not to reconnect."""

    def __init__(self, edge: tuple[str, int], up: Loss, down: Loss) -> None:
        self._edge, self.up, self.down = edge, up, down
        self._back: Any = None
        self._browser: tuple[str, int] | None = None
        self.bytes = {"up": 0, "down": 0}
        self.dead = False

    async def rebind(self) -> None:
        """The edge sees another address from now on."""
        self._back.close()
        loop = asyncio.get_running_loop()
        self._back, _ = await loop.create_datagram_endpoint(lambda: _Side(self._from_edge), remote_addr=self._edge)

    async def open(self) -> int:
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(
            lambda: _Side(self._from_browser), local_addr=("127.0.0.1", 0)
        )
        self._back, _ = await loop.create_datagram_endpoint(lambda: _Side(self._from_edge), remote_addr=self._edge)
        port: int = self._front.get_extra_info("sockname")[1]
        return port

    def close(self) -> None:
        self._front.close()
        self._back.close()

    def _from_browser(self, data: bytes, address: tuple[str, int]) -> None:
        self._browser = address
        if self.dead:
            return
        if not (is_media(data) and self.up.takes()):
            self.bytes["up"] += len(data) * is_media(data)
            self._back.sendto(data)

    def _from_edge(self, data: bytes, address: tuple[str, int]) -> None:
        if self._browser and not self.dead and not (is_media(data) and self.down.takes()):
            self.bytes["down"] += len(data) * is_media(data)
            self._front.sendto(data, self._browser)


class _Side(asyncio.DatagramProtocol):
    def __init__(self, heard: Any) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._heard(data, addr)


def is_media(data: bytes) -> bool:
    """RTP, not RTCP (RFC 5761)."""
    return len(data) > 12 and 128 <= data[0] <= 191 and not 192 <= data[1] <= 223


@dataclass
class Voice:
    """A party at the edge: says speech over and over, and keeps what it hears."""

    says: Pcm
    id: str = "voice"
    role: str = "caller"
    who: str = "voice"
    phone: bool = False
    live: bool = True
    gone: bool = False
    heard: list[Pcm] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    at: int = 0

    def set_rate(self, rate: int) -> None:
        assert rate == RATE

    def poll(self, now: float) -> None: ...

    def take(self) -> Pcm | None:
        piece = self.says[self.at : self.at + RATE // 50]
        self.at = (self.at + RATE // 50) % (len(self.says) - RATE // 50)
        return piece

    def give(self, pcm: Pcm | None) -> None:
        self.heard.append(np.zeros(RATE // 50, np.int16) if pcm is None else pcm.copy())

    def encode(self) -> None: ...
    def send(self) -> None: ...

    def close(self) -> None:
        self.live = False

    @property
    def packets(self) -> int:
        return len(self.heard)

    def report(self) -> LegReport:
        return LegReport(self.role, 0.0, 0.0, len(self.heard))


def clips() -> list[Pcm]:
    return [_read(path) for path in sorted(SPEECH.glob("*.wav"))]


def _read(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def spoken(pieces: list[Pcm]) -> Pcm:
    pause = np.zeros(int(PAUSE_SECONDS * RATE), np.int16)
    whole = np.concatenate([part for piece in pieces for part in (piece, pause)])
    return whole[: len(whole) // 320 * 320]


async def played(line: str, seed: int, folder: Path, shape: str = "") -> dict[str, Any]:
    """One call over one line: both sounds, and the bytes a second of each way. ``shape``: of a plain page's offer."""
    share, burst = LINES[line]
    said = spoken(clips())
    seconds = ADAPT_SECONDS + 2 * len(said) / RATE
    async with running_edge() as edge:
        relay = Relay(("127.0.0.1", edge.server.udp.port), Loss(share, burst, seed), Loss(share, burst, seed + 1000))
        edge.server.edge._address = ("127.0.0.1", await relay.open())
        microphone = folder / f"{line}-{seed}.wav"
        _write(microphone, said)
        async with page_at(microphone, *(PLAIN if shape else (PAGE / "dist",))) as page:
            if shape:
                await page.evaluate("(given) => join(...given)", [edge.url, edge.token("agent"), shape])
            else:
                await page.expose_function("door", lambda: {"whip": f"{edge.url}/whip", "token": edge.token("agent")})
                await page.evaluate("() => join(door)")
            voice = Voice(said)
            _room(edge).join(voice)
            relay.up.on = relay.down.on = share > 0
            await asyncio.sleep(ADAPT_SECONDS)
            relay.bytes.update(up=0, down=0)
            await asyncio.sleep(seconds - ADAPT_SECONDS)
            heard = await page.evaluate("() => told().then((all) => all.ear.pcm)" if shape else "() => sound()")
            quality = None if shape else await page.evaluate("() => quality()")
            (leg,) = [each for each in _room(edge).legs if each.role == "agent"]
            report = leg.report()
        relay.close()
    skip = int(ADAPT_SECONDS * RATE)
    measured = seconds - ADAPT_SECONDS
    return {
        "line": line,
        "seed": seed,
        "up": np.concatenate(voice.heard)[skip:],
        "down": np.frombuffer(base64.b64decode(heard), np.int16)[skip:],
        "kbit": {way: round(8 * count / measured / 1000, 1) for way, count in relay.bytes.items()},
        "told": quality,
        "report": report,
    }


def _room(edge: Running) -> Any:
    return edge.server.edge._rooms[edge.contact].room


def _write(path: Path, said: Pcm) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        # Linear steps between samples: what the codec takes lies far below where they are heard.
        x = np.arange(3 * len(said)) / 3
        file.writeframes(np.interp(x, np.arange(len(said)), said).astype(np.int16).tobytes())


def scores(heard: Pcm, folder: Path) -> list[tuple[float, float]]:
    """PESQ-WB and STOI of each clip, by the programs of an environment of their own."""
    spoken_file, heard_file = folder / "spoken.npz", folder / "heard.npy"
    np.savez(spoken_file, *clips())
    np.save(heard_file, heard)
    command = [str(SCORER), str(Path(__file__).with_name("scoring.py")), str(spoken_file), str(heard_file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [(quality, clear) for quality, clear in json.loads(done.stdout)]


def main() -> None:
    build()
    lines = os.environ.get("LINES", " ".join(LINES)).split()
    seeds = SEEDS[: int(os.environ.get("SEEDS", str(len(SEEDS))))]
    worst = dict[str, float]()
    print(f"{'':12}{'way':>6}{'PESQ-WB':>18}{'STOI':>8}{'kbit/s':>8}")
    for line in lines:
        worst[line] = told_of(line, line, seeds, played)
    from tests.bench import loss_beside  # it stands on this module

    beside = loss_beside.measured([line for line in lines if line != "random_10"], worst)
    print(json.dumps({**worst, "beside": beside}))


def told_of(title: str, line: str, seeds: Sequence[int], play: Callable[[str, int, Path], Awaitable[Any]]) -> float:
    """Plays, prints both ways, and says PESQ-WB of the worse one."""
    with TemporaryDirectory() as folder:
        runs = [asyncio.run(_whole(play(line, seed, Path(folder)))) for seed in seeds]
        judged = {way: [scores(run[way], Path(folder)) for run in runs] for way in ("up", "down")}
    means = []
    for way, found in judged.items():
        each = [score for one in found for score, _ in one]
        mean, half = interval(each, 0.95)
        heard = np.mean([clear for one in found for _, clear in one])
        kbit = np.mean([run["kbit"][way] for run in runs])
        print(f"{title:12}{way:>6}{mean:10.2f} +- {half:4.2f}{heard:8.3f}{kbit:8.1f}", flush=True)
        means.append(round(mean, 3))
    print(f"{'':12}", [(run.get("told"), run.get("report")) for run in runs], file=sys.stderr)
    return min(means)


async def _whole(playing: Awaitable[Any]) -> Any:
    return await playing


if __name__ == "__main__":
    main()
