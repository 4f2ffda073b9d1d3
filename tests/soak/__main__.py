"""``make soak NAME=<name>``: the modules beside this one, each with a ``main()``."""

import importlib
import sys
from pathlib import Path

KNOWN = sorted(each.stem for each in Path(__file__).parent.glob("[a-z]*.py"))

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in KNOWN:
        sys.exit(f"make soak NAME=...: {', '.join(KNOWN)}")
    importlib.import_module(f"tests.soak.{name}").main()
