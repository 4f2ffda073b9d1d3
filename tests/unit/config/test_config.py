"""The company's configuration: versions, and what is refused before it is in force."""

from dataclasses import replace

import pytest

from hearthline.config.model import Choice, Config, ConfigError, check
from hearthline.config.store import KEPT_MS, NeverPublishedError, current, publish
from hearthline.floor.store import Floor
from hearthline.platform.clock import SetClock
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import Key
from hearthline.telephony.menu import MATTERS
from local.seed import COMPANY, populate
from tests.shift import settings


@pytest.fixture
def effects() -> Effects:
    return memory(settings())


def renamed(config: Config, zh: str) -> Config:
    return replace(config, company=replace(config.company, zh=zh))


def test_before_the_first_version_there_is_none(effects: Effects) -> None:
    with pytest.raises(NeverPublishedError):
        current(effects)


def test_what_was_published_is_read_back(effects: Effects) -> None:
    publish(effects, COMPANY)
    assert current(effects) == replace(COMPANY, version=1)


def test_every_version_is_kept_and_the_same_one_is_not_published_twice(effects: Effects) -> None:
    publish(effects, COMPANY)
    publish(effects, COMPANY)
    assert publish(effects, renamed(COMPANY, "雪松宽带")).version == 2
    kept = [effects.store.get(Key("config", "company", f"v{n:09d}")) for n in (1, 2, 3)]
    assert [item["config"]["company"]["zh"] if item else None for item in kept] == ["云杉宽带", "雪松宽带", None]


def test_another_process_sees_a_new_version_within_half_a_minute(effects: Effects) -> None:
    publish(effects, COMPANY)
    assert current(effects).version == 1
    other = Key("config", "company", "current")
    item = effects.store.get(other)
    assert item is not None
    item["config"]["version"] = 2
    from hearthline.platform.store import Put

    effects.store.write(Put(other, item))
    assert current(effects).version == 1
    assert isinstance(effects.clock, SetClock)
    effects.clock.move(KEPT_MS)
    assert current(effects).version == 2


@pytest.mark.parametrize(
    "broken",
    [
        replace(COMPANY, matters=(*COMPANY.matters, COMPANY.matters[0])),
        replace(COMPANY, queues=()),
        replace(COMPANY, matters=(replace(COMPANY.matters[0], queue="nowhere"),)),
        replace(COMPANY, wrap_up_codes=(Choice("a", "甲", "A"), Choice("a", "乙", "B"))),
    ],
)
def test_a_configuration_that_contradicts_itself_is_refused(effects: Effects, broken: Config) -> None:
    with pytest.raises(ConfigError):
        publish(effects, broken)


def test_the_seeded_company_and_the_menu_of_the_phone_say_the_same() -> None:
    check(COMPANY)
    assert {(each.id, each.key, each.queue) for each in COMPANY.matters} == {
        (each.id, each.key, each.queue) for each in MATTERS
    }


def test_what_an_administrator_changed_survives_a_second_seeding(effects: Effects) -> None:
    users = populate(effects)
    publish(effects, renamed(COMPANY, "雪松宽带"))
    Floor(effects).retrain(users[0]["id"], queues={"billing": 1}, skills={"zh": 2}, actor=SYSTEM)
    populate(effects)
    assert current(effects).company.zh == "雪松宽带"
    agent = Floor(effects).agent(users[0]["id"])
    assert agent is not None and agent.queues == {"billing": 1}
