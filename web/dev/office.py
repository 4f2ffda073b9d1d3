"""The pages of the office before the real API, in memory: the seeded company, its agents, some versions behind it.

    ../.venv/bin/python -m dev.office --port 8094     # from web/, after `npm run build`; prints the log-ins

Nothing here answers in the API's place; requests go through the Chalice app as the gateway would send them.
"""

import argparse
import asyncio
import json
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core" / "python"), str(ROOT / "functions" / "api")]

from dev.server import POLICY, page  # noqa: E402 (the product's code is found above)
from functions.api import app as api  # noqa: E402
from functions.try_policy import app as try_policy  # noqa: E402
from hearthline.callflow.enter import enter_queue  # noqa: E402
from hearthline.callflow.publishing import publish  # noqa: E402
from hearthline.callflow.ring import Ringing  # noqa: E402
from hearthline.config.hours import Calendar, Holiday, Interval  # noqa: E402
from hearthline.config.model import Number  # noqa: E402
from hearthline.config.store import in_force  # noqa: E402
from hearthline.daybook.model import Line, Mark, day_before  # noqa: E402
from hearthline.daybook.store import Daybook  # noqa: E402
from hearthline.events.word import Actor  # noqa: E402
from hearthline.floor.store import Floor  # noqa: E402
from hearthline.platform.clock import SystemClock  # noqa: E402
from hearthline.platform.effects import Effects  # noqa: E402
from hearthline.platform.effects_memory import memory  # noqa: E402
from hearthline.platform.settings import Settings  # noqa: E402
from hearthline.presence.store import Presence  # noqa: E402
from local.seed import populate  # noqa: E402

STACK = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
HOUR_MS = 3_600_000
FIBER = {"skill": "fiber", "at_least": 3}
CALENDARS = (
    Calendar(
        "office",
        "工作日与周六",
        "Weekdays and Saturday",
        "Asia/Shanghai",
        (
            *(Interval(day, *span) for day in range(5) for span in (("09:00", "12:00"), ("13:30", "18:00"))),
            Interval(5, "10:00", "16:00"),
        ),
        (
            Holiday("2026-12-31", "年终盘点", "Stock-taking", "09:00", "12:00"),
            Holiday("2027-01-01", "元旦", "New Year's Day"),
            Holiday("2027-01-02", "元旦", "New Year's Day"),
            Holiday("2027-01-10", "调休上班", "Worked Sunday", "09:00", "17:00"),
        ),
    ),
    Calendar("london", "伦敦夜间", "London nights", "Europe/London", (Interval(5, "20:00", "24:00"),)),
)
NUMBERS = (
    Number("+862150008000", "总机", "Switchboard"),
    Number("+862150008002", "账务专线", "Billing line", "zh", "billing"),
    Number("+442079460000", "英文热线", "English line", "en"),
)
PARTS = {"versions": "{n}", "agents": "{id}", "trials": "{id}", "offers": "{id}"}


def office(origin: str) -> tuple[Effects, list[dict[str, str]]]:
    """A company with a history."""
    effects = replace(
        memory(Settings(tenant="demo", stack_id=STACK, table_prefix="t", queue_url_prefix="q", public_url=origin)),
        clock=SystemClock(),
    )
    users = populate(effects)
    boss = Actor(kind="admin", id=users[-1]["id"])
    for n, user in enumerate(users[:4]):
        Floor(effects).set_status(user["id"], "not_ready" if n == 3 else "available", "break")
    config, _ = in_force(effects)
    broadband, *others = config.queues
    steps = [
        {
            "need": {
                "all": [FIBER, {"any": [{"skill": "senior", "at_least": 2}, {"skill": "retention", "at_least": 1}]}]
            }
        },
        {"after_s": 45, "need": FIBER, "subject": 2},
        {"after_s": 120},
    ]
    second = replace(
        broadband,
        calendar="office",
        closed="callback",
        priority=3,
        policy={"steps": steps, "weights": {"idle": 15, "skill": 35}},
    )
    outage, *matters = config.matters
    opened = replace(config, queues=(second, *others), calendars=CALENDARS, numbers=NUMBERS)
    publish(effects, opened, actor=boss, note="光纤故障先找会的人，45 秒后放宽")
    hard = replace(outage, difficulty=75, need=FIBER)
    publish(effects, replace(in_force(effects)[0], matters=(hard, *matters)), actor=boss, note="断线工单难度上调")
    return effects, users


def event_of(request: web.Request, body: str) -> dict[str, Any]:
    """What the gateway makes of a request (payload v1)."""
    parts = request.path.split("/")
    named: dict[str, str] = {}
    for n, (before, part) in enumerate(pairwise(request.path.split("/")), 1):
        if before in PARTS and part and part != "check":
            named[PARTS[before].strip("{}")] = part
            parts[n] = PARTS[before]
    query = {name: request.query.getall(name) for name in request.query}
    resource = "/".join(parts)
    return {
        "resource": resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "multiValueHeaders": {},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": named or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": request.method,
            "path": request.path,
            "identity": {},
        },
        "body": body or None,
        "isBase64Encoded": False,
    }


