"""The seeded company on the local engine: real tables, real keys, from log-in to a submitted ticket."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.api import app as api
from functions.open_ticket import app as open_ticket
from functions.route_contact import app as route_contact
from functions.try_policy import app as try_policy
from hearthline.daybook.model import Line, Mark
from hearthline.daybook.store import Daybook
from hearthline.floor.store import Floor
from hearthline.platform.clock import SystemClock, SystemIds
from hearthline.platform.effects import Effects
from hearthline.platform.push import MemoryPush
from hearthline.platform.queue import MemoryQueue
from hearthline.platform.seal import KmsKeys, Sealer
from hearthline.platform.settings import Settings
from hearthline.platform.store_dynamo import DynamoStore
from hearthline.presence.store import Presence
from local.seed import populate
from tests.conftest import Stack
from tests.desk import EdgeServer, request, running_edge
from tests.shift import Shift, bound, deliver, media_key

pytestmark = pytest.mark.engine


@pytest.fixture
def edge() -> Iterator[EdgeServer]:
    with running_edge() as server:
        yield server


@pytest.fixture
def effects(stack: Stack, edge: EdgeServer) -> Effects:
    host, port = edge.server_address[:2]
    named = {name.lower(): value for name, value in stack.environment.items()}
    known = {name: value for name, value in named.items() if name in Settings.model_fields}
    edges = json.dumps([{"name": "edge-a", "url": f"http://{host!s}:{port}", "stream": "ws://edge/stream"}])
    here = Settings.model_validate(known | {"edges": edges})
    real = Shift().effects
    return replace(
        real,
        settings=here,
        store=DynamoStore(stack.account.client("dynamodb"), here.table_prefix),
        queue=MemoryQueue(),
        push=MemoryPush(),
        clock=SystemClock(),
        ids=SystemIds(),
        sealer=Sealer(here.tenant, KmsKeys(stack.account.client("kms"), here.seal_key_id, here.index_key_id)),
        secret=lambda _: media_key(),
    )


def ask(effects: Effects, method: str, path: str, body: object = None, route: str = "", **headers: str) -> Any:
    sent = {"Idempotency-Key": str(uuid.uuid4()), **{name.replace("_", "-"): value for name, value in headers.items()}}
    with bound(api, effects):
        said = api.app(request(method, path, body, route=route, headers=sent), None)
    return said | {"body": json.loads(said["body"]) if said["body"] else None}


def test_a_browser_caller_is_answered_and_leaves_a_ticket(effects: Effects) -> None:
    users = populate(effects)
    assert [user["login"] for user in users] == ["1001", "1002", "1003", "1004", "1005", "1006", "2001", "9001"]
    agent = users[2]
    signed = ask(effects, "POST", "/api/session", {"login": agent["login"], "password": agent["password"]})
    assert signed["statusCode"] == 201
    cookie = {"Cookie": signed["headers"]["Set-Cookie"].partition(";")[0]}
    person = signed["body"]["person"]["id"]
    Presence(effects).open(person, f"screen-{person}")
    ask(effects, "POST", "/api/me/status", {"status": "available"}, **cookie)
    made = ask(effects, "POST", "/api/public/contacts", {"matter": "billing", "lang": "en", "number": "13812348001"})
    contact = made["body"]["contact"]
    assert isinstance(effects.queue, MemoryQueue)
    queued = next(sent.body for sent in effects.queue.sent if json.loads(sent.body)["type"] == "ContactQueued")
    assert deliver(route_contact, effects, queued) == []
    offer = ask(effects, "GET", "/api/me/floor", **cookie)["body"]["offer"]
    assert offer["contact"]["caller"] == "138****8001"
    taken = ask(effects, "POST", f"/api/offers/{offer['id']}/accept", None, "/api/offers/{id}/accept", **cookie)
    assert taken["body"]["contact"]["state"] == "connecting"
    step = Floor(effects).connected(contact, "edge-a")
    assert step is not None
    assert deliver(open_ticket, effects, json.dumps(step.event.plain()), json.dumps(step.event.plain())) == []
    (ticket,) = ask(effects, "GET", "/api/tickets", **cookie)["body"]["tickets"]
    fields = {"summary": "Charged twice", "amount": 39.5, "outcome": "resolved"}
    route = "/api/tickets/{id}"
    path = f"/api/tickets/{ticket['id']}"
    edited = ask(effects, "PATCH", path, {"version": 1, "fields": fields}, route, **cookie)
    assert edited["body"]["fields"] == fields
    done = ask(effects, "POST", f"{path}/submit", {"version": 2}, f"{route}/submit", **cookie)
    assert done["body"]["state"] == "submitted"
    ended = ask(effects, "POST", f"/api/contacts/{contact}/hangup", None, "/api/contacts/{id}/hangup", **cookie)
    assert ended["body"]["agent"]["state"] == "wrap_up"


def test_an_administrator_publishes_retrains_and_tries(effects: Effects) -> None:
    boss = populate(effects)[-1]
    signed = ask(effects, "POST", "/api/session", {"login": boss["login"], "password": boss["password"]})
    cookie = {"Cookie": signed["headers"]["Set-Cookie"].partition(";")[0]}
    told = ask(effects, "GET", "/api/admin/config", **cookie)["body"]
    before, draft = told["publication"]["version"], told["config"]
    draft["queues"][0] |= {"priority": 2, "policy": {"steps": [{"need": {"skill": "fiber", "at_least": 3}}]}}
    said = ask(effects, "POST", "/api/admin/config", {"version": before, "config": draft, "note": "n"}, **cookie)
    assert (said["statusCode"], said["body"]["publication"]["version"]) == (201, before + 1)
    company = {"zh": "雪松", "en": "Cedar"}
    late = ask(
        effects, "POST", "/api/admin/config", {"version": before, "config": draft | {"company": company}}, **cookie
    )
    assert (late["statusCode"], late["body"]["code"]) == (409, "stale_version")
    listed = ask(effects, "GET", "/api/admin/config/versions", **cookie)["body"]["versions"]
    assert [each["version"] for each in listed[:2]] == [before + 1, before]

    agent = ask(effects, "GET", "/api/admin/agents", **cookie)["body"]["agents"][0]
    wish = {"version": agent["version"], "queues": {"service": 4}, "skills": agent["skills"]}
    trained = ask(effects, "PUT", f"/api/admin/agents/{agent['id']}", wish, "/api/admin/agents/{id}", **cookie)
    assert (trained["statusCode"], trained["body"]["queues"]) == (200, {"service": 4})

    book, now = Daybook(effects), effects.clock.now()
    book.note_agent(Mark("ana", now, at_work=True, was_at_work=False, queues={"billing": 4}, skills={"zh": 5}), "ana#1")
    book.note_contact(Line("c-1", "phone", "billing", "billing", "zh", now, 5_000, "answered", 60_000), wrapped_up=True)
    asked = {"day": book.day(now), "against": before, "version": before + 1}
    id = ask(effects, "POST", "/api/admin/trials", asked, **cookie)["body"]["trial"]["id"]
    assert isinstance(effects.queue, MemoryQueue)
    body = next(sent.body for sent in effects.queue.sent if sent.queue == "trial")
    assert deliver(try_policy, effects, body) == []
    done = ask(effects, "GET", f"/api/admin/trials/{id}", None, "/api/admin/trials/{id}", **cookie)["body"]
    assert (done["trial"]["state"], done["result"]["calls"]) == ("done", 1)


def test_seeding_again_changes_passwords_and_nothing_else(effects: Effects) -> None:
    first, second = populate(effects), populate(effects)
    assert [user["id"] for user in first] == [user["id"] for user in second]
    old = ask(effects, "POST", "/api/session", {"login": "1001", "password": first[0]["password"]})
    new = ask(effects, "POST", "/api/session", {"login": "1001", "password": second[0]["password"]})
    assert (old["statusCode"], new["statusCode"]) == (401, 201)
