"""The worker dies between any two effects; the carrier posts again, and the call is where it should be."""

from collections.abc import Callable
from dataclasses import dataclass
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
Step = tuple[str, dict[str, str]]
BEGINNING: tuple[Step, ...] = (
    ("/telephony/voice", {}),
    (of_contact("menu"), {"SpeechResult": "我的账单不对"}),
    (of_contact("wait"), {"QueueTime": "0"}),
)


@dataclass(frozen=True)
class Story:
    """The posts of one call, what the ledger says afterwards, and where the contact stands."""

    call: tuple[Step, ...]
    told: tuple[str, ...]
    state: str


CALLBACK = Story(
    (
        *BEGINNING,
        (of_contact("choose", 1), {"Digits": "1"}),
        (of_contact("number", 1), {"Digits": "13912345678"}),
        (of_contact("number", 1), {"Digits": "1"}),
        (of_contact("left"), {"QueueResult": "hangup"}),
        ("/telephony/status", {"CallStatus": "completed"}),
    ),
    ("ContactArrived", "ContactQueued", "CallbackPromised"),
    "callback_promised",
)
RECORDED = {"RecordingUrl": "https://carrier.test/Recordings/RE" + "7" * 32, "RecordingDuration": "7"}
MESSAGE = Story(
    (
        *BEGINNING,
        (of_contact("choose", 1), {"Digits": "2"}),
        (of_contact("left"), {"QueueResult": "leave"}),
        (of_contact("message"), {**RECORDED, "Digits": "#"}),
        ("/telephony/status", {"CallStatus": "completed"}),
    ),
    ("ContactArrived", "ContactQueued", "VoicemailBegun", "VoicemailLeft", "ContactEnded"),
    "voicemail",
)
STEPS = [
    pytest.param(story, step, id=f"{story.state}-{step}-{story.call[step][0].rsplit('/', 2)[-2:][0]}")
    for story in (CALLBACK, MESSAGE)
    for step in range(len(story.call))
]


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


def send(wanted: Story, step: int) -> Answer:
    path, more = wanted.call[step]
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


def effects_of(wanted: Story, step: int) -> list[str]:
    """The effects of one post of the call, in order."""
    found: list[str] = []

    def story(_: Effects, killer: Killer) -> None:
        for before in range(step):
            send(wanted, before)
        killer.passed.clear()
        send(wanted, step)
        found.extend(killer.passed)

    with_killer(story)
    return found


@pytest.mark.parametrize(("wanted", "step"), STEPS)
def test_killed_at_any_effect_and_posted_again_the_call_goes_on_as_if_nothing_had_been(
    wanted: Story, step: int
) -> None:
    for at in range(1, len(effects_of(wanted, step)) + 1):

        def story(effects: Effects, killer: Killer, at: int = at) -> None:
            for before in range(step):
                send(wanted, before)
            killer.passed.clear()
            killer.at = at
            with pytest.raises(Killed):
                send(wanted, step)
            killer.at = None
            for after in range(step, len(wanted.call)):
                assert send(wanted, after).status == 200
            assert told(effects) == list(wanted.told)
            contact = Floor(effects).contact(ID)
            assert contact is not None
            assert contact.state == wanted.state

        with_killer(story)


@pytest.mark.parametrize(("wanted", "step"), STEPS)
def test_a_post_costs_few_effects(wanted: Story, step: int) -> None:
    done = [name for name in effects_of(wanted, step) if name not in {"store.written", "queue.sent"}]
    assert len(done) <= MOST_EFFECTS, done
