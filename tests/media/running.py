"""A whole edge on free loopback ports in this process, with memory behind it; tokens as the functions make them."""

import asyncio
import ssl
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joserfc import jwt
from joserfc.jwk import OKPKey

from hearthline.platform.seal import MemoryKeys, Place, Sealer
from media_edge.entry.tokens import carrier_signature
from media_edge.kept.reports import MemoryOutlet, Reporter
from media_edge.kept.upload import RECORDINGS_TABLE
from media_edge.server import Server
from media_edge.settings import Settings

Pcm = npt.NDArray[np.int16]

AUTH_TOKEN = "carrier-secret"
ORIGIN = "http://localhost:8080"
EDGE = "edge-1"


def media_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


def make_token(key: OKPKey, contact: str, role: str, leg: str, **changes: Any) -> str:
    now = int(time.time())
    claims: dict[str, Any] = {"iss": "hearthline", "tenant": "demo", "aud": EDGE, "sub": contact}
    claims |= {"role": role, "leg": leg, "jti": str(uuid.uuid4()), "iat": now, "exp": now + 60} | changes
    return jwt.encode({"alg": "Ed25519"}, claims, key, algorithms=["Ed25519"])


@dataclass
class Running:
    """What a test holds in its hand."""

    server: Server
    outlet: MemoryOutlet
    keys: MemoryKeys
    key: OKPKey
    url: str = ""
    contact: str = field(default_factory=lambda: str(uuid.uuid4()))

    def token(self, role: str, leg: str = "p1", **changes: Any) -> str:
        return make_token(self.key, self.contact, role, leg, **changes)

    @property
    def signature(self) -> str:
        return carrier_signature(AUTH_TOKEN, self.server.stream_url)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [body["data"] for body in self.outlet.sent if body["type"] == kind]

    @property
    def told_of_calls(self) -> list[str]:
        """All it told but that it is there."""
        return [body["type"] for body in self.outlet.sent if body["type"] != "EdgeSeen"]

    async def wait_for(self, kind: str, seconds: float = 10) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while not self.told(kind):
                await asyncio.sleep(0.02)
        return self.told(kind)[-1]

    def opened_recording(self) -> list[bytes]:
        """Its parts, in order."""
        sealer = Sealer("demo", self.keys)
        return [
            sealer.open(blob, Place(RECORDINGS_TABLE, self.contact, key))
            for key, blob in sorted(self.outlet.stored.items())
        ]


@asynccontextmanager
async def running_edge(tls: ssl.SSLContext | None = None, **changes: Any) -> AsyncIterator[Running]:
    outlet, keys, key = MemoryOutlet(), MemoryKeys(), media_key()
    public = key.as_dict(private=False)
    nowhere = {"MEDIA_QUEUE_URL": "memory", "RECORDINGS_BUCKET": "memory", "SEAL_KEY_ID": "memory"}
    base = nowhere | {"EDGE_NAME": EDGE, "EDGE_PORT": 0, "TENANT": "demo", "CARRIER_AUTH_TOKEN": AUTH_TOKEN}
    settings = Settings.model_validate(base | {"MEDIA_PUBLIC_JWK": public, "CONSOLE_ORIGIN": ORIGIN} | changes)
    server = Server(settings, Reporter(EDGE, "demo", outlet, Sealer("demo", keys)), tls)
    await server.start()
    running = Running(server, outlet, keys, key, f"http://127.0.0.1:{server.port}")
    try:
        yield running
    finally:
        if not server.is_finished:
            await server.close()


@dataclass(frozen=True)
class Match:
    """How alike two sounds are, and by how much the second comes later.

    Medians over pieces of 0.4 s, each where it fits best: a machine that stands still for a moment shifts what follows,
    it does not make it another sound.
    """

    correlation: float
    delay_ms: float


PIECE_SECONDS = 0.4


def compare(said: Pcm, heard: Pcm, rate: int) -> Match:
    """``heard`` may be longer than ``said``."""
    size = int(PIECE_SECONDS * rate)
    found = [_fit(said[at : at + size], at, heard, rate) for at in range(0, len(said) - size + 1, size)]
    return Match(float(np.median([f[0] for f in found])), float(np.median([f[1] for f in found])))


def _fit(piece: Pcm, at: int, heard: Pcm, rate: int) -> tuple[float, float]:
    """Peak of the normalised correlation, and its delay in ms."""
    a, b = piece.astype(np.float64), heard.astype(np.float64)
    if len(b) < len(a):
        return 0.0, 0.0
    size = 1 << (len(a) + len(b) - 1).bit_length()
    products = np.fft.irfft(np.conj(np.fft.rfft(a, size)) * np.fft.rfft(b, size), size)[: len(b) - len(a) + 1]
    energy = np.concatenate([[0.0], np.cumsum(b**2)])
    windows = np.sqrt(np.maximum(energy[len(a) :] - energy[: -len(a)], 1e4))
    likeness = products / windows / (np.linalg.norm(a) or 1.0)
    best = int(np.argmax(likeness))
    return float(likeness[best]), (best - at) / rate * 1000


def alike_in_loudness(said: Pcm, heard: Pcm, rate: int) -> float:
    """Correlation of the levels of 20 ms steps, where it fits best: survives a player that stretches time."""
    a, b = (_levels(sound, rate) for sound in (said, heard))
    windows = (b[at : at + len(a)] for at in range(len(b) - len(a) + 1))
    return max((float(np.corrcoef(a, window)[0, 1]) for window in windows), default=0.0)


def _levels(sound: Pcm, rate: int) -> npt.NDArray[np.float64]:
    step = rate // 50
    steps = sound[: len(sound) // step * step].reshape(-1, step).astype(np.float64)
    levels: npt.NDArray[np.float64] = np.sqrt(np.mean(steps**2, axis=1)) + np.linspace(0, 1e-6, len(steps))
    return levels


def speech(seconds: float, rate: int, seed: int = 1) -> Pcm:
    """Something like speech: voiced syllables with moving pitch and formants, pauses in between."""
    chance = np.random.default_rng(seed)
    parts: list[npt.NDArray[np.float64]] = []
    length = 0
    while length < seconds * rate:
        count = int(rate * chance.uniform(0.12, 0.3))
        at = np.arange(count) / rate
        pitch = chance.uniform(100, 220) * (1 + 0.1 * np.sin(2 * np.pi * 3 * at))
        phase = 2 * np.pi * np.cumsum(pitch) / rate
        formant = chance.uniform(300, 1200)
        voiced = sum(np.sin(n * phase) / (1 + abs(n * 160 - formant) / 200) for n in range(1, 14))
        parts += [voiced * np.sin(np.pi * at * rate / count) ** 0.5, np.zeros(int(rate * chance.uniform(0.02, 0.12)))]
        length += len(parts[-1]) + count
    sound = np.concatenate(parts)[: int(seconds * rate)]
    loud: Pcm = (sound / np.abs(sound).max() * 9_000).astype(np.int16)
    return loud


CLIPS = Path("/usr/share/pocketsphinx/test/data/librivox")
