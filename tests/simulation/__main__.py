"""``python -m tests.simulation --seed N [--seeds K] [--story] [--about NAME] [--healthy]``: see ``make simulate``."""

import argparse
import sys

from tests.simulation.report import bar, play, story

MOST_TOLD = 5


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="simulate", description="Histories of the contact centre, from seeds.")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many")
    parser.add_argument("--story", action="store_true", help="tell the first seed line by line")
    parser.add_argument("--about", default="", help="only lines of the story that name this call or agent")
    parser.add_argument("--healthy", action="store_true", help="nothing fails; held to more")
    given = parser.parse_args(arguments)
    if given.story or given.about:
        print("\n".join(story(given.seed, given.about, healthy=given.healthy)))
    shown = bar(given.seeds) if sys.stderr.isatty() else lambda done: None
    report = play(range(given.seed, given.seed + given.seeds), shown, given.healthy)
    print("\n".join(report.table()))
    for seed, broken in report.broken[:MOST_TOLD]:
        print(f"\nVIOLATED by seed {seed}: {broken}\n" + "\n".join(story(seed, healthy=given.healthy)[-40:]))
    print(report.json())
    return bool(report.broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
