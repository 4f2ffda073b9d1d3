"""PESQ-WB (ITU-T P.862.2) and STOI of spoken clips found again in what was heard, as JSON.

Runs in an environment of its own (`local/measure.in`): ``scoring.py spoken.npz heard.npy``, both 16 kHz int16.
"""

import json
import sys
from typing import Any

import numpy as np

RATE = 16_000


def scores(clips: list[Any], heard: Any) -> list[tuple[float, float]]:
    """Of each clip, where it fits best."""
    from pesq import pesq  # type: ignore[import-not-found]  # only in the scorer's own environment
    from pystoi import stoi  # type: ignore[import-not-found]  # the same

    found = []
    for clip in clips:
        at = where(clip, heard)
        got = heard[at : at + len(clip)]
        if len(got) == len(clip):
            found.append((float(pesq(RATE, clip, got, "wb")), float(stoi(clip, got, RATE))))
    return found


def where(clip: Any, heard: Any) -> int:
    size = 1 << (len(clip) + len(heard) - 1).bit_length()
    spectrum = np.conj(np.fft.rfft(clip.astype(np.float64), size)) * np.fft.rfft(heard.astype(np.float64), size)
    return int(np.argmax(np.fft.irfft(spectrum, size)[: max(1, len(heard) - len(clip))]))


if __name__ == "__main__":
    with np.load(sys.argv[1]) as spoken:
        print(json.dumps(scores([spoken[name] for name in spoken.files], np.load(sys.argv[2]))))
