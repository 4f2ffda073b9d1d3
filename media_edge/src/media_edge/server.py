"""One worker process: sockets, the 20 ms tick, drain. One thread carries the sound; uploads have their own."""

import asyncio
import contextlib
import datetime
import logging
import ssl
from collections.abc import Callable
from typing import Any, Literal

from aiohttp import web

from hearthline.events.edge_seen import EdgeSeen
from media_edge.entry import http, metrics
from media_edge.entry.door import Door
from media_edge.entry.stream import PATH, Streams
from media_edge.entry.tokens import Gate
from media_edge.kept.reports import Reporter
from media_edge.legs.browser import Codec
from media_edge.rooms.edge import Edge
from media_edge.settings import Settings
from media_edge.sound import opus
from media_edge.wire.dtls import Identity
from media_edge.wire.routes import Route
from media_edge.wire.udp import UdpPort

log = logging.getLogger("media_edge.server")

TICK_SECONDS = 0.02
MAX_CATCH_UP = 10  # ticks: after a longer stall the sound of that time is given up
REGISTER_SECONDS = 10.0
UPLOAD_SECONDS = 30.0  # for recordings when the process ends


class Server:
    """``start`` opens the ports; ``port`` and ``udp_port`` tell which; ``drain`` ends with the last room."""

    def __init__(self, settings: Settings, reporter: Reporter, tls: ssl.SSLContext | None = None) -> None:
        self._settings, self._tls = settings, tls
        self._reporter = reporter
        self._finished = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._listeners: list[asyncio.Server] = []
        self._ending = False

    async def start(self) -> None:
        settings, loop = self._settings, asyncio.get_running_loop()
        self.udp = UdpPort(settings.hosts, settings.EDGE_UDP_PORT, self._datagram)
        self.edge = Edge(
            settings.EDGE_NAME,
            Gate(settings.MEDIA_PUBLIC_JWK, settings.TENANT, settings.EDGE_NAME),
            self._reporter,
            Codec(opus.library(settings.EDGE_LIBOPUS), complexity=settings.EDGE_COMPLEXITY),
            Identity(datetime.datetime.now(datetime.UTC)),
            address=(settings.EDGE_PUBLIC_IP, self.udp.port),
            also=(settings.EDGE_PUBLIC_IP6,) if settings.EDGE_PUBLIC_IP6 else (),
            send=self.udp.send,
            max_rooms=settings.EDGE_MAX_ROOMS,
            records=settings.EDGE_RECORDS,
        )
        for each in self.udp.sockets:
            loop.add_reader(each.socket, each.read)
        self._runner = web.AppRunner(
            http.application(self.edge, settings.CONSOLE_ORIGIN, settings.relays), access_log=None
        )
        await self._runner.setup()
        await self._listen(loop)
        await self._serve_metrics()
        self._tasks = [loop.create_task(self._tick()), loop.create_task(self._register())]

    async def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        settings = self._settings
        self.port = settings.EDGE_PORT
        for host in settings.hosts:  # any free port of the first is that of the others too
            listener = await loop.create_server(self._door, host, self.port, ssl=self._tls)
            self.port = listener.sockets[0].getsockname()[1]
            self._listeners.append(listener)
        url = settings.EDGE_STREAM_URL or f"ws://{settings.hosts[0]}:{self.port}{PATH}"
        self.streams = Streams(self.edge, url, settings.CARRIER_AUTH_TOKEN, loop.call_later)
        self.stream_url = url

    async def _serve_metrics(self) -> None:
        """At a port of its own: behind a proxy every stranger comes from loopback."""
        self._metrics = web.AppRunner(metrics.application(self.edge), access_log=None)
        await self._metrics.setup()
        settings, self.metrics_port = self._settings, 0
        if settings.EDGE_METRICS_PORT is not None:
            site = web.TCPSite(self._metrics, settings.EDGE_METRICS_HOST, settings.EDGE_METRICS_PORT)
            await site.start()
            self.metrics_port = self._metrics.addresses[0][1]

    def _datagram(self, data: bytes, route: Route) -> None:
        self.edge.datagram(data, route)

    def _door(self) -> Door:
        server = self._runner.server
        assert server is not None  # noqa: S101 - set up before the port opened
        make: Callable[[], object] = server
        return Door(make, self.streams)

    def health(self) -> dict[str, Any]:
        return self.edge.health()

    def retire(self, leaves: bool) -> None:
        """Take no new room until told otherwise; who is told to end (``drain``) does so all the same."""
        if self._ending or self.edge.draining is leaves:
            return
        self.edge.draining = leaves
        self._say("draining" if leaves else "up")
        log.info("retired or called back", extra={"rooms": self.edge.rooms})

    async def drain(self) -> None:
        """No new room; ends with the last one, or at the time limit with what there is."""
        self._ending = True
        self.edge.drain()
        self._say("draining")
        log.info("draining", extra={"rooms": self.edge.rooms})
        deadline = asyncio.get_running_loop().time() + self._settings.EDGE_DRAIN_SECONDS
        while self.edge.rooms and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.1)
        self.edge.end_all("drained")
        await self.close()

    async def close(self) -> None:
        for listener in self._listeners:
            listener.close()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for each in self.udp.sockets:
            asyncio.get_running_loop().remove_reader(each.socket)
        self.udp.close()
        await self._runner.cleanup()
        await self._metrics.cleanup()
        self._say("stopped")
        await asyncio.to_thread(self._reporter.close, UPLOAD_SECONDS)
        self._finished.set()

    @property
    def is_finished(self) -> bool:
        return self._finished.is_set()

    async def finished(self) -> None:
        await self._finished.wait()

    async def _register(self) -> None:
        """Say where we are and how full, so that callers and agents are sent here."""
        while True:
            self._say("draining" if self.edge.draining else "up")
            await asyncio.sleep(REGISTER_SECONDS)

    def _say(self, state: Literal["up", "draining", "stopped"]) -> None:
        settings = self._settings
        word = EdgeSeen(
            edge=settings.EDGE_NAME,
            url=settings.EDGE_PUBLIC_URL or f"http://{settings.hosts[0]}:{self.port}",
            stream=self.stream_url,
            state=state,
            rooms=self.edge.rooms,
            max_rooms=settings.EDGE_MAX_ROOMS,
        )
        self._reporter.tell(settings.EDGE_NAME, word, int(self.edge.clock.wall() * 1000))

    async def _tick(self) -> None:
        """Aim at a fixed grid, so that lateness of one tick is not the lateness of all that follow."""
        loop, clock = asyncio.get_running_loop(), self.edge.clock
        due = loop.time()
        while True:
            due += TICK_SECONDS
            late = loop.time() - due
            if late > TICK_SECONDS:
                self.edge.counters.late_ticks += 1
            if late > MAX_CATCH_UP * TICK_SECONDS:
                self.edge.skip(int(late / TICK_SECONDS))
                due += int(late / TICK_SECONDS) * TICK_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))
            self.edge.tick(clock.steady())
            self.udp.flush()
