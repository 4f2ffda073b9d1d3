"""``python -m tests.bench NAME``: run one measurement; without a name, list them."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    names = sorted(each.stem for each in HERE.glob("[a-z]*.py") if "def main" in each.read_text())
    if not arguments or arguments[0] not in names:
        print("measurements: " + " ".join(names))
        return 2 if arguments else 0
    sys.argv = arguments
    runpy.run_module(f"tests.bench.{arguments[0]}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.path[:0] = [
        str(HERE.parents[1] / each) for each in ("layers/core/python", "functions/api", "media_edge/src", "")
    ]
    sys.exit(main(sys.argv[1:]))
