"""Several workers on one machine: a process a core, each with a name, a TCP and a UDP port of its own.

SIGTERM drains all, twice ends at once. SIGHUP replaces them one after the other, each when its last call has ended: new
calls go to the others meanwhile. A worker that dies is started again, later each time it dies soon.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from media_edge.settings import Settings

log = logging.getLogger("media_edge.workers")

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
UP_SECONDS = 30.0  # for a new worker to listen
STEADY_SECONDS = 60.0  # who lived so long begins again at the first pause


def environment_of(number: int, settings: Settings, base: Mapping[str, str]) -> dict[str, str]:
    """Worker ``number``, from 0: its ports are the first one's and so many more; ``{port}`` in addresses is its own."""
    ports = {
        "EDGE_PORT": settings.EDGE_PORT,
        "EDGE_UDP_PORT": settings.EDGE_UDP_PORT,
        "EDGE_METRICS_PORT": settings.EDGE_METRICS_PORT,
    }
    moved = {name: str(port + number if port else port) for name, port in ports.items() if port is not None}
    addresses = {"EDGE_PUBLIC_URL": settings.EDGE_PUBLIC_URL, "EDGE_STREAM_URL": settings.EDGE_STREAM_URL}
    written = {name: text.replace("{port}", moved["EDGE_PORT"]) for name, text in addresses.items() if text}
    return {**base, "EDGE_NAME": f"{settings.EDGE_NAME}-{number}", "EDGE_WORKERS": "1", **moved, **written}


def pause_after(lived: float, before: float) -> float:
    """Seconds until a worker that lived so long is started again; ``before`` is the pause of the last time."""
    return FIRST_PAUSE_SECONDS if lived >= STEADY_SECONDS or not before else min(LONGEST_PAUSE_SECONDS, 2 * before)


@dataclass(slots=True)
class Worker:
    """One place for a process; ``process`` is the one there now."""

    number: int
    environment: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    exit: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)


class Workers:
    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        count = settings.EDGE_WORKERS or os.cpu_count() or 1
        self._all = [Worker(n, environment_of(n, settings, environment)) for n in range(count)]
        self._stopping = asyncio.Event()
        self._replacing: asyncio.Task[None] | None = None

    async def run(self) -> int:
        """Until all have ended after ``stop``; 0 when each ended well."""
        await asyncio.gather(*(self._keep(worker) for worker in self._all))
        return max(abs(worker.exit) for worker in self._all)

    def stop(self) -> None:
        """Drain; again: end at once."""
        self._stopping.set()
        for worker in self._all:
            _drain(worker)

    def replace(self) -> None:
        if self._replacing is None or self._replacing.done():
            self._replacing = asyncio.get_running_loop().create_task(self._one_after_the_other())

    async def _one_after_the_other(self) -> None:
        for worker in self._all:
            if self._stopping.is_set():
                return
            worker.begun.clear()
            _drain(worker)
            await worker.begun.wait()
            await _answers(int(worker.environment["EDGE_PORT"]))

    async def _keep(self, worker: Worker) -> None:
        """One process after the other in this place."""
        loop, pause = asyncio.get_running_loop(), 0.0
        while not self._stopping.is_set():
            begun = loop.time()
            worker.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "media_edge", env=worker.environment
            )
            worker.begun.set()
            worker.exit = await worker.process.wait()
            if self._stopping.is_set() or worker.exit == 0:
                continue  # it has drained, and makes room for the next one
            pause = pause_after(loop.time() - begun, pause)
            log.error("worker died", extra={"worker": worker.number, "exit": worker.exit, "pause": pause})
            await self._told_to_stop(pause)

    async def _told_to_stop(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


async def _answers(port: int) -> None:
    """Until somebody listens there: before, the next one must not go. Given up after a while, with all that follow."""
    async with asyncio.timeout(UP_SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            return


def _drain(worker: Worker) -> None:
    if worker.process is not None and worker.process.returncode is None:
        worker.process.send_signal(signal.SIGTERM)


async def run(settings: Settings, environment: Mapping[str, str]) -> int:
    """What ``python -m media_edge`` does with more than one worker; its exit code."""
    workers, loop = Workers(settings, environment), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, workers.stop)
    loop.add_signal_handler(signal.SIGHUP, workers.replace)
    return await workers.run()
