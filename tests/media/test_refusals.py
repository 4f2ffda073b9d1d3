"""Who is not let in leaves no trace: forged tokens and signatures, wrong fingerprints, floods, junk."""

import asyncio
import os
import re
import socket
from typing import Any

import aiohttp
import pytest

from media_edge.entry import http, stream
from tests.media.clients import BrowserClient, CarrierClient
from tests.media.running import ORIGIN, Running, media_key, speech
from tests.media.test_whole_call import CALL, SAID, agent, phone, play

QUIET = speech(1, 16_000)


def untouched(edge: Running) -> bool:
    health = edge.server.edge.health()
    return (health["rooms"], health["legs"]) == (0, 0) and not edge.told_of_calls and not edge.outlet.stored


def test_a_browser_with_a_wrong_fingerprint_gets_no_sound() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)):
            liar = BrowserClient(edge.url, edge.token("agent"), QUIET)
            await liar.join(forge=another_fingerprint)
            assert liar.status == 201
            await asyncio.sleep(2)
            assert len(liar.heard.sound()) == 0
            assert edge.server.edge.health()["legs"] == 1
            assert edge.told("MediaJoined") == []
            await liar.close()

    play(scene)


def another_fingerprint(offer: str) -> str:
    return re.sub(r"(a=fingerprint:\S+ )(\S+)", lambda line: line[1] + re.sub("[0-9A-F]{2}", "00", line[2]), offer)


async def post(edge: Running, **changes: Any) -> tuple[int, Any, Any]:
    request: dict[str, Any] = {"data": "v=0", "headers": {"Content-Type": "application/sdp"}} | changes
    async with aiohttp.ClientSession() as client, client.post(f"{edge.url}/whip", **request) as answer:
        return answer.status, await answer.json(), answer.headers


def test_a_forged_token_is_refused_without_a_trace() -> None:
    async def scene(edge: Running) -> None:
        true_key, edge.key = edge.key, media_key()
        client = BrowserClient(edge.url, edge.token("agent"), QUIET)
        await client.join()
        assert (client.status, client.problem) == (401, "token_refused")
        await client.close()
        edge.key = true_key
        for role in ("carrier", "control"):
            client = BrowserClient(edge.url, edge.token(role), QUIET)
            await client.join()
            assert (client.status, client.problem) == (403, "token_role")
            await client.close()
        assert (await post(edge))[0] == 401
        assert untouched(edge)

    play(scene)


def test_a_token_that_was_used_is_refused() -> None:
    async def scene(edge: Running) -> None:
        token = edge.token("agent")
        first, second = (BrowserClient(edge.url, token, QUIET) for _ in range(2))
        await first.join()
        await second.join()
        assert (first.status, second.status, second.problem) == (201, 401, "token_used")
        await first.close()
        await second.close()

    play(scene)


def test_bad_requests_are_told_what_is_wrong_in_both_languages() -> None:
    async def scene(edge: Running) -> None:
        bearer = {"Authorization": f"Bearer {edge.token('agent')}"}
        status, body, _ = await post(edge, headers={"Content-Type": "text/plain"})
        assert (status, body["code"]) == (415, "not_sdp")
        assert set(body["message"]) == {"zh", "en"}
        status, body, _ = await post(edge, headers={"Content-Type": "application/sdp"} | bearer)
        assert (status, body["code"]) == (400, "sdp_malformed")
        status, body, _ = await post(edge, data="v=0\r\n" + "x" * 70_000)
        assert (status, body["code"]) == (413, "body_too_large")
        async with aiohttp.ClientSession() as client, client.get(f"{edge.url}/nothing") as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "not_found")
        assert untouched(edge)

    play(scene)


def test_only_the_console_may_read_the_answer_across_origins() -> None:
    async def scene(edge: Running) -> None:
        async with aiohttp.ClientSession() as client:
            async with client.options(f"{edge.url}/whip", headers={"Origin": ORIGIN}) as answer:
                assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
                assert answer.headers["Access-Control-Expose-Headers"] == "Location, ETag, Link, Retry-After"
            async with client.options(f"{edge.url}/whip", headers={"Origin": "https://evil.example"}) as answer:
                assert "Access-Control-Allow-Origin" not in answer.headers
        _, _, headers = await post(edge, headers={"Origin": ORIGIN, "Content-Type": "application/sdp"})
        assert headers["Access-Control-Allow-Origin"] == ORIGIN  # the page may read why it was refused

    play(scene)


