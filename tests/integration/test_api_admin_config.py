"""The configuration by API: in force without a deployment, versioned, checked to the field, taken back."""

import copy
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.admin_shapes import ConfigData
from hearthline.callflow.rules import rules
from hearthline.config import model
from hearthline.config.store import KEPT_MS
from hearthline.platform.store import Key
from tests.desk import Answer, Desk, Seat, open_desk

FIBER = {"skill": "fiber", "at_least": 3}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def adam(desk: Desk) -> Seat:
    return desk.as_("adam")


def draft(seat: Seat, note: str = "") -> dict[str, Any]:
    """What the page would send back unchanged."""
    told = seat.call("GET", "/api/admin/config").body
    return {"version": told["publication"]["version"], "config": told["config"], "note": note}


def published(seat: Seat, body: dict[str, Any]) -> Answer:
    return seat.call("POST", "/api/admin/config", body)


def version(seat: Seat, number: int, verb: str = "", body: object = None, method: str = "GET") -> Answer:
    tail = f"/{verb}" if verb else ""
    route = f"/api/admin/config/versions/{{n}}{tail}"
    return seat.call(method, route.replace("{n}", str(number)), body, route=route)


def test_every_attribute_of_the_configuration_goes_through_the_api() -> None:
    pairs = [
        (model.Config, ConfigData, {"version"}),
        *((kind, ConfigData.model_fields[name].annotation.__args__[0], set[str]()) for kind, name in LISTS),  # type: ignore[union-attr]  # a list of one kind
    ]
    for kind, shape, apart in pairs:
        assert set(kind.__dataclass_fields__) - apart == set(shape.model_fields), kind


LISTS = (
    (model.Queue, "queues"),
    (model.Matter, "matters"),
    (model.Choice, "reasons"),
    (model.Choice, "wrap_up_codes"),
    (model.Skill, "skills"),
)


def test_who_plans_reads_the_whole_configuration_and_what_a_silent_queue_does(desk: Desk) -> None:
    told = desk.as_("sue").call("GET", "/api/admin/config")
    assert told.status == 200
    assert told.body["publication"] == {"version": 1, "at": told.body["publication"]["at"], "who": None} | {
        "note": "",
        "restored": 0,
    }
    assert [queue["id"] for queue in told.body["config"]["queues"]] == ["broadband", "billing", "service"]
    assert told.body["defaults"]["weights"]["idle"] == 25
    assert told.body["defaults"]["steps"] == [
        {"after_s": 0, "need": {"all": []}, "lang": 1, "subject": 1, "matter_need": True}
    ]
    assert [each["id"] for each in told.body["features"] if not each["measured"]] == [
        "satisfaction",
        "open_tickets",
        "proximity",
    ]


def test_a_new_policy_is_in_force_without_a_deployment_and_says_who_published_it_and_why(
    desk: Desk, adam: Seat
) -> None:
    body = draft(adam, "fibre faults to those who know fibre")
    body["config"]["queues"][0]["policy"] = {"steps": [{"need": FIBER}, {"after_s": 30}]}
    said = published(adam, body)
    assert said.status == 201
    about = said.body["publication"]
    assert (about["version"], about["who"], about["note"]) == (2, "Adam Lin", "fibre faults to those who know fibre")
    desk.shift.later(KEPT_MS / 1000)
    assert rules(desk.effects).policy("broadband").steps[0].need.missing({"fiber": 2}) == "fiber>=3"
    [event] = desk.shift.ledger("config")[1:]
    assert (event.type, event.actor.kind, event.data) == (
        "ConfigPublished",
        "admin",
        {"version": 2, "before": 1, "restored": 0},
    )


def test_who_publishes_what_is_in_force_changes_nothing(desk: Desk, adam: Seat) -> None:
    assert published(adam, draft(adam)).body["publication"]["version"] == 1
    assert desk.shift.story("config") == ["ConfigPublished"]


def test_a_request_that_is_sent_again_publishes_once(desk: Desk, adam: Seat) -> None:
    body = draft(adam)
    body["config"]["company"]["en"] = "Spruce Fibre"
    again = {"Idempotency-Key": str(uuid.uuid4())}
    first = adam.call("POST", "/api/admin/config", body, headers=again)
    second = adam.call("POST", "/api/admin/config", body, headers=again)
    assert first.body == second.body
    # Also when the first answer was lost for good: the same draft from the same version is already in force.
    assert published(adam, body).body["publication"]["version"] == 2
    assert len(desk.shift.ledger("config")) == 2


def test_of_two_administrators_the_second_hears_who_was_faster(desk: Desk, adam: Seat) -> None:
    desk.hire("eve", "admin")
    eve = desk.as_("eve")
    mine, hers = draft(adam), draft(eve, "new name")
    hers["config"]["company"]["en"], mine["config"]["company"]["en"] = "Cedar", "Pine"
    assert published(eve, hers).status == 201
    said = published(adam, mine)
    assert (said.status, said.code) == (409, "stale_version")
    assert (said.body["published"]["who"], said.body["published"]["note"]) == ("Eve Lin", "new name")
    assert draft(adam)["config"]["company"]["en"] == "Cedar"


