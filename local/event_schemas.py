"""Writes docs/events.json: the JSON Schema of each word, as readers in other languages see it."""

import json
from typing import Any

from hearthline.events.all import WORDS
from hearthline.events.word import Envelope
from local.places import ROOT

PATH = ROOT / "docs" / "events.json"


def schemas() -> dict[str, Any]:
    """The envelope and every word with its schema number."""
    words = {
        name: {"schema": word.SCHEMA, "data": word.model_json_schema(mode="serialization")}
        for name, word in sorted(WORDS.items())
    }
    return {"envelope": Envelope.model_json_schema(mode="serialization"), "words": words}


def text() -> str:
    """What the file must hold."""
    return json.dumps(schemas(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text())