@pytest.mark.parametrize("signature", ["", "AAAA", "forged=="])
def test_a_stream_without_the_carriers_signature_is_refused_before_the_upgrade(signature: str) -> None:
    async def scene(edge: Running) -> None:
        client = CarrierClient(edge.server.stream_url, signature, CALL, edge.token("carrier", CALL), SAID)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.__aenter__()
        assert refused.value.status == 403
        assert untouched(edge)

    play(scene)


@pytest.mark.parametrize(
    "claims", [{"leg": "CA-another"}, {"role": "agent"}, {"aud": "edge-2"}, {"exp": 1}, {"tenant": "other"}]
)
def test_a_stream_with_a_token_of_another_call_is_closed(claims: dict[str, Any]) -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, **claims) as line:
            await asyncio.wait_for(line.closed.wait(), 5)
            assert line.close_reason[0] == 1008
        assert untouched(edge)

    play(scene)


def test_a_stream_that_never_starts_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "START_SECONDS", 0.2)

    async def scene(edge: Running) -> None:
        headers = {"X-Twilio-Signature": edge.signature}
        async with aiohttp.ClientSession() as client, client.ws_connect(edge.server.stream_url, headers=headers) as ws:
            message = await asyncio.wait_for(ws.receive(), 5)
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1008)
        assert untouched(edge)

    play(scene)


@pytest.mark.parametrize("text", ["not json", "[]", '{"event":"media"}', "x" * 20_000])
def test_junk_on_a_stream_closes_that_stream_only(text: str) -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(10, 8_000)) as line:
            headers = {"X-Twilio-Signature": edge.signature}
            async with (
                aiohttp.ClientSession() as client,
                client.ws_connect(edge.server.stream_url, headers=headers) as ws,
            ):
                await ws.send_str(text)
                message = await asyncio.wait_for(ws.receive(), 5)
                assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
            assert not line.closed.is_set()

    play(scene)


def test_a_flood_of_messages_closes_the_stream() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge) as line:
            for _ in range(stream.MAX_BURST + 200):
                await line._send({"event": "mark", "mark": {"name": "x"}})
            await asyncio.wait_for(line.closed.wait(), 5)
            assert line.close_reason[0] == 1008

    play(scene)


def test_junk_datagrams_disturb_no_call() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)):
            client = await agent(edge)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                for n in range(5_000):
                    data = os.urandom(1 + n % 200)
                    data = bytes([(0, 22, 128, 255)[n % 4]]) + data
                    out.sendto(data, ("127.0.0.1", edge.server.udp.port))
                    if n % 100 == 0:
                        await asyncio.sleep(0.005)
            client.heard.pieces.clear()
            await asyncio.sleep(1.5)
            assert len(client.heard.sound()) > 16_000
            await client.close()

    play(scene)


def test_an_edge_that_is_full_says_so() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge):
            await asyncio.sleep(0.2)
            client = BrowserClient(edge.url, edge.token("agent", sub="another"), QUIET)
            await client.join()
            assert (client.status, client.problem) == (503, "edge_full")
            await client.close()

    play(scene, EDGE_MAX_ROOMS=1)


def test_control_needs_its_own_token_for_this_very_contact() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge), aiohttp.ClientSession() as client:
            await asyncio.sleep(0.2)
            url = f"{edge.url}/rooms/{edge.contact}"
            cases = [(edge.token("agent"), 403), (edge.token("control", sub="another"), 401), ("", 401)]
            for token, expected in cases:
                async with client.delete(url, headers={"Authorization": f"Bearer {token}"}) as answer:
                    assert answer.status == expected
            for body in (b"", b"[]", b'{"held":1}', b"x" * (http.MAX_CONTROL + 1)):
                headers = {"Authorization": f"Bearer {edge.token('control')}"}
                async with client.put(url, headers=headers, data=body) as answer:
                    assert answer.status in (400, 413)
            headers = {"Authorization": f"Bearer {edge.token('control', sub='nobody')}"}
            async with client.delete(f"{edge.url}/rooms/nobody", headers=headers) as answer:
                assert (answer.status, (await answer.json())["code"]) == (404, "room_unknown")
            assert edge.server.edge.rooms == 1

    play(scene)
