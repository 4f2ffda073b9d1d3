"""What one decision costs at 10 to 100,000 free agents and as many who wait, and beside the floor of one transaction.

    make bench NAME=routing

Reads are requests to the store (each is billed and waited for), items what they brought, units DynamoDB's read units
(4 KB, consistent). The exponent is the slope of the reads in a log-log fit over the agents. Then the same decisions on
the local engine, in turns with bare conditional transactions over as many items as a claim writes. A plot lies in
local/.state/bench/routing.svg.
"""

import json
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from hearthline.callflow.ring import Ringing
from hearthline.events.word import Actor
from hearthline.floor.items import agent_key, contact_key, slot_puts, to_item, waiting_put
from hearthline.floor.model import Agent, Contact
from hearthline.floor.order import rank_of
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.logging import logger
from hearthline.platform.store import Absent, Item, Key, Page, Put, Write
from hearthline.platform.store_memory import MemoryStore
from hearthline.presence.store import Presence
from tests.bench.plot import loglog
from tests.shift import settings
from tests.simulation.world import World

SIZES: Final = (10, 100, 1_000, 10_000, 100_000)
DECISIONS: Final = 10
ALONE: Final = 5
ENGINE_ROUNDS: Final = 40
UNIT_BYTES: Final = 4_096
CALLER: Final = Actor(kind="caller")


class Counting(MemoryStore):
    """The memory store, counting what DynamoDB would bill."""

    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()

    def get(self, key: Key) -> Item | None:
        found = super().get(key)
        self._read([found] if found else [])
        return found

    def page(self, *args: Any, **more: Any) -> Page:
        found = super().page(*args, **more)
        self._read(found.items)
        return found

    def write(self, *writes: Write) -> None:
        super().write(*writes)
        self.count["transactions"] += 1
        self.count["writes"] += len(writes)

    def _read(self, items: list[Item]) -> None:
        self.count["reads"] += 1
        self.count["items"] += len(items)
        self.count["units"] += max(1, math.ceil(sum(len(str(each)) for each in items) / UNIT_BYTES))


def fill(effects: Effects, size: int) -> None:
    """``size`` agents who are free and as many contacts that wait, as the floor would have written them."""
    now = effects.clock.now()
    for n in range(size):
        skills = {"zh": 5, "en": n % 4}
        agent = Agent(
            f"agent-{n}",
            "available",
            3,
            since=now - n,
            idle_since=now - n,
            queues={"broadband": n % 5 + 1},
            skills=skills,
            online_since=now - 3_600_000,
            experience=n % 700,
        )
        effects.store.write(Put(agent_key(agent.id), to_item(agent)), *slot_puts(agent))
        Presence(effects).open(agent.id, f"screen-{n}")
        queued = now - 60_000 + n * 50_000 // size
        contact = Contact(
            f"call-{n}",
            "queued",
            2,
            "phone",
            "zh",
            arrived_at=queued,
            queue="broadband",
            matter="outage",
            queued_at=queued,
            rank=rank_of(queued, 5, 60_000),
        )
        effects.store.write(Put(contact_key(contact.id), to_item(contact)), waiting_put(contact))


def decisions(size: int) -> dict[str, float]:
    """Costs per decision (one contact offered) at this size."""
    store = Counting()
    effects = replace(memory(settings()), store=store)
    fill(effects, size)
    store.count.clear()
    begun, offered = time.perf_counter(), 0
    for n in range(min(DECISIONS, size)):
        offered += int(Ringing(effects, "bench").for_contact(f"call-{n}"))
    seconds = time.perf_counter() - begun
    open_offers = sum(key.pk.startswith("O#") and key.sk == "state" for key in store.everything())
    costs = {name: store.count[name] / open_offers for name in ("reads", "items", "units", "transactions", "writes")}
    return costs | {"ms": seconds * 1000 / open_offers, "offered": open_offers}


def alone(size: int) -> dict[str, float]:
    """Costs of one decision for one contact when ``size`` are free and ``size`` wait elsewhere: English, say."""
    store = Counting()
    effects = replace(memory(settings()), store=store)
    fill(effects, size)
    floor, cost = Floor(effects), Counter[str]()
    for n in range(ALONE):
        floor.arrive(f"new-{n}", channel="phone", call_sid=f"CA{n}", actor=CALLER)
        floor.enqueue(f"new-{n}", matter="billing", queue="broadband", lang="en", actor=CALLER)
        store.count.clear()
        assert Ringing(effects, "bench").for_contact(f"new-{n}")
        cost += store.count
    return {name: cost[name] / ALONE for name in ("reads", "items", "units", "transactions", "writes")}


