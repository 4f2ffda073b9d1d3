"""The simulator's own interface: placing calls, acting in them, reading their story and sound."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.callers.phone import Telephone
from local.carrier.__main__ import installed_voice
from local.carrier.audio import tone, wav_bytes
from tests.carrier.office import CALLER, NUMBER, World, in_a_world, settle

ASK = "<Response><Gather action='/menu' numDigits='1' timeout='9'><Say>?</Say></Gather></Response>"


def test_a_call_is_placed_acted_in_and_told() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": ASK, "/menu": "<Response><Pause length='30'/></Response>"}
        phone = Telephone(world.carrier_url)
        placed = await phone.dial(CALLER, NUMBER, {}, say_speed=50)
        await settle(lambda: bool(world.office.requests("/voice")))
        async with aiohttp.ClientSession() as http:
            await http.post(f"{world.carrier_url}/sim/calls/{placed['sid']}/act", json={"keys": "3"})
            await settle(lambda: bool(world.office.requests("/menu")))
            assert world.office.form("/menu")["Digits"] == "3"
            await phone.hang_up(placed["sid"])
            seen = await phone.look(placed["sid"], wait=5)
            late = await http.post(f"{world.carrier_url}/sim/calls/{placed['sid']}/act", json={"keys": "3"})
            assert late.status == 409
        assert (seen["status"], seen["ended"]) == ("completed", True)
        assert [line["what"] for line in seen["story"]][:2] == ["call placed", "answered"]
        times = [line["t"] for line in seen["story"]]
        assert times == sorted(times)
        await phone.close()

    in_a_world(story)


def test_the_sound_of_both_directions_can_be_fetched(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(wav_bytes(tone(500, 0.3)))

    async def story(world: World) -> None:
        world.office.replies["/voice"] = "<Response><Pause length='1'/><Play digits='1'/></Response>"
        world.office.replies["/voice"] = "<Response><Play digits='1w1'/><Pause length='1'/></Response>"
        phone = Telephone(world.carrier_url)
        script = {"steps": [{"wait": 0.1, "wav": str(tmp_path / "voice.wav")}]}
        placed = await phone.dial(CALLER, NUMBER, script)
        await phone.look(placed["sid"], wait=10)
        assert len(await phone.sound(placed["sid"], "spoken")) > 2000
        assert len(await phone.sound(placed["sid"], "heard")) > 4000
        await phone.close()

    in_a_world(story)


def test_a_caller_says_something_at_the_moment_he_is_told_to(tmp_path: Path) -> None:
    voice = tone(500, 0.3)
    (tmp_path / "voice.wav").write_bytes(wav_bytes(voice))

    async def story(world: World) -> None:
        world.office.replies["/voice"] = "<Response><Pause length='30'/></Response>"
        phone = Telephone(world.carrier_url)
        placed = await phone.dial(CALLER, NUMBER, {}, say_speed=50)
        await settle(lambda: bool(world.office.requests("/voice")))
        assert not (await phone.sound(placed["sid"], "spoken")).any()
        await phone.speak(placed["sid"], str(tmp_path / "voice.wav"))
        assert (await phone.sound(placed["sid"], "spoken"))[-len(voice) :].any()
        await phone.hang_up(placed["sid"])
        await phone.look(placed["sid"], wait=5)
        await phone.close()

    in_a_world(story)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"from": CALLER, "to": "+1999"}, 404),
        ({"from": CALLER}, 400),
        ({"from": CALLER, "to": NUMBER, "script": {"keys": ["x"], "nonsense": 1}}, 400),
        ({"from": CALLER, "to": NUMBER, "script": {"wav": "/no/such.wav"}}, 400),
        ({"from": CALLER, "to": NUMBER, "faults": {"drop": 2}}, 400),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(body: dict[str, Any], status: int) -> None:
    async def story(world: World) -> None:
        async with (
            aiohttp.ClientSession() as http,
            http.post(world.carrier_url + "/sim/calls", json=body) as answer,
        ):
            assert answer.status == status
            assert (await answer.json())["code"]

    in_a_world(story)


def test_numbers_telephones_and_faults_are_set_at_run_time() -> None:
    async def story(world: World) -> None:
        world.office.replies["/other"] = "<Response><Reject/></Response>"
        async with aiohttp.ClientSession() as http:
            settings = {"voice_url": world.office.url + "/other"}
            for path, body in (
                ("numbers/+1888", settings), ("phones/client:anna", {"behaviour": "busy"}), ("faults", {"delay": 0}),
            ):  # fmt: skip
                assert (await http.put(f"{world.carrier_url}/sim/{path}", json=body)).status == 200
            health = await (await http.get(world.carrier_url + "/sim/health")).json()
        assert health["numbers"] == ["+1888", NUMBER]
        assert world.exchange.phones["client:anna"].behaviour == "busy"
        phone = Telephone(world.carrier_url)
        placed = await phone.dial(CALLER, "+1888", {})
        assert (await phone.look(placed["sid"], wait=5))["status"] == "no-answer"
        await phone.close()

    in_a_world(story)


def test_a_voice_is_taken_from_where_it_is_installed() -> None:
    assert installed_voice("") is None
    assert installed_voice("tests.carrier.test_control:Hum") is not None


class Hum:
    def read(self, text: str, language: str) -> Any:
        return tone(300, 0.2)
