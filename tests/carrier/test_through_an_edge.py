"""A caller at the simulated carrier and a simulated agent hear each other through a real media edge."""

import asyncio
from pathlib import Path

from aiohttp import web

from local.agents.leg import AgentLeg
from local.callers.sound import measure
from local.carrier.audio import speech_like, wav_bytes
from local.carrier.model import Script
from tests.carrier.office import Asked, World, in_a_world, settle
from tests.media.running import running_edge


def test_caller_and_agent_hear_each_other(tmp_path: Path) -> None:
    voice = tmp_path / "voice.wav"
    voice.write_bytes(wav_bytes(speech_like(4.0, seed=5, rate=16000), 16000))

    async def story(world: World) -> None:
        async with running_edge(CARRIER_AUTH_TOKEN=world.exchange.auth_token) as edge:

            async def connect(asked: Asked) -> web.Response:
                token = edge.token("carrier", asked.form["CallSid"])
                parameter = f"<Parameter name='token' value='{token}'/>"
                stream = f"<Stream url='{edge.server.stream_url}'>{parameter}</Stream>"
                return web.Response(text=f"<Response><Connect>{stream}</Connect></Response>", content_type="text/xml")

            world.office.replies["/voice"] = connect
            call = world.ring(Script(wav=str(voice)))
            await settle(lambda: call.heard.length > 0)  # the waiting tone: the stream stands
            leg = AgentLeg(speech_like(4.0, seed=6))
            await leg.join(edge.url + "/whip", edge.token("agent"))
            await settle(lambda: leg.heard.length > 6 * 8000, 20)
            world.exchange.conversations[call.sid].caller.hang_up()
            await asyncio.wait_for(call.done.wait(), 5)
            await leg.leave()
        answered = call.answered.timestamp() if call.answered else 0.0
        to_agent = measure(call.spoken.all(), answered, leg.heard.all(), leg.heard_since)
        to_caller = measure(leg.voice.sent.all(), leg.voice.began, call.heard.all(), answered)
        assert to_agent.correlation > 0.5
        assert to_caller.correlation > 0.5

    in_a_world(story)