def exponent(points: dict[int, float]) -> float:
    """The slope of log(cost) over log(size), by least squares."""
    xs, ys = [math.log(size) for size in points], [math.log(cost) for cost in points.values()]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def per_contact(seed: int = 5) -> dict[str, float]:
    """Reads, writes and functions of a contact's whole life, bus and duplicates included, in a healthy history."""
    world = World(seed, only=frozenset())
    count: Counter[str] = Counter()
    before = world.loop.on_effect

    def note(task: Any, name: str) -> None:
        count[name] += 1
        before(task, name)

    world.loop.on_effect = note
    start = world.loop.start
    world.loop.start = lambda task: (count.update({f"function {task.name}": 1}), start(task))[1]  # type: ignore[method-assign]  # to count
    world.play()
    functions = sum(n for name, n in count.items() if name.startswith("function") and name != "function sweep")
    reads = count["store.get"] + count["store.page"]
    return {
        "reads": reads / world.arrived,
        "transactions": count["store.written"] / world.arrived,
        "messages": count["queue.sent"] / world.arrived,
        "functions": functions / world.arrived,
    }


def on_the_engine() -> dict[str, float]:
    """Decisions and bare transactions a second on the local engine, in turns; medians."""
    from hearthline.platform.clock import SystemClock, SystemIds
    from hearthline.platform.store_dynamo import DynamoStore
    from local.deploy import deploy_infra
    from local.engines import start_engine
    from local.places import aws_environment
    from local.processes import end_all, free_port
    from tests.conftest import aws_client

    state = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        engine = start_engine(free_port(0), state=state)
        deploy_infra(engine, "bench")
        client = aws_client(engine.url, aws_environment(engine.url), "dynamodb")
        store = DynamoStore(client, "hearthline-bench")
        effects = replace(memory(settings()), store=store, clock=SystemClock(), ids=SystemIds())
        return dict(_in_turns(effects))
    finally:
        end_all(state)


def _in_turns(effects: Effects) -> Iterator[tuple[str, float]]:
    fill(effects, ENGINE_ROUNDS + 5)
    floor, decision = list[float](), list[float]()
    for n in range(ENGINE_ROUNDS):
        bare = [Put(Key("floor", f"X#{n}", str(part)), {"n": 1}, (Absent(),)) for part in range(9)]
        floor.append(_timed(partial(effects.store.write, *bare)))
        contact, slot = _next(effects, n)
        decision.append(_timed(partial(Floor(effects).claim, contact, slot, ("bench",))))
    whole = _timed(lambda: Ringing(effects, "bench").for_contact(f"call-{ENGINE_ROUNDS}"))
    yield "transaction_ms", median(floor) * 1000
    yield "claim_ms", median(decision) * 1000
    yield "ratio", median(decision) / median(floor)
    yield "decision_ms", whole * 1000


def _next(effects: Effects, n: int) -> tuple[Contact, Any]:
    floor = Floor(effects)
    contact = floor.routable(f"call-{n}")
    assert contact is not None
    return contact, next(iter(floor.slot_pages("broadband", "zh")))[0]


def _timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def main() -> None:
    logger("ring").setLevel("CRITICAL")
    names = ("reads", "items", "units", "transactions", "writes", "ms")
    print(f"{'agents = waiting':>18}" + "".join(f"{name:>14}" for name in names) + "   per contact offered")
    crowd = {size: decisions(size) for size in SIZES}
    for size, costs in crowd.items():
        print(f"{size:>18}" + "".join(f"{costs[name]:>14.2f}" for name in names))
    print(f"{'one contact, alone':>18}")
    single = {size: alone(size) for size in SIZES}
    for size, costs in single.items():
        print(f"{size:>18}" + "".join(f"{costs[name]:>14.2f}" for name in names[:-1]))
    slopes = {
        name: round(max(exponent({n: c[name] for n, c in each.items()}) for each in (crowd, single)), 4)
        for name in ("reads", "units", "writes", "items")
    }
    full = {size: costs["items"] for size, costs in single.items() if size >= 100}
    print(f"exponents: {slopes}; items from 100 agents on, where a page is full: {exponent(full):.4f}")
    life = per_contact()
    print("one contact's life: " + ", ".join(f"{value:.1f} {name}" for name, value in life.items()))
    plotted = loglog("routing", {f"{name} a decision": {n: c[name] for n, c in single.items()} for name in names[:3]})
    print(f"plot: {plotted}")
    engine = on_the_engine() if "--no-engine" not in sys.argv else {}
    print("on the engine: " + ", ".join(f"{name} {value:.2f}" for name, value in engine.items()))
    rate = 1000 / crowd[1_000]["ms"]
    print(f"in process, memory: {rate:.0f} decisions a second")
    print(
        json.dumps(
            {
                "exponent": slopes["reads"],
                "agents_max": SIZES[-1],
                "reads_per_decision": {n: round(c["reads"], 2) for n, c in single.items()},
                "items_per_decision": {n: round(c["items"], 1) for n, c in single.items()},
                "per_contact": {name: round(value, 1) for name, value in life.items()},
                "claim_over_transaction": round(engine.get("ratio", 0), 2),
                "decisions_per_second": round(rate),
            }
        )
    )


if __name__ == "__main__":
    main()
