"""Who of a room is here, who is missed, and when that ends it. Pure: ``now`` is seconds of a steady clock."""

from collections.abc import Iterable, Sequence

from media_edge.legs.leg import Leg
from media_edge.rooms.happenings import AgentLost, Happening, Joined, PartnerLost, Reason
from media_edge.rooms.hearing import AGENT, CALLER, OURS, PARTNER, SUPERVISOR

CALLER_GONE_SECONDS = 5.0
AGENT_GONE_SECONDS = 30.0
UNHOSTED_SECONDS = 1.0  # a page that joins anew is back sooner than a supervisor misses it
NO_CALLER_SECONDS = 60.0  # an agent alone in a room that never had a caller
MAX_ROOM_SECONDS = 4 * 3600.0


class Presence:
    """Asked whenever somebody comes or goes, and ten times a second."""

    def __init__(self, now: float) -> None:
        self._born = now
        self.connected = False
        """Caller and agent are here at this moment."""
        self._last: dict[str, float] = {}  # role -> when it was last live
        self._host = ""  # who was last live as the agent
        self._hosted = now  # when anybody of the house was last here, heard or not
        self._agent_told = False
        self._partner = ""  # who was live as that, and was not told lost since

    def seen(self, legs: Iterable[Leg], now: float) -> None:
        for leg in legs:
            if leg.live:
                self._last[leg.role] = now

    def unhosted(self, legs: Sequence[Leg], now: float) -> bool:
        """Nobody of the house is left, or another agent came: a supervisor joins anew, or may not."""
        if any(leg.role in OURS for leg in legs):
            self._hosted = now
        before = self._host
        self._host = next((leg.who for leg in legs if leg.role == AGENT and leg.live), before)
        return now - self._hosted >= UNHOSTED_SECONDS or before not in {"", self._host}

    def look(self, legs: Sequence[Leg], now: float) -> list[Happening]:
        """Who met, who is missed."""
        live = {leg.role: leg.who for leg in legs if leg.live and leg.role != SUPERVISOR}
        connected = {CALLER, AGENT} <= live.keys()
        newly, self.connected = connected and not self.connected, connected
        happened: list[Happening] = [Joined(tuple(sorted(live)))] if newly else []
        if AGENT in live:
            self._agent_told = False
        elif not self._agent_told and now - self._last.get(AGENT, now) >= AGENT_GONE_SECONDS:
            self._agent_told = True
            happened.append(AgentLost())
        return [*happened, *self._partner_missed(live, now)]

    def _partner_missed(self, live: dict[str, str], now: float) -> list[Happening]:
        """A partner who became the agent is not missed."""
        if PARTNER in live:
            self._partner = live[PARTNER]
        elif self._partner and live.get(AGENT) == self._partner:
            self._partner = ""
        elif self._partner and now - self._last[PARTNER] >= AGENT_GONE_SECONDS:
            lost, self._partner = self._partner, ""
            return [PartnerLost(lost)]
        return []

    def over(self, legs: Iterable[Leg], now: float) -> Reason | None:
        """Why the room ends, if it does."""
        if now - self._born >= MAX_ROOM_SECONDS:
            return "closed"
        if any(leg.role == CALLER for leg in legs):
            return None  # still here, or still joining
        if CALLER in self._last:
            return "caller_left" if now - self._last[CALLER] >= CALLER_GONE_SECONDS else None
        return "caller_left" if now - self._born >= NO_CALLER_SECONDS else None
