"""How much of the personal data in what people say and type is found, and how much of what is found is personal.

    make bench NAME=masking

``labelled`` was written before the rules, by who wrote them: its first reading was recall 0.966, precision 0.992, and
the rules were mended on it. ``heldout`` was written by somebody who knew no rule: the first reading was recall 0.566,
precision 0.981. Its odd lines may be looked at to mend rules, the even ones may not. A passage counts as found when
nine tenths of it are covered, by whatever rule. The last line is of the even ones.
"""

import json
import time
from collections import Counter

from hearthline.platform.personal.masking import find
from hearthline.platform.personal.model import KINDS
from tests.bench.personal.labelled import Line, judged, lines

Z = 1.96


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    share, slack = hits / of, Z * Z / of
    middle, half = share + slack / 2, Z * (share * (1 - share) / of + slack / (4 * of)) ** 0.5
    return (middle - half) / (1 + slack), (middle + half) / (1 + slack)


def counted(among: list[Line]) -> Counter[tuple[str, str]]:
    """(hit, miss or false; kind) -> how many; kind '' is all of them, also by language and manner."""
    found = Counter[tuple[str, str]]()
    for line in among:
        for verdict, passage in judged(line, find(line.text)):
            for name in ("", passage.kind, f"{line.lang} {line.how}"):
                found[verdict, name] += 1
    return found


def tell(name: str, among: list[Line]) -> dict[str, float]:
    found = counted(among)
    print(f"{name}: {len(among)} lines\n{'':14}{'recall':>8}{'95 %':>16}{'precision':>11}{'95 %':>16}{'passages':>10}")
    manners = sorted({f"{line.lang} {line.how}" for line in among})
    for kind in ("", *KINDS, *manners):
        hit, miss, false = (found[verdict, kind] for verdict in ("hit", "miss", "false"))
        if not hit + miss + false:
            continue
        recall, precision = hit / max(1, hit + miss), hit / max(1, hit + false)
        low, high = wilson(hit, hit + miss)
        least, most = wilson(hit, hit + false)
        ranges = f"{recall:8.3f}   {low:.3f} - {high:.3f}{precision:11.3f}   {least:.3f} - {most:.3f}"
        print(f"{kind or 'all':14}{ranges}{hit + miss:10}")
    hit, miss, false = (found[verdict, ""] for verdict in ("hit", "miss", "false"))
    return {"recall": round(hit / (hit + miss), 4), "precision": round(hit / (hit + false), 4)}


def main() -> None:
    sets = {"labelled": lines("labelled"), "seen": lines("heldout")[::2], "heldout": lines("heldout")[1::2]}
    told = {name: tell(name, among) for name, among in sets.items()}
    text = [line.text for line in lines("heldout")]
    begun = time.perf_counter()
    for line in text:
        find(line)
    each = (time.perf_counter() - begun) / len(text) * 1e6
    print(f"{each:.0f} us a line")
    print(json.dumps({**told["heldout"], "seen": told["seen"], "labelled": told["labelled"], "us_a_line": round(each)}))


if __name__ == "__main__":
    main()
