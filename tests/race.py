"""Threads that start together, and who of them won."""

import threading
from collections.abc import Callable


def race(runners: int, act: Callable[[int], bool]) -> list[int]:
    """``act(n)`` in ``runners`` threads at once; the numbers of those for which it was true.

    An exception in a thread is raised here, after all have ended.
    """
    gate, won, errors = threading.Barrier(runners), list[int](), list[Exception]()

    def run(n: int) -> None:
        gate.wait()
        try:
            if act(n):
                won.append(n)
        except Exception as error:  # noqa: BLE001  # raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return won
