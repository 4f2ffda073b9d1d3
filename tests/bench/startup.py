"""What each function costs to import, in CPU ms of a fresh process, beside bare boto3 with a DynamoDB client.

A function's figure holds the import of its app and the making of its effects with the DynamoDB client, as a cold start
does. Runs are interleaved so that a busy machine is busy for all; medians are printed, and the spread.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
RUNS = 7
FLOOR = "import boto3; boto3.client('dynamodb')"
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "TENANT": "bench",
    "STACK_ID": "6f1f3f86-3a52-4a35-9d3a-0b7d1e7b1c55",
    "TABLE_PREFIX": "bench",
    "QUEUE_URL_PREFIX": "https://queue.test/bench",
}


def started(code: str, home: Path) -> float:
    """CPU ms (user and system) of a new interpreter that runs ``code``, without the interpreter's own start."""
    paths = (home, ROOT / "layers/core/python", ROOT)
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    timer = f"import time\nbefore = time.process_time()\n{code}\nprint((time.process_time() - before) * 1000)"
    done = subprocess.run([sys.executable, "-c", timer], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def main(runs: int) -> None:
    homes = sorted(each.parent for each in (ROOT / "functions").glob("*/app.py"))
    codes = {"(floor)": (FLOOR, ROOT)} | {
        home.name: ("import app\nfrom hearthline.platform.effects import aws\naws()", home) for home in homes
    }
    times: dict[str, list[float]] = {name: [] for name in codes}
    for run in range(runs + 1):
        for name, (code, home) in codes.items():
            took = started(code, home)
            if run:  # the first run writes the byte code
                times[name].append(took)
    floor = median(times["(floor)"])
    print(f"{'function':16}{'CPU ms':>8}{'min':>8}{'max':>8}{'ratio':>7}")
    for name, each in times.items():
        print(f"{name:16}{median(each):8.0f}{min(each):8.0f}{max(each):8.0f}{median(each) / floor:7.2f}")
    ratios = {name: round(median(each) / floor, 2) for name, each in times.items() if name != "(floor)"}
    print(json.dumps({"floor_ms": round(floor), "ratios": ratios}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
