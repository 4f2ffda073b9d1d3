"""`make logs`: what functions, edges, carrier and front door say, in one stream that a person can read."""

import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.answered import first_answered
from local.places import LOGS, read_endpoints

POLL_SECONDS = 0.3
QUIET = {"engine", "first-call"}  # their files are still there to be read
# Fields of a structured line that say nothing to a reader who follows one machine.
PLAIN = {"level", "location", "message", "timestamp", "service", "kind", "request", "xray_trace_id", "sampling_rate"}
COLOURS = (36, 32, 35, 33, 34, 96, 92, 95, 94)


@dataclass
class Tail:
    """One growing file, read line by line."""

    path: Path
    name: str
    at: int = 0
    rest: bytes = field(default=b"")

    def lines(self) -> list[str]:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:  # another start has swept the folder
            return []
        if size < self.at:  # begun anew
            self.at, self.rest = 0, b""
        if size == self.at:
            return []
        with self.path.open("rb") as file:
            file.seek(self.at)
            *whole, self.rest = (self.rest + file.read()).split(b"\n")
            self.at = file.tell()
        return [line.decode(errors="replace") for line in whole]


def follow(found: dict[str, Any], began: float | None = None) -> None:
    """Until interrupted. With ``began`` (epoch seconds) the first answered call is told with its minutes."""
    tails: dict[Path, Tail] = {}
    next_look = 0.0
    while True:
        _find(tails, [Path(found["function_logs"]), LOGS], found.get("tenant", ""))
        for tail in tails.values():
            for line in tail.lines():
                show(tail.name, line)
        if began is not None and time.monotonic() >= next_look:
            next_look = time.monotonic() + 1
            if at := first_answered(found):
                print(f"\n  The first call was answered {(at / 1000 - began) / 60:.1f} minutes after the start.\n")
                began = None
        time.sleep(POLL_SECONDS)


def _find(tails: dict[Path, Tail], folders: list[Path], tenant: str) -> None:
    for folder in folders:
        for path in folder.glob("*.log"):
            name = path.stem.removeprefix(f"hearthline-{tenant}-")
            if path not in tails and name not in QUIET:
                tails[path] = Tail(path, name)


def show(name: str, line: str) -> None:
    """One line for a person: when, who, what, and the fields that matter."""
    if not line.strip():
        return
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict) or "message" not in said:
        _print(name, "", line)
        return
    fields = "  ".join(f"{key}={_short(value)}" for key, value in said.items() if key not in PLAIN)
    level = "" if said.get("level") in ("INFO", None) else f"{said['level']} "
    _print(name, level, f"{said['message']}  {fields}".rstrip())


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print(name: str, level: str, text: str) -> None:
    shown = f"{name:<14}"
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        shown = f"\033[{COLOURS[sum(name.encode()) % len(COLOURS)]}m{shown}\033[0m"
    print(f"{time.strftime('%H:%M:%S')} {shown} {level}{text}", flush=True)


if __name__ == "__main__":
    try:
        follow(read_endpoints())
    except KeyboardInterrupt:
        print()
