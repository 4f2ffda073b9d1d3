"""``python -m local.carrier``: the simulated carrier as a process.

Environment: CARRIER_ACCOUNT_SID, CARRIER_AUTH_TOKEN, CARRIER_NUMBER, PUBLIC_URL, CARRIER_VOICE_URL (where the number's
webhooks go, default ``/telephony/voice`` of PUBLIC_URL), CARRIER_STATUS_URL
(status callback of the number, default ``/telephony/status`` there),
CARRIER_FALLBACK_URL, CARRIER_HOST, CARRIER_PORT (8085), CARRIER_SEED,
CARRIER_VOICE (``module:function`` that returns a ``speaking.Voice``, ``local.carrier.voice:kokoro`` after `make voice`;
without it Say is silence of the right length).
"""

import asyncio
import importlib
import os
import signal
import sys

from local.carrier.exchange import Exchange
from local.carrier.model import Number
from local.carrier.server import serve
from local.carrier.speaking import Voice
from local.carrier.voice import VoiceMissingError


def installed_voice(place: str) -> Voice | None:
    """The voice that Say reads with, from ``module:function``; none for an empty place."""
    if not place:
        return None
    module, _, function = place.partition(":")
    try:
        voice: Voice = getattr(importlib.import_module(module), function)()
    except VoiceMissingError as error:
        sys.exit(str(error))
    return voice


async def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    env = os.environ
    voice = installed_voice(env.get("CARRIER_VOICE", ""))
    exchange = Exchange(env["CARRIER_ACCOUNT_SID"], env["CARRIER_AUTH_TOKEN"], seed=int(env.get("CARRIER_SEED", "1")))
    exchange.voice = voice
    public = env.get("PUBLIC_URL", "http://localhost:8080")
    exchange.numbers[env.get("CARRIER_NUMBER", "+862150008000")] = Number(
        voice_url=env.get("CARRIER_VOICE_URL", public + "/telephony/voice"),
        voice_fallback_url=env.get("CARRIER_FALLBACK_URL", ""),
        status_callback=env.get("CARRIER_STATUS_URL", public + "/telephony/status"),
    )
    runner, address = await serve(exchange, env.get("CARRIER_HOST", "127.0.0.1"), int(env.get("CARRIER_PORT", "8085")))
    print(f"simulated carrier on {address}, numbers {', '.join(exchange.numbers)}", flush=True)
    over = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    await over.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
