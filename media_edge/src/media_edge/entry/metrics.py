"""``GET /metrics`` in Prometheus' text format 0.0.4, at a port of its own that strangers do not reach."""

from collections.abc import Iterable, Iterator

from aiohttp import web

from media_edge.rooms.edge import Edge
from media_edge.rooms.measured import Histogram

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def application(edge: Edge) -> web.Application:
    async def tell(_: web.Request) -> web.Response:
        return web.Response(body=text(edge).encode(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application(client_max_size=0)
    app.add_routes([web.get("/metrics", tell)])
    return app


def text(edge: Edge) -> str:
    return "\n".join([*_gauges(edge), *_counters(edge), *_histograms(edge), ""])


def _gauges(edge: Edge) -> Iterator[str]:
    legs = [seen.report for seen in edge.seen()]
    kinds = (("page", False), ("phone", True))
    counted = [(f'{{by="{by}"}}', sum(leg.phone is phone for leg in legs)) for by, phone in kinds]
    yield from _family("hearthline_edge_rooms", "gauge", "Rooms that are open.", [("", edge.rooms)])
    yield from _family("hearthline_edge_rooms_max", "gauge", "Rooms it would carry.", [("", edge.max_rooms)])
    yield from _family("hearthline_edge_draining", "gauge", "1 while no new room opens.", [("", int(edge.draining))])
    yield from _family("hearthline_edge_legs", "gauge", "Legs in rooms.", counted)
    waiting = [("", edge.reports_waiting)]
    yield from _family("hearthline_edge_reports_waiting", "gauge", "Reports not yet delivered.", waiting)
    unheard = [("", edge.one_way_legs)]
    yield from _family("hearthline_edge_legs_unheard", "gauge", "Legs that cannot be heard now.", unheard)


def _counters(edge: Edge) -> Iterator[str]:
    counters, measured = edge.counters, edge.measured
    for name, about, value in (
        ("ticks", "Ticks of 20 ms.", counters.ticks),
        ("ticks_late", "Ticks more than 20 ms late.", counters.late_ticks),
        ("ticks_skipped", "Ticks given up after a stall.", counters.skipped_ticks),
        ("datagrams", "Datagrams that came.", counters.datagrams),
        ("datagrams_refused", "Datagrams of nobody known.", counters.refused),
        ("packets_received", "Packets of sound that came.", measured.packets),
        ("frames_concealed", "Frames of 20 ms made up for missing ones.", measured.concealed),
    ):
        yield from _family(f"hearthline_edge_{name}_total", "counter", about, [("", value)])
    told = [(f'{{word="{word}"}}', count) for word, count in sorted(counters.reports.items())]
    yield from _family("hearthline_edge_reports_total", "counter", "What was told to the control plane.", told)
    episodes = [(f'{{role="{role}",kind="{kind}"}}', count) for (role, kind), count in sorted(measured.one_way.items())]
    yield from _family("hearthline_edge_one_way_total", "counter", "Times that a party could not be heard.", episodes)


def _histograms(edge: Edge) -> Iterator[str]:
    measured = edge.measured
    for name, about, histogram in (
        ("leg_mos", "Opinion estimated by the E-model, each leg each second.", measured.mos),
        ("leg_round_trip_seconds", "Round trips to browsers.", measured.round_trip),
        ("leg_jitter_seconds", "Interarrival jitter of browsers.", measured.jitter),
        ("leg_loss_ratio", "Share lost of the last five seconds.", measured.loss),
    ):
        yield from _histogram(f"hearthline_edge_{name}", about, histogram)


def _family(name: str, kind: str, about: str, samples: Iterable[tuple[str, int]]) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield f"{name}{labels} {value}"


def _histogram(name: str, about: str, histogram: Histogram) -> Iterator[str]:
    buckets = [(f'_bucket{{le="{bound}"}}', count) for bound, count in histogram.cumulative()]
    yield from _family(name, "histogram", about, [*buckets, ('_bucket{le="+Inf"}', histogram.count)])
    yield f"{name}_sum {histogram.sum:.6g}"
    yield f"{name}_count {histogram.count}"
