"""Plots as SVG under local/.state/bench: no library, no screen."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from local.places import ROOT

FOLDER: Final = ROOT / "local" / ".state" / "bench"
WIDE, HIGH, EDGE = 720, 420, 60
COLOURS: Final = ("#1f6feb", "#2da44e", "#bf3989", "#9a6700")


def loglog(name: str, series: Mapping[str, Mapping[int, float]]) -> Path:
    """Writes ``name``.svg and says where."""
    xs = [x for points in series.values() for x in points]
    ys = [max(y, 0.1) for points in series.values() for y in points.values()]
    left, right = math.log10(min(xs)), math.log10(max(xs))
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)) + 0.01)

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - left) / (right - left)
        up = (math.log10(max(y, 0.1)) - low) / (high - low)
        return EDGE + across * (WIDE - 2 * EDGE), HIGH - EDGE - up * (HIGH - 2 * EDGE)

    parts = _page(HIGH)
    for power in range(low, high + 1):
        _, y = at(10**left, 10**power)
        parts.append(f'<line x1="{EDGE}" x2="{WIDE - EDGE}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{y + 4:.0f}" font-size="12" text-anchor="end">{10**power:g}</text>')
    for x in sorted(set(xs)):
        across, _ = at(x, 10**low)
        parts.append(f'<text x="{across:.0f}" y="{HIGH - EDGE + 18}" font-size="12" text-anchor="middle">{x:,}</text>')
    for n, (title, points) in enumerate(series.items()):
        colour = COLOURS[n % len(COLOURS)]
        line = " ".join("{:.0f},{:.0f}".format(*at(x, y)) for x, y in sorted(points.items()))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{EDGE + 8}" y="{EDGE - 32 + 16 * n}" font-size="13" fill="{colour}">{title}</text>')
    return _written(name, parts)


def deviations(name: str, rows: Sequence[tuple[str, float]], bound: float) -> Path:
    """A dot for each row: how far it lies from what is exact, in halves of its interval; beyond ``bound`` is marked."""
    step, left = 14, 330
    high = 2 * EDGE + step * len(rows)
    reach = max(bound, *(abs(value) for _, value in rows)) * 1.1
    parts = _page(high)

    def across(value: float) -> float:
        return left + (value / reach + 1) / 2 * (WIDE - left - EDGE)

    inside = (across(-1), across(1) - across(-1))
    parts.append(
        f'<rect x="{inside[0]:.1f}" y="{EDGE}" width="{inside[1]:.1f}" height="{high - 2 * EDGE}" fill="#eef4ff"/>'
    )
    for mark in (-bound, -1.0, 0.0, 1.0, bound):
        x = across(mark)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{EDGE}" y2="{high - EDGE}" stroke="#bbb"/>')
        parts.append(_text(x, EDGE - 8, f"{mark:+.2g}", "middle"))
    for n, (title, value) in enumerate(rows):
        y = EDGE + step * n + step / 2
        colour = COLOURS[2] if abs(value) > bound else COLOURS[3] if abs(value) > 1 else COLOURS[0]
        parts.append(_text(left - 8, y + 4, title, "end"))
        parts.append(f'<circle cx="{across(value):.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
    return _written(name, parts)


def scatter(name: str, series: Mapping[str, Sequence[tuple[float, float]]], titles: tuple[str, str]) -> Path:
    """A small dot for each point and a large one for the mean of its series; ``titles`` of x and y."""
    points = [point for each in series.values() for point in each]
    (left, right), (low, high) = (_wide([point[axis] for point in points]) for axis in (0, 1))
    parts = _page(HIGH)

    def at(x: float, y: float) -> tuple[float, float]:
        across, up = (x - left) / (right - left), (y - low) / (high - low)
        return EDGE + across * (WIDE - 2 * EDGE), HIGH - EDGE - up * (HIGH - 2 * EDGE)

    for part in range(5):
        x, y = left + part * (right - left) / 4, low + part * (high - low) / 4
        (across, _), (_, up) = at(x, low), at(left, y)
        parts.append(f'<line x1="{EDGE}" x2="{WIDE - EDGE}" y1="{up:.0f}" y2="{up:.0f}" stroke="#ddd"/>')
        parts += [_text(EDGE - 8, up + 4, f"{y:.3g}", "end"), _text(across, HIGH - EDGE + 18, f"{x:.3g}", "middle")]
    parts += [_text(WIDE / 2, HIGH - 12, titles[0], "middle"), _text(EDGE, 20, titles[1])]
    for n, (title, found) in enumerate(series.items()):
        colour = COLOURS[n % len(COLOURS)]
        middle = (sum(x for x, _ in found) / len(found), sum(y for _, y in found) / len(found))
        for (x, y), radius in [*((point, 3) for point in found), (middle, 8)]:
            across, up = at(x, y)
            parts.append(f'<circle cx="{across:.1f}" cy="{up:.1f}" r="{radius}" fill="{colour}" fill-opacity="0.6"/>')
        parts.append(_text(WIDE - EDGE - 110, 20 + 16 * n, title, "start", colour))
    return _written(name, parts)


def lines(name: str, series: Mapping[str, Mapping[int, float]], titles: tuple[str, str]) -> Path:
    """A line through the points of each series; ``titles`` of x and y, which begins at zero."""
    xs = sorted({x for points in series.values() for x in points})
    top = max(y for points in series.values() for y in points.values()) * 1.08 or 1.0
    parts = _page(HIGH)

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - xs[0]) / (xs[-1] - xs[0])
        return EDGE + across * (WIDE - 2 * EDGE), HIGH - EDGE - y / top * (HIGH - 2 * EDGE)

    for part in range(5):
        _, up = at(xs[0], top * part / 4)
        parts.append(f'<line x1="{EDGE}" x2="{WIDE - EDGE}" y1="{up:.0f}" y2="{up:.0f}" stroke="#ddd"/>')
        parts.append(_text(EDGE - 8, up + 4, f"{top * part / 4:.3g}", "end"))
    parts += [_text(at(x, 0)[0], HIGH - EDGE + 18, f"{x}", "middle") for x in xs]
    parts += [_text(WIDE / 2, HIGH - 12, titles[0], "middle"), _text(EDGE, 20, titles[1])]
    for n, (title, points) in enumerate(series.items()):
        colour = COLOURS[n % len(COLOURS)]
        way = " ".join("{:.1f},{:.1f}".format(*at(x, y)) for x, y in sorted(points.items()))
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(WIDE - EDGE - 110, 20 + 16 * n, title, "start", colour))
    return _written(name, parts)


def _wide(values: Sequence[float]) -> tuple[float, float]:
    """A little more than all of them."""
    more = (max(values) - min(values)) * 0.08 or 1.0
    return min(values) - more, max(values) + more


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = "black") -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {where} font-size="12" fill="{colour}">{escape(text)}</text>'


def _page(high: int) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{high}" font-family="sans-serif">',
        f'<rect width="{WIDE}" height="{high}" fill="white"/>',
    ]


def _written(name: str, parts: Sequence[str]) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.svg"
    path.write_text("\n".join([*parts, "</svg>"]))
    return path.relative_to(ROOT)
