"""Who calls about what, and how agents behave: decided by a seed alone. Times are seconds."""

from dataclasses import dataclass
from random import Random
from typing import Any, Final, Literal

from local.agents.agent import Habits

MATTERS: Final = {"1": "outage", "2": "billing", "3": "move", "4": "plan", "5": "complaint"}
SAYINGS: Final = ("我家宽带断线了", "账单上有一笔费用不对", "我要投诉", "my internet is down")
ENGLISH_KEY, CALLBACK_KEY, THIS_NUMBER_KEY, MESSAGE_KEY = "9", "1", "1", "2"
PATIENT: Final = 900.0
SAY_SPEED: Final = 20.0
"""The carrier reads out so many times faster than a person: what is said is not what is tried here."""
WEBHOOK_FAULTS: Final = {"duplicate": 0.05, "delay": 0.05, "delay_seconds": 2, "reorder": 0.05}
Way = Literal["phone", "hurry", "wrong_number", "callback", "message", "page", "page_vanishes", "page_callback"]
WAYS: Final[dict[Way, int]] = {
    "phone": 70,
    "hurry": 9,
    "wrong_number": 2,
    "callback": 9,
    "message": 2,
    "page": 5,
    "page_vanishes": 1,
    "page_callback": 2,
}
"""Of a hundred callers. Who wants a callback asks for it as soon as he waits; who is answered first does not."""


@dataclass(frozen=True)
class Wanted:
    """One caller: ``way``, matter by key, how long he waits and talks."""

    number: str
    way: Way
    lang: Literal["zh", "en"]
    key: str
    patience: float
    talk: float
    speaks: bool
    rings_for: float

    @property
    def in_a_browser(self) -> bool:
        return self.way.startswith("page")

    def script(self) -> dict[str, Any]:
        """What the simulated carrier lets this caller do."""
        every = {"answers_after": 0.3, "talk_seconds": self.talk, "patience": self.patience}
        if self.way == "wrong_number":
            return {**every, "hangup_after": 0.2}
        if self.way == "message":
            steps = [{"until": "asked", "wait": 0.3, "keys": key} for key in (self.key, MESSAGE_KEY)]
            return {**every, "steps": [*steps, {"wait": 5.0, "keys": "#"}]}
        if self.speaks:
            return {**every, "says": [SAYINGS[int(self.key) % len(SAYINGS)]]}
        chosen = [self.key] if self.lang == "zh" else [ENGLISH_KEY, self.key]
        more = [CALLBACK_KEY, THIS_NUMBER_KEY] if self.way == "callback" else []
        return {**every, "keys": [*chosen, *more]}


def caller(seed: int, number: int) -> Wanted:
    """The ``number``-th caller of a seed."""
    chance = Random(seed * 1_000_003 + number)
    way = chance.choices(list(WAYS), list(WAYS.values()))[0]
    return Wanted(
        number=f"+86137{number:08d}",
        way=way,
        lang=chance.choice(("zh", "zh", "zh", "en")),
        key=chance.choice(list(MATTERS)),
        patience=chance.uniform(2, 20) if way == "hurry" else PATIENT,
        talk=chance.uniform(2, 6),
        speaks=way == "phone" and chance.random() < 0.2,
        rings_for=chance.uniform(1, 5),
    )


def habits(seed: int, number: int) -> tuple[Habits, Random]:
    """Of the ``number``-th agent. Wrap-ups are what makes callers wait: they cost the machine nothing."""
    chance = Random(seed * 7_919 + number)
    mine = Habits(
        answers_after=chance.uniform(0.2, 2),
        light=True,
        fills_tickets=number % 5 == 0,
        wraps_up_for=chance.uniform(14, 54),
        declines=chance.choice((0.0, 0.02, 0.05)),
        misses=chance.choice((0.0, 0.02, 0.04)),
        gives_on=chance.choice((0.0, 0.03, 0.06)),
        goes_on_break=chance.choice((0.0, 0.1)),
        back_after=chance.uniform(2, 25),
        hangs_up_after=chance.choice((None, None, 8.0)),
    )
    return mine, chance
