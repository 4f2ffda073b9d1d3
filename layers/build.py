"""Builds the layers of third-party wheels: from the hash lock, without dependencies that no function imports.

    python3 layers/build.py deps DESTINATION [PYTHON_VERSION]

DESTINATION becomes a layer's root (it gets a folder ``python/``). ``sam build`` calls this through each layer's
Makefile. What is kept is named below, so that a new dependency of a dependency does not slip into every cold start.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(__file__).parent / "deps" / "requirements.txt"
RUNTIME = "3.13"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
"""pip takes only the tags it is given; a wheel for an older glibc runs on a newer one."""

# Import names. boto3, botocore, urllib3, dateutil and six come with Lambda's runtime.
KEPT: dict[str, frozenset[str]] = {
    "deps": frozenset(
        {
            "_argon2_cffi_bindings",
            "_cffi_backend",
            "annotated_types",
            "argon2",
            "attr",
            "attrs",
            "aws_lambda_powertools",
            "cffi",
            "chalice",
            "cryptography",
            "jmespath",
            "joserfc",
            "jsonschema",
            "jsonschema_specifications",
            "pydantic",
            "pydantic_core",
            "referencing",
            "rpds",
            "twilio",
            "typing_extensions",
            "typing_inspection",
        }
    ),
    "carrier": frozenset({"certifi", "charset_normalizer", "idna", "jwt", "requests", "twilio", "urllib3"}),
}
# Parts of what is kept that no function imports: the carrier's REST client is the other layer, chalice deploys nothing.
LEFT_OUT: dict[str, tuple[str, ...]] = {
    "deps": ("twilio/rest", "chalice/cli", "chalice/deploy", "chalice/cdk", "chalice/templates"),
    "carrier": (),
}


def build(layer: str, destination: Path, version: str = RUNTIME) -> None:
    """Raises subprocess.CalledProcessError when a hash does not match or a wheel is missing."""
    with tempfile.TemporaryDirectory() as scratch:
        wheels = Path(scratch)
        install(wheels, version)
        root = destination / "python"
        root.mkdir(parents=True, exist_ok=True)
        for found in sorted(wheels.iterdir()):
            if import_name(found.name) in KEPT[layer]:
                shutil.move(found, root / found.name)
        for part in LEFT_OUT[layer]:
            shutil.rmtree(root / part)
        missing = KEPT[layer] - {import_name(each.name) for each in root.iterdir()}
        if missing:
            raise SystemExit(f"not in the lock any more: {', '.join(sorted(missing))}")


def import_name(name: str) -> str:
    """The import name of a folder, module or library; a distribution's metadata has none."""
    return "" if name.endswith(".dist-info") else name.split(".")[0]


def install(target: Path, version: str) -> None:
    """Every wheel of the lock, unpacked; never built here, never resolved anew."""
    exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", str(target), "-r", str(LOCK)]
    tool = shutil.which("uv")
    if tool:
        platform = ["--python-platform", "x86_64-manylinux_2_28", "--python-version", version]
        command = [tool, "pip", "install", "-q", *platform, *exact]
    else:
        platforms = [part for each in PLATFORMS for part in ("--platform", each)]
        platform = [*platforms, "--python-version", version, "--implementation", "cp"]
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", *platform, *exact]
    subprocess.run(command, check=True)  # noqa: S603 - fixed arguments


if __name__ == "__main__":
    build(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
