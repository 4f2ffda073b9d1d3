"""Runs inside each function's process on the laptop: what it logs is also appended to a file that `make logs` follows.

The engine keeps what functions log, except for those that its WebSocket gateway calls; and reading one file a
function is cheaper than asking the engine for thirteen log groups several times a second.
"""

import os
import sys
from typing import Any, TextIO


class _Copied:
    """A text stream whose lines also go to a file, each in one write, so that processes do not mix theirs."""

    def __init__(self, stream: TextIO, file: int) -> None:
        self._stream = stream
        self._file = file
        self._rest = ""

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            os.write(self._file, f"{line}\n".encode())
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def copy_output() -> None:
    folder, function = os.environ.get("FUNCTION_LOGS"), os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
    if folder and function:
        path = os.path.join(folder, f"{function}.log")  # noqa: PTH118 - pathlib costs a cold start 5 ms
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        sys.stdout = sys.stderr = _Copied(sys.stderr, file)


copy_output()
