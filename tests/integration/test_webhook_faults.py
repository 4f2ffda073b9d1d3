"""Whatever is down, a caller hears words; whatever a caller says, it stays words."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.voice_webhook import app as webhook
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.queue import QueueBusyError
from hearthline.platform.store import BusyError
from hearthline.telephony.model import contact_id
from tests.integration.carrier_posts import (
    CALLER,
    SID,
    STACK,
    Answer,
    fields,
    in_memory,
    knock,
    of_contact,
    post,
    queued,
    sign,
    written,
)

ID = contact_id(STACK, SID)
SPOKEN_ROUTES: dict[str, tuple[str, dict[str, str]]] = {
    "voice": ("/telephony/voice", {}),
    "menu": (of_contact("menu"), {"Digits": "1"}),
    "menu again": (of_contact("menu", "en"), {"Digits": "1"}),
    "wait": (of_contact("wait"), {"QueueTime": "0"}),
    "wait again": (of_contact("wait", 3), {"QueueTime": "20"}),
    "choose": (of_contact("choose", 1), {"Digits": "1"}),
    "number": (of_contact("number", 1), {"Digits": "1"}),
    "left": (of_contact("left"), {"QueueResult": "hangup"}),
    "connected": (of_contact("connected", 1), {}),
    "callback": (of_contact("callback"), {}),
}


class Weather:
    """Effects that fail by name while ``storm`` says so."""

    def __init__(self) -> None:
        self.storm: dict[str, Exception] = {}

    def __call__(self, name: str) -> None:
        if name in self.storm:
            raise self.storm[name]


@pytest.fixture
def weather() -> Weather:
    return Weather()


@pytest.fixture
def effects(weather: Weather, monkeypatch: pytest.MonkeyPatch) -> Iterator[Effects]:
    made = in_memory(weather)
    monkeypatch.setattr(webhook, "effects", lambda: made)
    yield made


def apologises(answer: Answer) -> bool:
    return answer.status == 200 and "非常抱歉" in answer.said and "very sorry" in answer.said


@pytest.mark.parametrize("down", ["store.get", "store.write", "store.page"])
@pytest.mark.parametrize("route", SPOKEN_ROUTES)
def test_a_caller_hears_an_apology_or_the_answer_when_the_store_is_down(
    effects: Effects, weather: Weather, route: str, down: str
) -> None:
    path, more = SPOKEN_ROUTES[route]
    if route != "voice":
        queued() if route != "menu" else post("/telephony/voice", fields())
    weather.storm = {down: BusyError("down")}
    answer = post(path, fields(**more))
    assert answer.status == 200
    assert ET.fromstring(answer.body).tag == "Response"  # noqa: S314 - our own answer
    if down == "store.get":
        assert apologises(answer)
        assert answer.next() == of_contact("callme")


@pytest.mark.parametrize("failure", [RuntimeError("bug"), KeyError("x"), MemoryError(), BusyError("throttled")])
def test_any_exception_becomes_an_apology_with_a_callback_offered(
    effects: Effects, weather: Weather, failure: Exception
) -> None:
    weather.storm = {"store.write": failure}
    answer = post("/telephony/voice", fields())
    assert apologises(answer)
    assert "回电" in answer.said
    assert "call you back" in answer.said


def test_a_callback_asked_for_in_an_outage_is_promised_when_the_store_is_back(
    effects: Effects, weather: Weather
) -> None:
    weather.storm = {"store.write": BusyError("down")}
    sorry = post("/telephony/voice", fields())
    patience = post(sorry.next(), fields(Digits="1"))
    assert patience.verbs == ["Say", "Say", "Pause", "Redirect"]
    weather.storm = {}
    answer = post(patience.next(), fields())
    assert answer.verbs == ["Say", "Hangup"]
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert (contact.state, contact.queue) == ("callback_promised", "service")


def test_a_callback_in_an_outage_without_end_ends_in_words(effects: Effects, weather: Weather) -> None:
    weather.storm = {"store.write": BusyError("down")}
    path, tries = of_contact("callme"), 0
    while "Redirect" in (answer := post(path, fields(Digits="1"))).verbs:
        path, tries = answer.next(), tries + 1
    assert tries == 2
    assert answer.verbs[-1] == "Hangup"


def test_a_caller_is_apologised_to_when_the_keys_are_out_of_reach(effects: Effects) -> None:
    keys: Any = effects.sealer._keys
    keys.down = True
    assert apologises(post("/telephony/voice", fields()))
    assert Floor(effects).contact(ID) is None


def test_a_secret_out_of_reach_gives_an_apology_and_does_nothing(
    effects: Effects, monkeypatch: pytest.MonkeyPatch
) -> None:
    unconfigured = in_memory()
    unconfigured.secret.__self__.clear()  # type: ignore[attr-defined]  # the dictionary behind it
    monkeypatch.setattr(webhook, "effects", lambda: unconfigured)
    answer = post("/telephony/voice", fields())
    assert apologises(answer)
    assert "Gather" not in answer.body
    store: Any = unconfigured.store
    assert store.everything() == {}


def test_a_lost_nudge_costs_a_caller_nothing(effects: Effects, weather: Weather) -> None:
    post("/telephony/voice", fields())
    weather.storm = {"queue.send": QueueBusyError("route")}
    assert "Enqueue" in post(of_contact("menu"), fields(Digits="1")).verbs


def test_news_of_a_call_that_cannot_be_kept_is_asked_for_again(effects: Effects, weather: Weather) -> None:
    queued()
    weather.storm = {"store.write": BusyError("down")}
    answer = post("/telephony/status", fields(CallStatus="completed"))
    assert (answer.status, '"try_again"' in answer.body) == (503, True)
    weather.storm = {}
    assert post("/telephony/status", fields(CallStatus="completed")).status == 200
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.state == "abandoned"


EVIL = '</Say><Dial>+1900</Dial><Say a="\u0001]]>&lt;'


@pytest.mark.parametrize("field", ["SpeechResult", "From", "To", "Digits", "CallerName", "QueueResult", "CallStatus"])
@pytest.mark.parametrize("route", SPOKEN_ROUTES)
def test_what_a_caller_says_or_sends_never_becomes_an_order(effects: Effects, route: str, field: str) -> None:
    path, more = SPOKEN_ROUTES[route]
    if route != "voice":
        queued()
    answer = post(path, fields(**{**more, field: EVIL}))
    assert answer.status == 200
    assert "Dial" not in {each.tag for each in ET.fromstring(answer.body).iter()}  # noqa: S314 - our own answer
    assert "1900" not in answer.body


def test_a_name_of_a_queue_or_address_is_never_taken_from_the_post(effects: Effects) -> None:
    queued()
    answer = post(of_contact("wait"), fields(QueueSid="QUx", CurrentQueueSize="9", AvgQueueTime="99999"))
    assert "99999" not in answer.body


@pytest.mark.parametrize("route", SPOKEN_ROUTES)
def test_a_signed_post_without_a_call_is_refused_by_name(effects: Effects, route: str) -> None:
    path, more = SPOKEN_ROUTES[route]
    form = {name: value for name, value in fields(**more).items() if name != "CallSid"}
    answer = knock(path, urlencode(form), sign(path, form))
    assert answer.status == 400
    assert '"parameter_missing"' in answer.body
    assert '"CallSid"' in answer.body


@pytest.mark.parametrize("route", SPOKEN_ROUTES)
def test_a_signed_post_with_nothing_but_a_call_is_answered_in_twiml(effects: Effects, route: str) -> None:
    path, _ = SPOKEN_ROUTES[route]
    answer = knock(path, urlencode({"CallSid": SID}), sign(path, {"CallSid": SID}))
    assert answer.status == 200
    assert answer.body.startswith("<?xml")
    assert answer.verbs or route == "left"


@pytest.mark.parametrize("route", SPOKEN_ROUTES)
def test_an_oversized_value_is_refused_by_name(effects: Effects, route: str) -> None:
    path, more = SPOKEN_ROUTES[route]
    form = fields(**more, SpeechResult="a" * 5000)
    answer = knock(path, urlencode(form), sign(path, form))
    assert (answer.status, '"parameter_too_long"' in answer.body) == (400, True)


@pytest.mark.parametrize("route", SPOKEN_ROUTES)
def test_another_kind_of_body_is_refused_by_name(effects: Effects, route: str) -> None:
    path, more = SPOKEN_ROUTES[route]
    form = fields(**more)
    answer = knock(path, urlencode(form), sign(path, form), headers={"content-type": "application/json"})
    assert (answer.status, '"not_a_form"' in answer.body) == (415, True)


def test_a_call_to_a_number_that_is_not_ours_is_told_so_and_leaves_no_contact(effects: Effects) -> None:
    answer = post("/telephony/voice", fields(To="+862199999999"))
    assert answer.verbs == ["Say", "Say", "Hangup"]
    assert Floor(effects).contact(ID) is None


def test_no_number_of_a_caller_stands_in_the_clear_in_store_queue_or_log(effects: Effects) -> None:
    with written() as lines:
        queued()
        post(of_contact("menu"), fields(SpeechResult=f"打给我{CALLER}"))
        post(of_contact("choose", 1), fields(Digits="1"))
        post(of_contact("number", 1), fields(Digits="13912345678"))
    store: Any = effects.store
    queue: Any = effects.queue
    assert SID in lines.getvalue()
    left = repr(store.everything()) + repr(queue.sent) + lines.getvalue()
    for number in ("13812348001", "13912345678"):
        assert number not in left


SCRIPT: tuple[tuple[str, dict[str, str]], ...] = (
    ("/telephony/voice", {}),
    (of_contact("menu"), {"SpeechResult": "账单"}),
    (of_contact("wait"), {"QueueTime": "0"}),
    (of_contact("left"), {"QueueResult": "hangup"}),
    ("/telephony/status", {"CallStatus": "completed"}),
)


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (0, 1, 4, 3, 2), (0, 4, 1, 2, 3), (4, 3, 2, 1, 0), (1, 0, 4, 2, 3)])
def test_in_whatever_order_and_how_often_posts_come_the_contact_ends_once(
    effects: Effects, order: tuple[int, ...]
) -> None:
    first: dict[int, Answer] = {}
    again: Callable[[int], Answer] = lambda n: post(SCRIPT[n][0], fields(**SCRIPT[n][1]))  # noqa: E731
    for n in order:
        first[n] = again(n)
    for n in (*order, *reversed(order)):
        if "抱歉" not in first[n].body:
            assert again(n) == first[n]
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.state in {"abandoned", "closed"}
    store: Any = effects.store
    ended = [item for key, item in store.everything().items() if key.table == "ledger"]
    assert [each["event"]["type"] for each in ended].count("ContactEnded") == 1
