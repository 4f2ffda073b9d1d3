"""Every word has a schema that stands in docs/events.json, and somebody in production who says it."""

import ast

import pytest

from hearthline.events.all import WORDS
from hearthline.events.word import Word
from local import event_schemas
from local.places import ROOT

SPEAKERS = ("layers/core/python/hearthline", "functions", "media_edge/src")


def said() -> set[str]:
    """Names of classes that production code calls, or validates into being."""
    names = set[str]()
    for place in SPEAKERS:
        for path in (ROOT / place).rglob("*.py"):
            if "events" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    target = node.func.value if isinstance(node.func, ast.Attribute) else node.func
                    names.add(getattr(target, "id", ""))
    return names


def test_the_schemas_of_all_words_are_as_written_down() -> None:
    assert event_schemas.PATH.read_text() == event_schemas.text(), "run `make generate`"


def test_every_word_is_in_the_list_of_words() -> None:
    assert {word.__name__ for word in Word.__subclasses__() if word.__name__ != "Leg"} == set(WORDS)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_somebody_in_production_says_the_word(name: str) -> None:
    assert name in said()


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_word_refuses_fields_it_does_not_know_and_hides_what_it_was_given(name: str) -> None:
    word = WORDS[name]
    assert word.model_config["extra"] == "forbid"
    assert word.model_config["hide_input_in_errors"] is True
