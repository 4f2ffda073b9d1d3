"""A shift for tests: memory effects, agents at their screens, contacts that arrive; the real rooms and functions."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

from functions.close_media import app as close_media
from functions.end_wrapup import app as end_wrapup
from functions.expire_offer import app as expire_offer
from functions.mark_gone import app as mark_gone
from functions.route_contact import app as route_contact
from functions.sweep_floor import app as sweep_floor
from hearthline.events.word import Actor, Envelope, Word
from hearthline.floor.store import Floor
from hearthline.platform.clock import SetClock
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.push import MemoryPush
from hearthline.platform.queue import MemoryQueue, Sent
from hearthline.platform.settings import Edge, Settings
from hearthline.platform.store import Key
from hearthline.platform.store_memory import MemoryStore
from hearthline.presence.store import Presence

CALLER, EDGE_ACTOR = Actor(kind="caller"), Actor(kind="edge", id="edge-a")
AGENT_ANA = Actor(kind="agent", id="ana")
NO_EDGE = "http://127.0.0.1:9"
"""Nobody listens there: what is ordered is refused at once."""
READERS: dict[str, ModuleType] = {
    "route": route_contact,
    "expire": expire_offer,
    "wrapup": end_wrapup,
    "gone": mark_gone,
    "media": close_media,
}


def settings(**changes: Any) -> Settings:
    values: dict[str, Any] = {
        "tenant": "demo",
        "stack_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "table_prefix": "t",
        "queue_url_prefix": "q",
        "public_url": "https://cc.example",
        "edges": json.dumps([Edge(name="edge-a", url=NO_EDGE, stream="wss://a.example/stream").model_dump()]),
    }
    return Settings.model_validate(values | changes)


@cache
def media_key() -> dict[str, Any]:
    from joserfc.jwk import OKPKey

    return {"private_key": json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))}


class Shift:
    """``pause`` is called before and after each effect and may raise, as a killed worker does."""

    def __init__(self, pause: Callable[[str], None] = lambda _: None) -> None:
        made = memory(settings(media_secret="media"), pause)
        self.effects: Effects = replace(made, secret={"media": media_key()}.__getitem__)
        self.floor = Floor(self.effects)
        self.presence = Presence(self.effects)
        self._taken = 0

    @property
    def store(self) -> MemoryStore:
        assert isinstance(self.effects.store, MemoryStore)
        return self.effects.store

    @property
    def queue(self) -> MemoryQueue:
        assert isinstance(self.effects.queue, MemoryQueue)
        return self.effects.queue

    @property
    def pushed(self) -> list[str]:
        """The events pushed to screens, in order."""
        assert isinstance(self.effects.push, MemoryPush)
        return [message["event"] for _, message in self.effects.push.pushed]

    def later(self, seconds: float) -> None:
        assert isinstance(self.effects.clock, SetClock)
        self.effects.clock.move(round(seconds * 1000))

    def agent(self, name: str, *, queues: dict[str, int] | None = None, skills: dict[str, int] | None = None) -> str:
        """An agent at a live screen, available; each next one a second later."""
        self.floor.enlist(name, queues=queues or {"broadband": 3}, skills=skills or {"zh": 5})
        self.presence.open(name, f"screen-{name}")
        self.floor.set_status(name, "available")
        self.later(1)
        return name

    def still_here(self, *names: str) -> None:
        for name in names:
            self.presence.beat(f"screen-{name}")

    def contact(self, name: str, *, queue: str = "broadband", lang: str = "zh", channel: str = "phone") -> str:
        """A contact that arrived and waits; nobody was asked to route it yet."""
        self.floor.arrive(name, channel=channel, call_sid=f"CA-{name}" if channel == "phone" else "", actor=CALLER)  # type: ignore[arg-type]  # a test's word
        self.floor.enqueue(name, matter="outage", queue=queue, lang=lang, actor=CALLER)  # type: ignore[arg-type]  # as above
        self.deliver_for(name, "ContactQueued")
        return name

    def deliver_for(self, contact: str, event: str) -> None:
        """What the ledger's stream brings to the queue ``route`` for the newest ``event`` of a contact."""
        entries = [each for each in self.ledger(contact) if each.type == event]
        self.queue.send("route", entries[-1])

    def ringing(self, name: str = "call-1", agent: str = "ana") -> str:
        """A contact rings at an agent; the offer's id."""
        self.agent(agent)
        self.contact(name)
        self.run()
        offer = self.state_of(name).offer
        assert offer
        return str(offer)

    def talking(self, name: str = "call-1", agent: str = "ana") -> None:
        self.floor.accept(self.ringing(name, agent), agent, "edge-a", Actor(kind="agent", id=agent))
        self.floor.connected(name, "edge-a")

    def state_of(self, contact: str) -> Any:
        return self.floor.contact(contact)

    def who(self, agent: str) -> Any:
        return self.floor.agent(agent)

    def ledger(self, subject: str) -> list[Envelope]:
        items = self.store.everything()
        keys = sorted((key for key in items if key.table == "ledger" and key.pk == subject), key=lambda key: key.sk)
        return [Envelope.model_validate(items[key]["event"]) for key in keys]

    def story(self, subject: str) -> list[str]:
        return [each.type for each in self.ledger(subject)]

    def slots(self) -> list[Key]:
        return [key for key in self.store.everything() if key.pk.startswith("Q#")]

    def places(self) -> list[Key]:
        return [key for key in self.store.everything() if key.pk.startswith("W#")]

    def messages(self, *queues: str) -> list[Sent]:
        return [sent for sent in self.queue.sent if not queues or sent.queue in queues]

    def run(self, *queues: str, rounds: int = 20) -> None:
        """Deliver what was sent (and is due at once) to its readers, until nothing is left."""
        for _ in range(rounds):
            new, self._taken = self.queue.sent[self._taken :], len(self.queue.sent)
            if not new:
                return
            for sent in new:
                if sent.queue in READERS and (not queues or sent.queue in queues) and not sent.delay:
                    deliver(READERS[sent.queue], self.effects, sent.body)

    def report(self, word: Word, number: int = 1) -> Envelope:
        """An edge's message about a contact."""
        now = self.effects.clock.now()
        return Envelope.around(word, id=f"edge-a#{number}", tenant="demo", at=now, actor=EDGE_ACTOR)

    def deliver(self, queue: str, envelope: Envelope) -> list[str]:
        return deliver(READERS[queue], self.effects, json.dumps(envelope.plain()))

    def sweep(self) -> dict[str, int]:
        with bound(sweep_floor, self.effects):
            return sweep_floor.handler({}, None)


@contextmanager
def bound(app: ModuleType, effects: Effects) -> Iterator[None]:
    """A function's module with these effects instead of AWS."""
    before = app.effects
    app.effects = lambda: effects  # type: ignore[attr-defined]  # every function has this seam
    try:
        yield
    finally:
        app.effects = before  # type: ignore[attr-defined]  # as above


def deliver(app: ModuleType, effects: Effects, *bodies: str) -> list[str]:
    """Run a queue reader on one SQS batch; the message ids it gives back."""
    records = [{"messageId": f"m{n}", "body": body} for n, body in enumerate(bodies, 1)]
    with bound(app, effects):
        answer = app.handler({"Records": records}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
