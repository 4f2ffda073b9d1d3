"""Where one browser can be reached, and where its media goes now. Pure: ``now`` is seconds of a steady clock.

Media goes to one address while the browser is heard from it. A silent uplink means that a link may have died: then
media goes to every validated address, until newer media tells which one it is.
"""

import math
from collections import OrderedDict
from typing import NamedTuple

from media_edge.wire.stun import Address

MAX_ROUTES = 8  # validated addresses kept a peer
FORGET_SECONDS = 30.0  # without a check: browsers check a link in reserve each 25 s
SILENT_SECONDS = 0.12  # six packets of a browser that speaks
PAUSED_SECONDS = 0.4 + SILENT_SECONDS  # a browser that pauses (DTX) sends a packet in 400 ms


class Route(NamedTuple):
    """Where a datagram came from, and to which of our addresses (answers leave from there)."""

    address: Address
    local: str


class Routes:
    """``settled`` is where the browser was last heard or nominated; ``targets`` is where media goes."""

    def __init__(self) -> None:
        self.settled: Route | None = None
        self.targets: tuple[Route, ...] = ()
        self.due = math.inf  # when silence means something; never, before any media and while it already does
        self._spread = False
        self._checked: OrderedDict[Address, tuple[Route, float]] = OrderedDict()

    def __contains__(self, address: Address) -> bool:
        return address in self._checked

    def validated(self, route: Route, now: float) -> None:
        """An authenticated check came this way."""
        self._checked[route.address] = (route, now)
        self._checked.move_to_end(route.address)
        if len(self._checked) > MAX_ROUTES:
            self._checked.pop(next(at for at in self._checked if self.settled is None or at != self.settled.address))
        if self._spread:
            self._aim(now)

    def settle(self, route: Route) -> None:
        """Here until something newer."""
        self.settled = route
        if not self._spread:
            self.targets = (route,)

    def heard(self, route: Route, now: float) -> None:
        """Newer authenticated media came this way."""
        self.due = now + SILENT_SECONDS
        if route == self.settled and not self._spread:
            return
        self._spread = False
        self.settle(route)
        self.validated(route, now)

    def pause(self, now: float) -> None:
        """The newest packet said that the next one comes late."""
        self.due = now + PAUSED_SECONDS

    def look(self, now: float) -> None:
        """Spread where media is overdue; forget what was not checked for long."""
        if now >= self.due:
            self._spread, self.due = True, math.inf
        for at in [at for at, (_, checked) in self._checked.items() if now - checked > FORGET_SECONDS]:
            if self.settled is None or at != self.settled.address:
                del self._checked[at]
        if self._spread:
            self._aim(now)

    def _aim(self, now: float) -> None:
        reserve = [
            route
            for route, checked in self._checked.values()
            if route != self.settled and now - checked <= FORGET_SECONDS
        ]
        self.targets = (*((self.settled,) if self.settled else ()), *reserve)
