"""Keys of a telephone, both ways: what is pressed is heard by the others, and by nobody who is parted from them."""

import asyncio
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from media_edge.rooms.session import Room
from media_edge.rooms.ticking import tick
from media_edge.sound import keys
from media_edge.wire import rtp
from tests.media.goertzel import keys_in
from tests.media.running import running_edge
from tests.media.test_chromium import page_at, site, write_microphone
from tests.media.test_room import Party
from tests.media.test_whole_call import agent, phone

ALL = "0123456789*#ABCD"


def pressed(who: str, digits: str, *, held: bool = False) -> dict[str, str]:
    """Caller by phone, agent, partner; one of them presses. The keys that each one heard."""
    room, seconds = Room("c", 0.0), 0.2 * len(digits) + 1
    parties = {role: Party(role, role, phone=role == "caller") for role in ("caller", "agent", "partner")}
    for party in parties.values():
        room.join(party)
    room.held = held
    tick([room], 0.0)
    for party in parties.values():
        party.heard.clear()
    parties[who].pressed.extend(digits)
    for number in range(int(seconds * 50)):
        tick([room], 0.02 * (number + 1))
    nothing = np.zeros(160, np.int16)
    sounds = {role: [nothing if pcm is None else pcm for pcm in party.heard] for role, party in parties.items()}
    return {role: keys_in(np.concatenate(sound), 8_000) for role, sound in sounds.items()}


def test_all_keys_sound_as_a_receiver_on_the_line_wants_them() -> None:
    for rate in (8_000, 16_000):
        sound = np.concatenate([frame for digit in ALL for frame in keys.tone(digit, rate)])
        assert keys_in(sound, rate) == ALL


def test_the_others_hear_what_one_presses_and_he_himself_does_not() -> None:
    assert pressed("caller", "12#") == {"caller": "", "agent": "12#", "partner": "12#"}
    assert pressed("agent", "9900") == {"caller": "9900", "agent": "", "partner": "9900"}


def test_a_held_caller_hears_no_keys_and_nobody_hears_his() -> None:
    assert pressed("agent", "7", held=True) == {"caller": "", "agent": "", "partner": "7"}
    assert pressed("caller", "7", held=True) == {"caller": "", "agent": "", "partner": ""}


def test_a_stuck_key_does_not_keep_the_line_for_ever() -> None:
    assert len(pressed("agent", "5" * 200)["caller"]) <= 32


def test_a_key_is_one_however_often_its_packets_come() -> None:
    """RFC 4733: updates while it is held, its end three times, all with one time stamp."""
    sent = [struct.pack("!BBH", 5, 0x80 * end | 10, duration) for end, duration in ((0, 960), (0, 1920), (1, 2880))]
    told = [rtp.parse_key(payload) for payload in [*sent, sent[-1], sent[-1]]]
    assert [key.digit for key in told if key] == ["5"] * 5


def test_a_phones_key_is_heard_in_the_browser() -> None:
    async def whole() -> None:
        async with running_edge() as edge, phone(edge, np.zeros(160, np.int16)) as line:
            client = await agent(edge, np.zeros(320, np.int16))
            await asyncio.sleep(1)
            for digit in "42#":
                await line.press(digit)
            await asyncio.sleep(2)
            assert keys_in(client.heard.sound(), 16_000) == "42#"
            await client.close()

    asyncio.run(whole())


@pytest.mark.browser
def test_a_browsers_keys_reach_the_phone(tmp_path: Path) -> None:
    microphone = tmp_path / "microphone.wav"
    write_microphone(microphone, np.zeros(16_000, np.int16))

    async def whole() -> None:
        async with (
            site() as origin,
            running_edge(CONSOLE_ORIGIN=origin) as edge,
            page_at(origin, microphone) as page,
            phone(edge, np.zeros(160, np.int16)) as line,
        ):
            await page.evaluate("([edge, token]) => join(edge, token)", [edge.url, edge.token("agent")])
            await asyncio.sleep(1)
            await page.evaluate("() => peer.getSenders()[0].dtmf.insertDTMF('1590*', 100, 70)")
            assert await heard(line, "1590*")

    asyncio.run(whole())


async def heard(line: Any, digits: str) -> bool:
    async with asyncio.timeout(15):
        while keys_in(line.heard.sound(), 8_000) != digits:
            await asyncio.sleep(0.2)
    return True
