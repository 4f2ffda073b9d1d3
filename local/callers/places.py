"""Where everything listens on this laptop, and the speech to test with."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from local.carrier.audio import Samples, read_wav, speech_like, wav_bytes
from local.places import STATE

# Natural English, in Debian's pocketsphinx-testdata.
CLIPS: Final = Path("/usr/share/pocketsphinx/test/data/librivox")
CALLER_CLIP: Final = CLIPS / "sense_and_sensibility_01_austen_64kb-0870.wav"
AGENT_CLIP: Final = CLIPS / "sense_and_sensibility_01_austen_64kb-0920.wav"


class Places(BaseModel):
    """``local/.state/endpoints.json``, as far as callers and agents need it."""

    model_config = ConfigDict(frozen=True)

    public: str
    carrier: str
    number: str
    aws: str = ""
    users: tuple[Mapping[str, Any], ...] = ()

    def agents(self) -> list[Mapping[str, Any]]:
        """Those who may take calls."""
        return [user for user in self.users if user["role"] == "agent"]


def places() -> Places:
    """Read the file; ``SystemExit`` with advice when nothing is up."""
    path = STATE / "endpoints.json"
    if not path.exists():
        raise SystemExit("nothing is running here: make up")
    return Places.model_validate(json.loads(path.read_text()))


def caller_wav() -> Path:
    """A caller's voice: a recording where installed, else speech-like sound made once."""
    if CALLER_CLIP.exists():
        return CALLER_CLIP
    made = STATE / "caller.wav"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(wav_bytes(speech_like(6.0, seed=11)))
    return made


def agent_voice() -> Samples:
    """An agent's voice, 8 kHz."""
    return read_wav(AGENT_CLIP) if AGENT_CLIP.exists() else speech_like(5.0, seed=22)
