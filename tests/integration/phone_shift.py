"""A shift whose callers come through the carrier's webhooks, with two edges and the carrier's API outside."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from functions.join_media import app as join_media
from functions.release_media import app as release_media
from functions.voice_webhook import app as webhook
from hearthline.events.word import Actor
from hearthline.floor.store import Floor
from hearthline.presence.store import Presence
from tests.integration import carrier_posts
from tests.integration.carrier_posts import SID, in_memory
from tests.integration.outside import Outside, a_carrier, an_edge, serving
from tests.shift import CALLER, READERS, Shift, bound, deliver


class PhoneShift(Shift):
    def __init__(self, carrier: Outside, edges: dict[str, Outside]) -> None:
        super().__init__()
        listed = [{"name": n, "url": e.url, "stream": f"wss://{n}.test/stream"} for n, e in edges.items()]
        self.effects = in_memory(carrier_api_url=carrier.url, edges=json.dumps(listed))
        self.floor = Floor(self.effects)
        self.presence = Presence(self.effects)
        self.carrier = carrier
        self.edges = edges

    def accepted(self, call: str = SID, edge: str = "edge-a") -> str:
        """A caller asks for billing, rings at ana, who accepts; the contact's id. Nothing was joined yet."""
        self.agent("ana", queues={"billing": 3})
        contact = carrier_posts.queued(call)
        self.run("route")
        return self.accept(contact, edge)

    def accept(self, contact: str, edge: str = "edge-a") -> str:
        step = self.floor.accept(self.state_of(contact).offer, "ana", edge, Actor(kind="agent", id="ana"))
        self.queue.send("join", step.event)
        return contact

    def page_talks(self) -> None:
        """The caller of ``page``, in a browser, talks to ana at edge-a."""
        self.floor.arrive("page", channel="browser", edge="edge-a", actor=CALLER)
        self.floor.enqueue("page", matter="outage", queue="broadband", lang="zh", actor=CALLER)
        self.agent("ana")
        self.deliver_for("page", "ContactQueued")
        self.run("route")
        self.accept("page")
        self.floor.connected("page", "edge-a")

    def last(self, queue: str) -> str:
        return [sent.body for sent in self.queue.sent if sent.queue == queue][-1]

    def join(self) -> list[str]:
        return deliver(join_media, self.effects, self.last("join"))

    def release(self) -> list[str]:
        return deliver(release_media, self.effects, self.last("release"))


@contextmanager
def phone_shift() -> Iterator[PhoneShift]:
    with serving(a_carrier()) as carrier, serving(an_edge()) as a, serving(an_edge()) as b:
        shift = PhoneShift(carrier, {"edge-a": a, "edge-b": b})
        with bound(webhook, shift.effects):
            yield shift


__all__ = ["READERS", "PhoneShift", "phone_shift"]
