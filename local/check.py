"""`make check`: every step with its seconds, and at the end one line that counts.

A step that is not a test runner counts as one check. Static steps run two at a time, tests of one folder too; what
runs the whole system has the machine to itself, but for the simulation, which takes only what nobody else wants.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from local.places import IMPORT_PATH, PYTHON, ROOT, TOOLS

VENV, SAM, CHECKOV = PYTHON.parent, TOOLS / "sam/bin", TOOLS / "checkov/bin"
TEMPLATES = ("infra/stack.yaml", "infra/media.yaml", "template.yaml")
CODE = ("layers", "functions", "local", "media_edge/src", "tests")
APART = "^functions/api/"  # its modules are `app` and `chalicelib`, as in Lambda: checked under these names
LANES = 2
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(str(each) for each in [*IMPORT_PATH, ROOT / "functions/api"]),
    "SAM_CLI_TELEMETRY": "0",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "CI": os.environ.get("CI", "true"),
}


@dataclass(frozen=True)
class Counted:
    passed: int
    failed: int


def one_check(output: str, code: int) -> Counted:
    """A linter: it holds or it does not."""
    return Counted(int(code == 0), int(code != 0))


def pytest_counts(output: str, code: int) -> Counted:
    """From pytest's last line; a run that broke before any test counts as one failure."""
    return _counts(output.splitlines()[-1] if output.strip() else "", code)


def vitest_counts(output: str, code: int) -> Counted:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    found = [line for line in plain.splitlines() if re.match(r"\s*Tests\s", line)]
    return _counts(found[-1] if found else "", code)


def _counts(line: str, code: int) -> Counted:
    passed = sum(int(number) for number in re.findall(r"(\d+) passed", line))
    failed = sum(int(number) for number in re.findall(r"(\d+) (?:failed|errors?)\b", line))
    return Counted(passed, max(failed, int(code != 0)))


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str | Path, ...]
    count: Callable[[str, int], Counted] = one_check
    where: Path = ROOT


@dataclass(frozen=True)
class Outcome:
    step: Step
    seconds: float
    counted: Counted
    output: str


STATIC = (
    Step("mypy", (VENV / "mypy", *CODE, "--exclude", APART)),
    # A cache of its own: both begin at once, and two of them making one cache anew have stumbled over each other.
    Step("mypy of the api", (VENV / "mypy", "--cache-dir", ".mypy_cache/api", "-p", "chalicelib", "-m", "app")),
    Step("format", (VENV / "ruff", "format", "--check", "-q", ".")),
    Step("ruff", (VENV / "ruff", "check", "-q", ".")),
    Step("imports", (VENV / "lint-imports",)),
    Step("generated", (PYTHON, "-m", "local.generate", "--check")),
    Step("cfn-lint", (SAM / "cfn-lint", *TEMPLATES)),
    Step("sam validate", (SAM / "sam", "validate", "--lint", "-t", "template.yaml")),
    # Quiet: checkov tells every failed look at its website.
    Step(
        "checkov",
        (
            "env",
            "LOG_LEVEL=ERROR",
            CHECKOV / "checkov",
            "--config-file",
            ".checkov.yaml",
            "--skip-download",
            "-f",
            *TEMPLATES,
        ),
    ),
)
WEB = (
    Step("web lint", ("npm", "run", "--silent", "lint"), where=ROOT / "web"),
    Step("web tests", ("npm", "test", "--silent"), vitest_counts, ROOT / "web"),
)


NOT_CHECKED = {"bench"}  # measured by hand: make bench
LAST = ("integration", "media", "e2e")  # what fails quickly comes first
BESIDE = "simulation"
"""Many minutes of pure computing in virtual time, while the tests of sound and of browsers wait for real time."""
SHARED_OUT = ("-n", str(LANES))
ALONE = {"e2e", BESIDE}  # these are not shared out: one world has two edges and two browsers, histories a pool
IDLE = ("chrt", "--idle", "0") if shutil.which("chrt") else ("nice", "-n", "19")


def test_steps() -> list[Step]:
    """One step for each folder of tests, so that none is forgotten."""
    folders = {each.parent.relative_to(ROOT / "tests").parts[0] for each in (ROOT / "tests").rglob("test_*.py")}
    ordered = sorted(folders - NOT_CHECKED, key=lambda name: (LAST.index(name) + 1 if name in LAST else 0, name))
    return [_tests(name) for name in ordered]


def _tests(name: str) -> Step:
    before, how = (IDLE if name == BESIDE else ()), (() if name in ALONE else SHARED_OUT)
    return Step(
        f"tests/{name}", (*before, VENV / "pytest", "-q", *how, "-m", "not soak", f"tests/{name}"), pytest_counts
    )


def main() -> None:
    begun = time.monotonic()
    print("step                seconds  passed  failed", flush=True)
    with ThreadPoolExecutor(LANES) as pool:
        outcomes = list(pool.map(run, STATIC if "lint" in sys.argv[1:] else (*STATIC, *WEB)))
    if "lint" not in sys.argv[1:]:
        outcomes += tested(test_steps())
    for outcome in outcomes:
        if outcome.counted.failed:
            print(f"\n--- {outcome.step.name}\n{outcome.output}")
    passed = sum(outcome.counted.passed for outcome in outcomes)
    failed = sum(outcome.counted.failed for outcome in outcomes)
    print(f"\n{(time.monotonic() - begun) / 60:.1f} minutes")
    print(f"{passed} passed, {failed} failed")
    sys.exit(bool(failed))


def tested(steps: list[Step]) -> list[Outcome]:
    """One after the other, and one beside them all."""
    (patient,) = [step for step in steps if step.name == f"tests/{BESIDE}"]
    with ThreadPoolExecutor(1) as beside:
        last = beside.submit(run, patient)
        return [*(run(step) for step in steps if step is not patient), last.result()]


def run(step: Step) -> Outcome:
    """Runs a step, prints its line."""
    begun = time.monotonic()
    try:
        done = subprocess.run(
            [str(part) for part in step.command],
            cwd=step.where,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        output, code = done.stdout, done.returncode
    except FileNotFoundError as error:
        output, code = str(error), 127
    counted = step.count(output, code)
    seconds = time.monotonic() - begun
    print(f"{step.name:<18} {seconds:>8.1f}  {counted.passed:>6}  {counted.failed:>6}", flush=True)
    return Outcome(step, seconds, counted, output)


if __name__ == "__main__":
    main()
