"""A plot of a few series on two logarithmic axes, as SVG under local/.state/bench: no library, no screen."""

import math
from collections.abc import Mapping
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

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}" font-family="sans-serif">']
    parts.append(f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>')
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
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.svg"
    path.write_text("\n".join([*parts, "</svg>"]))
    return path.relative_to(ROOT)
