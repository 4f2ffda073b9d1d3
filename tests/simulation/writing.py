"""Those who write: a customer who waits for an answer, and what an agent does with the messages he holds."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hearthline.floor.items import to_contact
from hearthline.floor.model import OVER, TALKING, Agent, Contact
from hearthline.platform.store import Key
from tests.simulation.commands import Commands, Lang, again_and_again
from tests.simulation.loop import Loop
from tests.simulation.storage import Store

if TYPE_CHECKING:
    from tests.simulation.people import Seat

TRIES: Final = 5
AGAIN_MS: Final = 60_000


class Writers:
    """Customers: each writes once, and gives up or is done when the agent files it."""

    def __init__(self, loop: Loop, store: Store) -> None:
        self._loop = loop
        self._store = store
        self._commands: Commands
        self._new: Callable[[], str]
        self.named: Callable[[str, str], None] = lambda contact, name: None
        self._count = 0

    def open(self, commands: Commands, new: Callable[[], str]) -> None:
        self._commands, self._new = commands, new

    def write(self, patience_ms: int) -> None:
        self._count += 1
        name, contact = f"writer-{self._count}", self._new()
        lang: Lang = self._loop.chance.choice(("zh", "zh", "en"))
        self.named(contact, name)
        self._loop.tell(f"{name} writes")
        again_and_again(self._loop, lambda: self._commands.write(contact, lang), TRIES)
        self._loop.after(patience_ms, lambda: self._give_up(contact, name))

    def _give_up(self, contact: str, name: str) -> None:
        item = self._store._items.get(Key("floor", f"C#{contact}"))
        if item is None or item["state"] in OVER:
            return
        if item["state"] in TALKING and self._loop.chance.random() < 0.7:
            self._loop.after(AGAIN_MS, lambda: self._give_up(contact, name))
            return
        self._loop.tell(f"{name} needs no answer any more")
        again_and_again(self._loop, lambda: self._commands.leave(contact, self._new()), TRIES)


class Writing:
    """An agent's: takes most messages, answers each for a while, files it or gives it on."""

    def __init__(self, seat: "Seat", store: Store) -> None:
        self._seat = seat
        self._store = store
        self._done: set[str] = set()

    def look(self, agent: Agent) -> None:
        for name in agent.messages:
            item = self._store._items.get(Key("floor", f"C#{name}"))
            if item is not None:
                self._see(to_contact({**item, "pk": f"C#{name}"}))

    def _see(self, contact: Contact) -> None:
        mark = f"{contact.id} {contact.state} {contact.offer}"
        if mark in self._done:
            return
        self._done.add(mark)
        seat, chance = self._seat, self._seat.chance
        if contact.state == "offered":
            offer, draw = contact.offer, chance.random()
            if draw < 0.1:
                seat.later(2_000, "declines a message", lambda ask, key: ask.decline(seat.name, offer, key))
            elif draw < 0.9:
                seat.later(
                    chance.randrange(500, 8_000),
                    "takes a message",
                    lambda ask, key: ask.accept(seat.name, offer, contact.id, key),
                )
        elif contact.state == "connected":
            after = chance.randrange(5_000, 90_000)
            if chance.random() < 0.15:
                seat.later(
                    after,
                    "gives a message on",
                    lambda ask, key: ask.transfer(seat.name, contact.id, "service", "", key),
                )
            else:
                seat.on_contact(after, contact.id, "hangup")
        elif contact.state == "wrap_up" and chance.random() < 0.7:
            seat.on_contact(chance.randrange(1_000, 20_000), contact.id, "wrap-up")
