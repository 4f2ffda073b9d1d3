"""Searches for each planted bug the first seed that finds it, and writes the table that `make check` replays."""

import json
import os
import sys
from multiprocessing import get_context

from tests.simulation.planted import BUGS, SEEDS, search


def main() -> None:
    found: dict[str, int] = {}
    with get_context("spawn").Pool(os.cpu_count(), _prepare, (sys.path,)) as pool:
        for bug, (seed, what) in zip(BUGS, pool.imap(search, BUGS), strict=True):
            found[bug.name] = seed
            print(f"{seed:>5}  {bug.name}: {what[:100]}", flush=True)
    SEEDS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    missed = [name for name, seed in found.items() if seed < 0]
    print(json.dumps({"bugs": len(found), "missed": len(missed), "latest_seed": max(found.values())}))
    if missed:
        sys.exit(f"not found: {', '.join(missed)}")


def _prepare(path: list[str]) -> None:
    sys.path[:] = path