@pytest.mark.parametrize(
    ("path", "value", "field", "zh", "en"),
    [
        (("queues", 0, "policy"), {"weights": {"idle": 101}}, "queues.0.policy.weights.idle", "0 至 100 的整数", "100"),
        (("queues", 1, "policy"), {"wieghts": {}}, "queues.1.policy.wieghts", "以下之一", "weights"),
        (
            ("queues", 0, "policy"),
            {"steps": [{"need": {"all": [FIBER, {"skill": "magic", "at_least": 1}]}}]},
            "queues.0.policy.steps.0.need.all.1.skill",
            "技能",
            "skill of this configuration",
        ),
        (("matters", 2, "need"), {"skill": "fiber"}, "matters.2.need", "at_least", "at_least"),
        (("matters", 2, "need"), {"skill": "magic", "at_least": 2}, "matters.2.need.skill", "技能", "skill"),
        (("matters", 1, "queue"), "nowhere", "matters.1.queue", "队列", "queue"),
        (("matters", 1, "key"), "1", "matters.1.key", "按键", "key of the phone"),
        (("matters", 1, "difficulty"), 101, "matters.1.difficulty", "0 至 100", "0 to 100"),
        (("queues", 0, "priority"), 0, "queues.0.priority", "1 至 9", "1 to 9"),
        (("queues", 0, "priority"), 1.5, "queues.0.priority", "整数", "whole number"),
        (("queues", 0, "id"), "Broad band", "queues.0.id", "小写字母", "small letter"),
        (("queues", 0, "en"), "  ", "queues.0.en", "字符", "characters"),
        (("queues", 0, "zh"), "长" * 65, "queues.0.zh", "最多 64", "at most 64"),
        (("queues", 0, "nick"), "x", "queues.0.nick", "没有这一字段", "no such field"),
        (("skills", 0, "id"), "zh", "skills.0.id", "内置", "built in"),
        (("reasons",), [], "reasons", "1 至 50 项", "1 to 50"),
    ],
)
def test_what_is_wrong_is_named_by_its_path_and_what_would_fit_in_both_languages(
    desk: Desk, adam: Seat, path: tuple[str | int, ...], value: object, field: str, zh: str, en: str
) -> None:
    body = draft(adam)
    place = body["config"]
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    for route in ("/api/admin/config", "/api/admin/config/check"):
        said = adam.call("POST", route, body)
        assert (said.status, said.code, said.body["field"]) == (422, "field_invalid", f"config.{field}")
        assert zh in said.body["expected"]["zh"] and en in said.body["expected"]["en"]
    assert draft(adam)["version"] == 1


def test_a_check_says_what_should_give_pause_and_publishes_nothing(desk: Desk, adam: Seat) -> None:
    body = draft(adam)
    config = body["config"]
    config["queues"] = [*config["queues"][1:], {**config["queues"][0], "id": "fibre"}]
    for matter in config["matters"]:
        matter["queue"] = "fibre" if matter["queue"] == "broadband" else matter["queue"]
    desk.shift.contact("call-1", queue="broadband")
    said = adam.call("POST", "/api/admin/config/check", body)
    assert (said.status, said.body["changed"], said.body["version"]) == (200, True, 1)
    words = [each["en"] for each in said.body["warnings"]]
    assert "Queue Broadband goes, and 1 customers still wait in it" in words
    assert "No agent answers queue Broadband" in words
    assert draft(adam)["version"] == 1


def test_a_check_finds_the_matter_that_no_agent_could_ever_be_given(desk: Desk, adam: Seat) -> None:
    body = draft(adam)
    body["config"]["matters"][0]["need"] = FIBER
    said = adam.call("POST", "/api/admin/config/check", body)
    assert "No internet: nobody meets what is asked, not even at the last step" in [
        each["en"] for each in said.body["warnings"]
    ]
    body["config"]["queues"][0]["policy"] = {"steps": [{}, {"after_s": 60, "matter_need": False}]}
    said = adam.call("POST", "/api/admin/config/check", body)
    assert not [each for each in said.body["warnings"] if "No internet" in each["en"]]


def test_an_old_version_is_read_compared_and_put_back_as_a_new_one(desk: Desk, adam: Seat) -> None:
    before = draft(adam)["config"]
    body = draft(adam, "worse")
    body["config"]["queues"][0]["priority"] = 9
    published(adam, body)
    assert version(desk.as_("sue"), 1).body["config"] == before
    said = version(adam, 1, "restore", {"version": 2, "note": "back"}, "POST")
    assert said.status == 201
    assert said.body["config"] == before
    listed = adam.call("GET", "/api/admin/config/versions").body["versions"]
    assert [(each["version"], each["note"], each["restored"]) for each in listed] == [
        (3, "back", 1),
        (2, "worse", 0),
        (1, "", 0),
    ]


@pytest.mark.parametrize("number", ["7", "0", "01", "x", "9999999999", str(uuid.UUID(int=7))])
def test_a_version_that_nobody_published_is_not_there(adam: Seat, number: str) -> None:
    route = "/api/admin/config/versions/{n}"
    said = adam.call("GET", route.replace("{n}", number), route=route)
    assert (said.status, said.code) == (404, "not_found")


def test_a_large_configuration_fits_and_a_huge_one_is_refused(adam: Seat) -> None:
    body = draft(adam)
    body["config"]["skills"] = [{"id": f"s{n}", "zh": "技" * 64, "en": "x" * 64} for n in range(50)]
    body["config"]["queues"][0]["policy"] = {"steps": [{"after_s": 60 * n, "need": {"all": [FIBER]}} for n in range(6)]}
    body["config"]["skills"][0]["id"] = "fiber"
    assert published(adam, body).status == 201
    huge = copy.deepcopy(body)
    huge["config"]["queues"][0]["policy"]["note"] = "x" * 200_000
    assert (published(adam, huge).status, published(adam, huge).code) == (413, "body_too_large")


def test_notes_of_administrators_stand_in_no_event(desk: Desk, adam: Seat) -> None:
    body = draft(adam, "as Mr Lin of 13812348001 asked")
    body["config"]["company"]["en"] = "Cedar"
    published(adam, body)
    events = [str(item) for key, item in desk.shift.store.everything().items() if key.table == "ledger"]
    assert not [each for each in events if "13812348001" in each]
    assert desk.shift.store.get(Key("config", "company", "r000000002"))