def yesterday(effects: Effects, users: list[dict[str, str]]) -> None:
    """A working day in the book: six agents, a few hundred calls, a rush before noon."""
    book, chance = Daybook(effects), Random(7)  # noqa: S311 (a drawn day, no secret)
    began, _ = book.bounds(day_before(book.day(effects.clock.now())))
    for n, user in enumerate(users[:6]):
        agent = Floor(effects).agent(user["id"])
        if agent is None:
            continue
        trained = {"queues": agent.queues, "skills": agent.skills, "experience": 900 - 150 * n}
        for hour, at_work in ((9, True), (18, False)):
            mark = Mark(agent.id, began + hour * HOUR_MS, at_work=at_work, was_at_work=not at_work, **trained)
            book.note_agent(mark, f"{agent.id}#{hour}")
    matters = in_force(effects)[0].matters
    for n in range(520):
        hour = chance.choice((9, 10, 10, 11, 11, 11, 12, 13, 14, 14, 15, 16, 17))
        matter, lang = chance.choice(matters), chance.choice(("zh", "zh", "zh", "en"))
        queued = began + round((hour + chance.random()) * HOUR_MS)
        left = chance.random() < 0.06
        wait = round(chance.expovariate(1 / (70_000 if left else 18_000)))
        talk = 0 if left else round(chance.lognormvariate(11.9, 0.6))
        outcome = "abandoned" if left else "answered"
        line = Line(
            f"c-{n}", "phone", matter.queue, matter.id, lang, queued, wait, outcome, talk, 0 if left else 25_000
        )
        book.note_contact(line, wrapped_up=True)


def play_trials(effects: Effects) -> None:
    """What the queue would bring to its reader."""
    sent = effects.queue.sent  # type: ignore[attr-defined]  # a queue in memory keeps what was sent
    bodies, sent[:] = [each.body for each in sent if each.queue == "trial"], []
    for body in bodies:
        try_policy.handler({"Records": [{"messageId": "m", "body": body}]}, None)


async def answer(request: web.Request) -> web.Response:
    said = api.app(event_of(request, await request.text()), None)
    headers = {name: str(value) for name, value in said["headers"].items() if name.lower() != "content-type"}
    asyncio.get_running_loop().run_in_executor(None, play_trials, api.effects())
    body = said["body"] if isinstance(said["body"], str) else json.dumps(said["body"])
    return web.Response(text=body, status=said["statusCode"], headers=headers, content_type="application/json")


def ring(effects: Effects, matter: str) -> str:
    """A customer calls, and rings at one of those who are free; the agent's id."""
    floor, contact = Floor(effects), effects.ids.new()
    for agent in floor.roster()[0]:
        Presence(effects).seen(agent.id)
    caller, queue = Actor(kind="caller"), next(each.queue for each in in_force(effects)[0].matters if each.id == matter)
    floor.arrive(contact, channel="phone", call_sid=f"CA-{contact}", actor=caller)
    enter_queue(effects, contact, matter=matter, queue=queue, lang="zh", actor=caller)
    Ringing(effects, "desk").for_contact(contact)
    found = floor.contact(contact)
    return found.agent if found else ""


def talk(effects: Effects, supervisor: str) -> None:
    """Everybody answers a call; the second one's customer is on hold, a supervisor listens to the first."""
    floor = Floor(effects)
    for agent in floor.roster()[0]:
        floor.set_status(agent.id, "available")
    for n, matter in enumerate(("outage", "billing", "move", "billing", "plan")):
        agent = floor.agent(ring(effects, matter))
        if agent is None:
            continue
        actor = Actor(kind="agent", id=agent.id)
        floor.accept(agent.offer, agent.id, "edge-a", actor)
        floor.connected(agent.contact, "edge-a")
        if n == 0:
            floor.watch(agent.contact, supervisor, "listen", Actor(kind="supervisor", id=supervisor))
        if n == 1:
            floor.hold(agent.contact, agent.id, actor)


async def talked(effects: Effects, users: list[dict[str, str]]) -> web.Response:
    talk(effects, next(user["id"] for user in users if user["role"] == "supervisor"))
    return web.json_response({})


async def shown(request: web.Request) -> web.StreamResponse:
    response = await page(request)
    response.headers["Content-Security-Policy"] = POLICY
    return response


async def rung(effects: Effects, matter: str) -> web.Response:
    return web.json_response({"agent": ring(effects, matter)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8094)
    parser.add_argument("--users", type=Path, help="where the log-ins are written, as JSON")
    wish = parser.parse_args()
    effects, users = office(f"http://localhost:{wish.port}")
    api.effects = try_policy.effects = lambda: effects
    yesterday(effects, users)
    if wish.users:
        wish.users.write_text(json.dumps(users), encoding="utf-8")
    app = web.Application()
    app.router.add_route("*", "/api/{path:.*}", answer)
    app.router.add_post("/dev/ring", lambda request: rung(effects, request.query.get("matter", "outage")))
    app.router.add_post("/dev/talk", lambda request: talked(effects, users))
    app.router.add_get("/{path:.*}", shown)
    web.run_app(app, host="127.0.0.1", port=wish.port, print=lambda _: print(json.dumps(users)))  # noqa: T201 (a command line prints)


if __name__ == "__main__":
    main()
