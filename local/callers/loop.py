"""``python -m local.callers.loop``: a caller every few seconds, for ``make up``. EVERY (seconds, default 8) sets the
pace.
"""

import asyncio
import os
import random
import signal
from contextlib import suppress
from typing import Any, Final

import aiohttp

from local.callers.phone import Telephone
from local.callers.places import caller_wav, places

MOST_AT_ONCE: Final = 3  # waiting or talking; people at the desks should not drown
SAYINGS: Final = (
    "我家宽带断线了",
    "账单上有一笔费用不对",
    "我要搬家 想移机",
    "想换一个便宜的套餐",
    "我要投诉",
    "my internet is down",
    "there is a charge on my bill I do not know",
    "I am moving house",
)


def next_script(chance: random.Random) -> dict[str, Any]:
    """Somebody with a matter, by voice or by key, who waits a minute or two and talks for a while."""
    by_key = chance.random() < 0.3
    return {
        "wav": str(caller_wav()),
        "keys": [str(chance.randint(1, 5))] if by_key else [],
        "says": [] if by_key else [chance.choice(SAYINGS)],
        "patience": chance.uniform(60, 180),
        "talk_seconds": chance.uniform(20, 60),
    }


async def main() -> None:
    """Ring until SIGTERM or Ctrl-C."""
    where, chance = places(), random.Random()  # noqa: S311 - who calls about what
    phone = Telephone(where.carrier)
    over = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    live: list[str] = []
    while not over.is_set():
        with suppress(aiohttp.ClientError, RuntimeError):
            live = [sid for sid in live if not (await phone.look(sid)).get("ended", True)]
            if len(live) < MOST_AT_ONCE:
                number = f"+86139{chance.randrange(10**8):08d}"
                live.append((await phone.dial(number, where.number, next_script(chance)))["sid"])
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), float(os.environ.get("EVERY", "8")))
    await phone.close()


if __name__ == "__main__":
    asyncio.run(main())
