"""A log line is a constant sentence and known fields: what a caller said or is called never gets there."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.places import ROOT

PRODUCTION = ("layers/core/python/hearthline", "functions", "media_edge/src")
WRITES = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
APPENDS = frozenset({"append_keys", "append_context_keys", "bind"})
OF_LOGGING = frozenset({"exc_info", "stack_info", "stacklevel"})
MADE_BY = frozenset({"logger", "getLogger", "Logger"})
KEYS: dict[str, str] = tomllib.loads(Path(__file__).with_name("log_keys.toml").read_text(encoding="utf-8"))
FEWEST_LINES = 45
"""Fewer found means that the test no longer sees them."""


@dataclass(frozen=True)
class Line:
    """One call that writes to a log, or adds fields to all that follow."""

    where: str
    call: ast.Call
    appends: bool

    def fields(self) -> Iterator[tuple[str | None, ast.expr]]:
        """Key and value; None for a key that only the running code knows."""
        for keyword in self.call.keywords:
            if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
                for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                    yield _constant(key), value
            elif keyword.arg not in OF_LOGGING:
                yield keyword.arg, keyword.value


def _constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_log(node: ast.expr) -> bool:
    """`log`, `self.log`, `logger("name")`: what the code writes its lines with."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower() in {"log", "logger", "logging", "made"}
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in MADE_BY
    return False


def lines_of(path: Path) -> Iterator[Line]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=receiver, attr=verb)):
                if verb in APPENDS or (verb in WRITES and is_log(receiver)):
                    yield Line(f"{path.relative_to(ROOT)}:{node.lineno}", node, verb in APPENDS)


FILES = [path for place in PRODUCTION for path in sorted((ROOT / place).rglob("*.py"))]
LINES = [line for path in FILES for line in lines_of(path)]
WRITTEN = [line for line in LINES if not line.appends]


def names_of(line: Line) -> str:
    return line.where


def test_the_test_sees_the_lines_there_are() -> None:
    assert len(LINES) >= FEWEST_LINES


def test_every_log_has_a_name_by_which_the_test_finds_its_lines() -> None:
    strange = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Assign(value=value, targets=[target]) if isinstance(value, ast.Call) and is_log(value):
                    if not is_log(target):
                        strange.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert strange == []


@pytest.mark.parametrize("line", WRITTEN, ids=names_of)
def test_a_message_is_a_constant_sentence_and_nothing_is_put_into_it(line: Line) -> None:
    assert len(line.call.args) == 1
    sentence = _constant(line.call.args[0])
    assert sentence
    assert not set(sentence) & set("%{}")


@pytest.mark.parametrize("line", LINES, ids=names_of)
def test_every_key_is_known_to_say_nothing_about_a_person(line: Line) -> None:
    assert [key for key, _ in line.fields() if key not in KEYS] == []


@pytest.mark.parametrize("line", LINES, ids=names_of)
def test_no_value_is_a_text_made_up_on_the_spot(line: Line) -> None:
    for key, value in line.fields():
        for node in ast.walk(value):
            assert not isinstance(node, ast.JoinedStr), key
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add)), key
            assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"repr", "vars", "format"}), key


def test_the_list_has_no_key_that_no_line_has() -> None:
    used = {key for line in LINES for key, _ in line.fields()}
    assert sorted(set(KEYS) - used) == []


@pytest.mark.parametrize("key", sorted(KEYS))
def test_each_key_has_its_reason(key: str) -> None:
    assert len(KEYS[key].split()) >= 2
