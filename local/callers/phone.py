"""A client of the simulated carrier's own interface: dial, act, listen."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

import aiohttp

from local.carrier.audio import Samples, parse_wav


class Telephone:
    """Places calls at the simulated carrier and reads what became of them. ``close`` it."""

    def __init__(self, carrier: str) -> None:
        self._sim = carrier + "/sim"
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    async def dial(
        self,
        from_: str,
        to: str,
        script: Mapping[str, Any],
        faults: Mapping[str, Any] | None = None,
        say_speed: float = 1,
    ) -> dict[str, Any]:
        """Place a call; ``RuntimeError`` with the carrier's reason when it refuses."""
        wanted = {"from": from_, "to": to, "script": dict(script), "faults": dict(faults or {}), "say_speed": say_speed}
        async with self._http.post(self._sim + "/calls", json=wanted) as answer:
            if answer.status != 201:
                raise RuntimeError(f"the carrier refused the call: {await answer.text()}")
            return cast(dict[str, Any], await answer.json())

    async def install(self, address: str, script: Mapping[str, Any], does: str = "answer") -> None:
        """A telephone at this number or SIP address: whoever picks it up follows ``script``."""
        wanted = {"behaviour": does, "script": dict(script)}
        async with self._http.put(f"{self._sim}/phones/{quote(address, safe='')}", json=wanted) as answer:
            if answer.status != 200:
                raise RuntimeError(f"the carrier refused the telephone: {await answer.text()}")

    async def calls_to(self, address: str) -> list[dict[str, Any]]:
        """Calls to a number or SIP address, oldest first, without their stories."""
        async with self._http.get(f"{self._sim}/calls") as answer:
            return [call for call in (await answer.json())["calls"] if call["to"] == address]

    async def look(self, sid: str, wait: float = 0) -> dict[str, Any]:
        """The call and its story; ``wait`` holds the answer until the call has ended, that many seconds at most."""
        async with self._http.get(f"{self._sim}/calls/{sid}", params={"wait": str(wait)}) as answer:
            return cast(dict[str, Any], await answer.json())

    async def speak(self, sid: str, wav: str) -> None:
        """Say what stands in the file at this path, from now on."""
        async with self._http.post(f"{self._sim}/calls/{sid}/act", json={"wav": wav}):
            pass

    async def hang_up(self, sid: str) -> None:
        """Put the phone down."""
        async with self._http.post(f"{self._sim}/calls/{sid}/act", json={"hang_up": True}):
            pass

    async def sound(self, sid: str, side: str) -> Samples:
        """What the caller ``heard`` or what was ``spoken``, since the answer."""
        async with self._http.get(f"{self._sim}/calls/{sid}/{side}.wav") as answer:
            return parse_wav(await answer.read())[0]
