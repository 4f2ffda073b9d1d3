"""The image: what the Dockerfile copies is enough to run, and nobody is root in it."""

import os
import shlex
import shutil
import site
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "media_edge/Dockerfile").read_text()


def copied_to(target: Path) -> None:
    """What the COPY lines put under /app, under ``target``."""
    for line in DOCKERFILE.splitlines():
        words = shlex.split(line) if line.startswith("COPY ") else [""]
        if not words[-1].startswith("/app/"):
            continue
        for source in words[1:-1]:
            place = target / words[-1].removeprefix("/app/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place)
            else:
                place = place / Path(source).name if words[-1].endswith("/") else place
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)


def test_the_image_holds_all_of_ours_that_the_edge_imports(tmp_path: Path) -> None:
    copied_to(tmp_path)
    environment = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *site.getsitepackages()]), "EDGE_NAME": "e"}
    done = subprocess.run(
        [sys.executable, "-m", "media_edge"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "check these variables" in done.stderr, done.stderr
    assert done.returncode == 2


def test_the_image_runs_as_nobody_special_and_tells_its_health() -> None:
    assert "\nUSER 10001\n" in DOCKERFILE
    assert "\nHEALTHCHECK " in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE
