"""A sealed room: frames go from one party to the other as they are, and nobody else comes in."""

import asyncio

import pytest

from media_edge.legs.leg import LegReport
from media_edge.legs.sealed import SealedLeg
from media_edge.rooms.happenings import Ended, Happening, Joined
from media_edge.rooms.sealed import MixedError, SealedRoom
from media_edge.rooms.ticking import tick
from tests.media.clients import BrowserClient
from tests.media.running import Running, speech
from tests.media.test_room import Party
from tests.media.test_whole_call import control, phone, play

SAID = speech(1, 16_000)


class SealedParty(SealedLeg):
    """A leg of a page, without the page: it says numbered frames and keeps what it is handed."""

    live, gone = True, False  # what a page decides elsewhere

    def __init__(self, id: str, role: str) -> None:
        self.id, self.role, self.who = id, role, id
        self.pressed = ["1"]
        self.said, self.handed = 0, list[bytes | None]()

    @property
    def packets(self) -> int:
        return self.said

    def poll(self, now: float) -> None: ...

    def take_sealed(self) -> bytes | None:
        self.said += 1
        return f"{self.id} {self.said}".encode()

    def forward(self, frame: bytes | None) -> None:
        self.handed.append(frame)

    def encode(self) -> None: ...

    def send(self) -> None: ...

    def close(self) -> None:
        self.live = False

    def report(self) -> LegReport:
        return LegReport(self.role, 0.0, 0.0, self.said)


def room_of(*parties: SealedParty) -> SealedRoom:
    room = SealedRoom("c1", 100.0)
    for party in parties:
        room.join(party)
    return room


def ticked(room: SealedRoom, now: float) -> list[Happening]:
    tick([room], now)
    return room.take_happened()


def test_each_gets_the_frames_of_the_other_and_never_its_own() -> None:
    caller, agent = SealedParty("c", "caller"), SealedParty("a", "agent")
    room = room_of(caller, agent)
    happened = [item for n in range(3) for item in ticked(room, 100 + n / 50)]
    assert happened == [Joined(("agent", "caller"))]
    assert (caller.handed, agent.handed) == ([b"a 1", b"a 2", b"a 3"], [b"c 1", b"c 2", b"c 3"])


def test_on_hold_nothing_is_handed_on_and_what_was_said_meanwhile_never_is() -> None:
    caller, agent = SealedParty("c", "caller"), SealedParty("a", "agent")
    room = room_of(caller, agent)
    for n, held in enumerate([False, True, True, False]):
        room.held = held
        ticked(room, 100 + n / 50)
    assert caller.handed == [b"a 1", None, None, b"a 4"]
    assert agent.handed == [b"c 1", None, None, b"c 4"]


def test_who_waits_alone_is_handed_nothing_for_the_waiting_tone_is_the_pages_own() -> None:
    caller = SealedParty("c", "caller")
    room = room_of(caller)
    ticked(room, 100.0)
    assert caller.handed == [None]


def test_an_agent_who_joins_anew_speaks_from_the_newer_leg_alone() -> None:
    caller, old, new = SealedParty("c", "caller"), SealedParty("a", "agent"), SealedParty("b", "agent")
    room = room_of(caller, old)
    ticked(room, 100.0)
    room.join(new)
    ticked(room, 100.02)
    assert caller.handed == [b"a 1", b"b 1"]
    assert not old.live


def test_minutes_of_sealed_talk_leave_no_recording_no_turns_and_no_alarm() -> None:
    room = room_of(SealedParty("c", "caller"), SealedParty("a", "agent"))
    happened = [item for n in range(60 * 50) for item in ticked(room, 100 + n / 50)]
    assert happened == [Joined(("agent", "caller"))]
    assert not room.recorder.started


def test_the_room_ends_as_every_room_does() -> None:
    caller = SealedParty("c", "caller")
    room = room_of(caller, SealedParty("a", "agent"))
    ticked(room, 100.0)
    room.leave(caller.id)
    happened = [item for n in range(6 * 50) for item in ticked(room, 100.02 + n / 50)]
    assert Ended("caller_left") in happened


@pytest.mark.parametrize(
    "leg", [Party("p", "caller", phone=True), Party("s", "supervisor"), SealedParty("x", "partner")]
)
def test_nobody_but_the_sealed_pair_comes_in(leg: Party | SealedParty) -> None:
    with pytest.raises(MixedError, match="room_sealed"):
        room_of(SealedParty("c", "caller")).join(leg)


async def joins(edge: Running, role: str, **claims: object) -> BrowserClient:
    return await BrowserClient(edge.url, edge.token(role, f"{role}-1", **claims), SAID).join()


def test_at_the_door_of_a_sealed_room_phones_supervisors_and_open_pages_are_refused_by_a_stable_code() -> None:
    async def scene(edge: Running) -> None:
        caller = await joins(edge, "caller", sealed=True)
        await caller.connected()
        for role, claims in (
            ("agent", {}),
            ("supervisor", {"mode": "listen"}),
            ("supervisor", {"mode": "listen", "sealed": True}),
            ("partner", {"sealed": True}),
        ):
            other = await joins(edge, role, **claims)
            assert (other.status, other.problem) == (403, "room_sealed"), (role, claims)
            await other.close()
        async with phone(edge) as line:
            await asyncio.wait_for(line.closed.wait(), 5)
        status, room = await control(edge, "GET")
        assert (status, [leg["role"] for leg in room["legs"]]) == (200, ["caller"])
        await caller.close()

    play(scene)


def test_a_sealed_page_is_refused_where_the_edge_could_hear() -> None:
    async def scene(edge: Running) -> None:
        caller = await joins(edge, "caller")
        agent = await joins(edge, "agent", sealed=True)
        assert (agent.status, agent.problem) == (403, "room_unsealed")
        for each in (caller, agent):
            await each.close()

    play(scene)


def test_a_token_that_is_unclear_about_the_seal_opens_nothing() -> None:
    async def scene(edge: Running) -> None:
        page = await joins(edge, "caller", sealed="yes")
        assert (page.status, page.problem) == (401, "token_refused")
        await page.close()

    play(scene)


def test_the_answer_to_a_sealed_page_asks_for_frames_of_one_length() -> None:
    async def scene(edge: Running) -> None:
        page = await joins(edge, "caller", sealed=True)
        assert "usedtx=0;cbr=1" in page.connection.remoteDescription.sdp
        await page.close()

    play(scene)
