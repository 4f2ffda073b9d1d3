"""The worker dies between any two effects; the carrier posts again, and the call is where it should be."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.voice_webhook import app as webhook
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.telephony.model import contact_id
from tests.integration.carrier_posts import SID, STACK, Answer, fields, in_memory, of_contact, post
from tests.shift import bound

ID = contact_id(STACK, SID)
MOST_EFFECTS = 11
"""Reads, writes and messages that one post may cost: each is some milliseconds while a caller waits.

One of them looks for the configuration, which is kept for half a minute once it was published.
"""
CALL: tuple[tuple[str, dict[str, str]], ...] = (
    ("/telephony/voice", {}),
    (of_contact("menu"), {"SpeechResult": "我的账单不对"}),
    (of_contact("wait"), {"QueueTime": "0"}),
    (of_contact("choose", 1), {"Digits": "1"}),
    (of_contact("number", 1), {"Digits": "13912345678"}),
    (of_contact("left"), {"QueueResult": "hangup"}),
    ("/telephony/status", {"CallStatus": "completed"}),
)
STORY = ["ContactArrived", "ContactQueued", "CallbackPromised"]


class Killed(BaseException):
    """The process ends here; nothing catches it."""


class Killer:
    """Counts effects and kills at the one asked for."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.at: int | None = None

    def __call__(self, name: str) -> None:
        self.passed.append(name)
        if self.at is not None and len(self.passed) == self.at:
            raise Killed(name)


def send(step: int) -> Answer:
    path, more = CALL[step]
    return post(path, fields(**more))


def told(effects: Effects) -> list[str]:
    store: Any = effects.store
    entries = sorted((key.sk, item) for key, item in store.everything().items() if key.table == "ledger")
    return [item["event"]["type"] for _, item in entries]


def with_killer(story: Callable[[Effects, Killer], None]) -> None:
    killer = Killer()
    effects = in_memory(killer)
    with bound(webhook, effects):
        story(effects, killer)


def effects_of(step: int) -> list[str]:
    """The effects of one post of the call, in order."""
    found: list[str] = []

    def story(_: Effects, killer: Killer) -> None:
        for before in range(step):
            send(before)
        killer.passed.clear()
        send(step)
        found.extend(killer.passed)

    with_killer(story)
    return found


@pytest.mark.parametrize("step", range(len(CALL)), ids=[path.rsplit("/", 2)[-2:][0] for path, _ in CALL])
def test_killed_at_any_effect_and_posted_again_the_call_goes_on_as_if_nothing_had_been(step: int) -> None:
    for at in range(1, len(effects_of(step)) + 1):

        def story(effects: Effects, killer: Killer, at: int = at) -> None:
            for before in range(step):
                send(before)
            killer.passed.clear()
            killer.at = at
            with pytest.raises(Killed):
                send(step)
            killer.at = None
            for after in range(step, len(CALL)):
                assert send(after).status == 200
            assert told(effects) == STORY
            contact = Floor(effects).contact(ID)
            assert contact is not None
            assert contact.state == "callback_promised"

        with_killer(story)


@pytest.mark.parametrize("step", range(len(CALL)))
def test_a_post_costs_few_effects(step: int) -> None:
    done = [name for name in effects_of(step) if name not in {"store.written", "queue.sent"}]
    assert len(done) <= MOST_EFFECTS, done
