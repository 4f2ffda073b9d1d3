"""Natural speech to measure a media path with: LibriVox clips at either rate, and the same as Opus or G.711 packets."""

import wave
from pathlib import Path
from typing import Final

import numpy as np

from media_edge.sound import g711, opus
from tests.media.running import Pcm

BITRATE, COMPLEXITY = 24_000, 5
LIBRIVOX: Final = Path("/usr/share/pocketsphinx/test/data/librivox")
APART: Final = 37  # frames between what one party says and the next: nobody's codec runs on tables another one warmed


def natural(rate: int) -> Pcm:
    """Some half a minute of people reading, without a pause of its own: what a codec is measured with."""
    clips = []
    for path in sorted(LIBRIVOX.glob("*.wav")):
        with wave.open(str(path)) as file:
            clips.append(np.frombuffer(file.readframes(file.getnframes()), np.int16))
    said = np.concatenate(clips)
    if rate == 8_000:
        window = np.hanning(17)
        said = np.convolve(said, window / window.sum(), "same")[::2].astype(np.int16)
    return said[: len(said) // (rate // 50) * (rate // 50)]


def encoded(said: Pcm, rate: int) -> list[bytes]:
    encoder, step = opus.Encoder(opus.library(), rate, bitrate=BITRATE, complexity=COMPLEXITY), rate // 50
    frames = [encoder.encode(said[at : at + step]) for at in range(0, len(said), step)]
    return [frame for frame in frames if frame]


def mu_law(said: Pcm) -> list[bytes]:
    """Frames of 20 ms at 8 kHz."""
    return [g711.MU.encode(said[at : at + 160]) for at in range(0, len(said), 160)]
