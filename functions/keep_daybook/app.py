"""SQS ``daybook`` -> what happened is noted by the day: each contact in a line, each agent's hours."""

from collections.abc import Callable

from hearthline.callflow.diary import note
from hearthline.events.word import Envelope, Word
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger

effects: Callable[[], Effects] = aws
log = logger("keep_daybook")


def note_one(envelope: Envelope, word: Word) -> None:
    noted = note(effects(), envelope, word)
    log.info("noted by the day", event=envelope.id, noted=noted)


handler = queue_reader("daybook", note_one, lambda: effects(), log)
