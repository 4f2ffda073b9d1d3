"""Two agents about one caller: who asks, who answers, what comes of it, and in which rooms each one's sound is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hearthline.floor.model import HEARD, TALKING, TOGETHER, Contact, consult_room
from tests.simulation.edges import Edges

if TYPE_CHECKING:
    from tests.simulation.people import Seat

ASKS: Final = 0.35
"""Share of talks about which a colleague is asked."""
Leg = tuple[str, str]
"""Room and role."""


class Sound:
    """One agent's legs: those his page wants are joined, the others are let go."""

    def __init__(self, edges: Edges, who: str) -> None:
        self._edges = edges
        self._who = who
        self._mine: set[Leg] = set()

    def want(self, wanted: dict[Leg, str], ended: Callable[[], None]) -> None:
        """``wanted``: at which edge each leg belongs."""
        for room, role in self._mine - wanted.keys():
            self._edges.leave(room, role, self._who)
        self._mine &= wanted.keys()
        for (room, role), known in wanted.items():
            if self._edges.is_joined(room, role, self._who):
                continue
            edge = self._edges.meeting(room, known)
            if edge and self._edges.join(edge, room, role, ended, self._who):
                self._mine.add((room, role))


def legs_of(me: str, contact: Contact) -> dict[Leg, str]:
    """Where this agent's sound belongs now."""
    beside = contact.partner == me and contact.consult in TOGETHER
    if contact.state not in TALKING or (contact.agent != me and not beside):
        return {}
    wanted: dict[Leg, str] = {}
    if contact.agent == me:
        wanted[contact.id, "agent"] = contact.edge
    elif contact.consult == "conference":
        wanted[contact.id, "partner"] = contact.edge
    if contact.consult == "talking":
        wanted[consult_room(contact), "caller" if contact.agent == me else "agent"] = contact.consult_edge
    return wanted


class Consulting:
    """What the person does about a colleague; each thing once."""

    def __init__(self, seat: "Seat") -> None:
        self._seat = seat
        self._done: set[str] = set()

    def look(self, contact: Contact) -> None:
        seat, chance = self._seat, self._seat.chance
        if contact.partner == seat.name:
            if self._first(f"beside {contact.consult_offer}") and chance.random() < 0.15:
                seat.on_contact(chance.randrange(4_000, 30_000), contact.id, "leave")
        elif contact.agent == seat.name and contact.state in HEARD:
            self._lead(contact)

    def _lead(self, contact: Contact) -> None:
        seat, chance = self._seat, self._seat.chance
        if not contact.consult and contact.state == "held" and self._first(f"back {contact.version}"):
            seat.on_contact(chance.randrange(500, 5_000), contact.id, "resume")
        if self._first(f"ask {contact.id}") and chance.random() < ASKS:
            seat.ask(chance.randrange(2_000, 25_000), contact.id)
        if contact.consult == "talking" and self._first(f"talk {contact.consult_offer}"):
            seat.may_die(chance.randrange(1_000, 15_000))
            verb = chance.choice(("complete", "complete", "conference", "conference", "cancel"))
            seat.on_contact(chance.randrange(2_000, 20_000), contact.id, f"consult/{verb}")
        if contact.consult == "conference" and self._first(f"all {contact.consult_offer}"):
            verb = chance.choice(("leave", "consult/cancel", "consult/complete", ""))
            if verb:
                seat.on_contact(chance.randrange(3_000, 20_000), contact.id, verb)
        if contact.consult == "asked" and self._first(f"rings {contact.consult_offer}") and chance.random() < 0.2:
            seat.on_contact(chance.randrange(1_000, 12_000), contact.id, "consult/cancel")

    def _first(self, mark: str) -> bool:
        new = mark not in self._done
        self._done.add(mark)
        return new
