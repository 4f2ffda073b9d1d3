"""Reads recordings as any player would: the parts of an Ogg Opus file, put together and decoded by FFmpeg."""

import io
from collections.abc import Iterable

import av
import numpy as np

from tests.media.running import Pcm


def decoded(parts: Iterable[bytes], rate: int) -> Pcm:
    """Frames x 2 at ``rate``."""
    with av.open(io.BytesIO(b"".join(parts)), mode="r") as file:
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=rate)
        whole = [piece for frame in file.decode(audio=0) for piece in resampler.resample(frame)]
        whole += resampler.resample(None)
    return np.concatenate([piece.to_ndarray() for piece in whole], axis=1).reshape(-1, 2)
