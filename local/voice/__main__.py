"""``python -m local.voice [threads]``: speaks what it is given, until its input ends or nobody asks for a while.

One JSON object a line: in ``{"text", "language"}``, a sentence and ``zh`` or ``en``; out the same with ``seconds`` of
sound and ``cpu`` seconds it took, or with ``refused`` and why. The sound itself goes to the disk (``spoken.sound_of``).
"""

import json
import queue
import sys
import threading
import time
from typing import Any, Final

from local.carrier.audio import RATE, wav_bytes
from local.voice.kokoro import Kokoro
from local.voice.phonemes import UnspeakableError
from local.voice.spoken import keep, refusal_of, sound_of

IDLE_SECONDS: Final = 120.0  # then the model's memory is given back; whoever has a text starts the voice again
MAX_WAITING: Final = 1000


def main() -> None:
    """Speak until there is nothing more to speak."""
    begun, used = time.monotonic(), time.process_time()
    voice = Kokoro(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    _tell({"loaded": round(time.monotonic() - begun, 2), "cpu": round(time.process_time() - used, 2)})
    asked: queue.Queue[str] = queue.Queue(MAX_WAITING)
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    while True:
        try:
            line = asked.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            return
        if not line:
            return
        _tell(speak(voice, json.loads(line)))


def speak(voice: Kokoro, wanted: dict[str, str]) -> dict[str, Any]:
    """Speaks one sentence into its file; what is to be told about it."""
    text, language = wanted["text"], wanted["language"]
    path, used = sound_of(text, language), time.process_time()
    try:
        samples = voice.read(text, language)
    except UnspeakableError as error:
        keep(refusal_of(path), str(error).encode())
        return {**wanted, "refused": str(error)}
    keep(path, wav_bytes(samples))
    return {**wanted, "seconds": round(len(samples) / RATE, 2), "cpu": round(time.process_time() - used, 2)}


def _listen(asked: "queue.Queue[str]") -> None:
    for line in sys.stdin:
        asked.put(line)
    asked.put("")


def _tell(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
