"""docs/dependencies.md names every package that is asked for, and every lock carries hashes and no address."""

import json
import re

import pytest

from local.places import ROOT

PAGE = (ROOT / "docs/dependencies.md").read_text()
LISTS = [
    "local/voice.in",
    *sorted(
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/**/requirements.in") if ".venv" not in path.parts
    ),
]
LOCKS = [path.replace(".in", ".txt") for path in LISTS]


def wanted(path: str) -> list[str]:
    lines = [line.split("#")[0].strip() for line in (ROOT / path).read_text().splitlines()]
    return [re.split(r"[=<>\[ ]", line)[0] for line in lines if line and not line.startswith("-r")]


def named(package: str) -> bool:
    return re.search(rf"(?<![\w@/-]){re.escape(package)}(?![\w-])", PAGE) is not None


@pytest.mark.parametrize("path", LISTS)
def test_each_package_has_its_line(path: str) -> None:
    assert [each for each in wanted(path) if not named(each) and not each.startswith("types-")] == []


def test_each_package_of_the_pages_has_its_line() -> None:
    assert [
        each for each in json.loads((ROOT / "web/package.json").read_text())["dependencies"] if not named(each)
    ] == []


@pytest.mark.parametrize("path", LOCKS)
def test_a_lock_carries_hashes_and_no_address(path: str) -> None:
    text = (ROOT / path).read_text()
    pinned = re.findall(r"^[A-Za-z0-9._\[\]-]+==", text, re.MULTILINE)
    assert len(pinned) <= text.count("--hash=sha256:")
    assert "://" not in text


def test_the_lock_of_the_pages_carries_no_address() -> None:
    assert '"resolved"' not in (ROOT / "web/package-lock.json").read_text()
