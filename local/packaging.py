"""Functions and layers as zips, the same bytes for the same content."""

import hashlib
import io
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from local.places import ROOT, TOOLS

EPOCH = (1980, 1, 1, 0, 0, 0)
BUILT = TOOLS / "layers"
IGNORED = {"__pycache__", ".DS_Store"}


@dataclass(frozen=True)
class Package:
    """``key`` names the content: a changed function has another key, an unchanged one is not sent again."""

    key: str
    body: bytes


def _package(name: str, files: dict[str, bytes]) -> Package:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    body = buffer.getvalue()
    return Package(f"{name}-{hashlib.sha256(body).hexdigest()[:16]}.zip", body)


def folder(source: Path) -> Package:
    """Everything below ``source``; a function's folder, or a built layer (which holds ``python/``)."""
    found = [each for each in source.rglob("*") if each.is_file() and not IGNORED & set(each.parts)]
    return _package(source.name, {str(each.relative_to(source)): each.read_bytes() for each in found})


def text(source: Path) -> Package:
    """One text file as it is."""
    body = source.read_bytes()
    return Package(f"{source.stem}-{hashlib.sha256(body).hexdigest()[:16]}{source.suffix}", body)


def built_layer(source: Path) -> Package:
    """The layer as the cloud gets it: our code as it is, third-party wheels as ``layers/build.py`` left them."""
    if (source / "python").is_dir():
        return folder(source)
    return folder(BUILT / source.name)


def linked_layer(_: Path) -> Package:
    """A layer of one file that points the interpreter at the sources and the virtual environment of this machine.

    The engine unpacks layers for each worker; this one starts a function in a third of the time, and a change of
    shared code needs no new layer.
    """
    wheels = (ROOT / ".venv/lib").glob("python*/site-packages")
    roots = [str(each) for each in (ROOT / "layers/core/python", *wheels, ROOT / "local/inside")]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    # An `import` line of a .pth file is executed: ours come before what the engine's own environment holds.
    line = f"import sys; sys.path[:0] = [each for each in {roots!r} if each not in sys.path]; import function_log\n"
    return _package("linked", {f"python/lib/{version}/site-packages/hearthline.pth": line.encode()})
