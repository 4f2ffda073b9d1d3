"""Searches for each planted bug the first seed that finds it, and writes the table that `make check` replays.

KEEP=1 keeps each seed that still finds its bug and searches only for the others. MOST=n gives up after n seeds.
"""

import json
import os
import sys
from multiprocessing import get_context
from typing import Final

from tests.simulation.planted import BUGS, MOST_SEEDS, SEEDS, Bug, found, search, seeds

KEEP: Final = bool(os.environ.get("KEEP"))
MOST: Final = int(os.environ.get("MOST", MOST_SEEDS))


def main() -> None:
    chosen: dict[str, int] = {}
    with get_context("spawn").Pool(os.cpu_count(), _prepare, (sys.path,)) as pool:
        for bug, (seed, what) in zip(BUGS, pool.imap(_seed_of, BUGS), strict=True):
            chosen[bug.name] = seed
            print(f"{seed:>5}  {bug.name}: {what[:100]}", flush=True)
    missed = [name for name, seed in chosen.items() if seed < 0]
    kept = {name: seed for name, seed in chosen.items() if seed > 0}
    SEEDS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps({"bugs": len(chosen), "missed": len(missed), "latest_seed": max(kept.values())}))
    if missed:
        sys.exit(f"not found: {', '.join(missed)}")


def _seed_of(bug: Bug) -> tuple[int, str]:
    known = seeds().get(bug.name, 0) if KEEP else 0
    one = found(bug, known) if known > 0 else None
    return (known, one.broken) if one else search(bug, MOST)


def _prepare(path: list[str]) -> None:
    sys.path[:] = path
