"""How long the carrier waits for an answer: the webhook's handler in process, effects in memory.

A floor beside it, interleaved: checking the signature of the same post and nothing else. Wall clock and, for a machine
that has other work, CPU time; ms.
Run with the repository and ``layers/core/python`` on the path: ``python tests/bench/webhook.py [rounds]``.
"""

import json
import logging
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from functions.voice_webhook import app as webhook
from hearthline.telephony.model import contact_id
from tests.integration.carrier_posts import PUBLIC, STACK, TOKEN, fields, in_memory, knock, sign

ROUNDS = 1500
WARM_UP = 50
CALLS_AT_ONCE = 25


def script(call: str) -> list[tuple[str, str, dict[str, str]]]:
    """The posts of one call that is recognised by speech, waits and leaves."""
    here = f"/telephony/contacts/{contact_id(STACK, call)}"
    return [
        ("voice", "/telephony/voice", fields(call)),
        ("menu", f"{here}/menu", fields(call, SpeechResult="我的账单不对", Confidence="0.92")),
        ("wait", f"{here}/wait", fields(call, QueueTime="0", QueuePosition="1")),
        ("wait", f"{here}/wait/1", fields(call, QueueTime="20", QueuePosition="1")),
        ("wait, again", f"{here}/wait/1", fields(call, QueueTime="20", QueuePosition="1")),
        ("left", f"{here}/left", fields(call, QueueResult="hangup")),
        ("status", "/telephony/status", fields(call, CallStatus="completed", SequenceNumber="2")),
    ]


Took = tuple[float, float]
"""Wall clock and CPU time, ms."""


def timed(act: Callable[[], object]) -> Took:
    start, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000


def at(share: float, times: list[Took], clock: int = 0) -> float:
    return sorted(each[clock] for each in times)[min(len(times) - 1, int(share * len(times)))]


def main(rounds: int) -> None:
    # The line is written as in production; where it goes is not ours to measure.
    for handler in webhook.log.registered_handler, *logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(open("/dev/null", "w"))  # noqa: SIM115, PTH123 - open for the whole run
    times: dict[str, list[Took]] = {}
    floor: list[Took] = []
    for n in range(rounds + WARM_UP):
        if n % CALLS_AT_ONCE == 0:  # the memory store reads all it has for a page; a table does not
            effects = in_memory()
            webhook.effects = lambda kept=effects: kept  # type: ignore[misc]
        for name, path, form in script(f"CA{n:032d}"):
            body, signature = urlencode(form), sign(path, form)
            check = timed(lambda p=path, f=form, s=signature: RequestValidator(TOKEN).validate(PUBLIC + p, f, s))  # type: ignore[misc]
            took = timed(lambda p=path, b=body, s=signature: knock(p, b, s))  # type: ignore[misc]
            if n >= WARM_UP:
                floor.append(check)
                times.setdefault(name, []).append(took)
    every = [took for each in times.values() for took in each]
    print(f"{'post':14}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}{'CPU p50':>9}{'CPU p99':>9}")
    for name, each in (*times.items(), ("all", every), ("signature only", floor)):
        wall, cpu = (at(0.5, each), at(0.99, each), at(1, each)), (at(0.5, each, 1), at(0.99, each, 1))
        print(f"{name:14}" + "".join(f"{figure:9.3f}" for figure in (*wall, *cpu)))
    print(json.dumps({"p50_ms": round(at(0.5, every), 3), "p99_ms": round(at(0.99, every), 3)}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
