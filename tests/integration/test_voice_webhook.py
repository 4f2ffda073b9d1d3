"""The carrier's webhooks, from a signed post to the words and to what stands on the floor."""

from collections.abc import Iterator

import pytest

from functions.voice_webhook import app as webhook
from hearthline.events.word import Actor
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.telephony.model import contact_id
from tests.integration.carrier_posts import CALLER, NUMBER, SID, STACK, fields, in_memory, of_contact, post, queued

ID = contact_id(STACK, SID)


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> Iterator[Effects]:
    made = in_memory()
    monkeypatch.setattr(webhook, "effects", lambda: made)
    yield made


def test_a_caller_is_greeted_in_chinese_then_english_and_may_speak_or_press(effects: Effects) -> None:
    answer = post("/telephony/voice", fields())
    assert answer.status == 200
    assert answer.type.startswith("text/xml")
    assert answer.said.index("欢迎") < answer.said.index("Welcome")
    gather = answer.find("Gather")
    assert (gather.get("input"), gather.get("language")) == ("speech dtmf", "zh-CN")
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.state == "arrived"


def test_a_caller_who_says_the_bill_is_wrong_waits_in_billing(effects: Effects) -> None:
    post("/telephony/voice", fields())
    answer = post(of_contact("menu"), fields(SpeechResult="我的账单不对", Confidence="0.9"))
    assert answer.verbs == ["Say", "Enqueue"]
    assert answer.find("Enqueue").text == "billing"
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert (contact.state, contact.queue, contact.lang) == ("queued", "billing", "zh")
    assert [sent.queue for sent in effects.queue.sent] == ["route"]  # type: ignore[attr-defined]


def test_an_answer_given_once_is_given_again_word_for_word(effects: Effects) -> None:
    post("/telephony/voice", fields())
    first = post(of_contact("menu"), fields(Digits="1"))
    assert post(of_contact("menu"), fields(Digits="1")) == first
    assert len(effects.queue.sent) == 1  # type: ignore[attr-defined]


def test_who_is_not_understood_twice_is_put_through_to_a_person(effects: Effects) -> None:
    post("/telephony/voice", fields())
    again = post(of_contact("menu"), fields())
    assert again.next() == of_contact("menu", "zh")
    answer = post(of_contact("menu", "zh"), fields(SpeechResult="嗯"))
    assert answer.find("Enqueue").text == "service"


def test_the_waiting_caller_hears_the_place_and_the_wait_and_never_a_worse_place(effects: Effects) -> None:
    for n in range(3):
        queued(f"CA{n}")
        effects.clock.move(1)  # type: ignore[attr-defined]
    queued()
    answer = post(of_contact("wait"), fields(QueueTime="0"))
    assert "第4位" in answer.said
    assert "6分钟" in answer.said
    assert post(of_contact("wait", 2), fields(QueueTime="20")).said.startswith("您目前排在第2位")


def test_a_wait_told_once_is_never_told_longer(effects: Effects) -> None:
    for n in range(3):
        queued(f"CA{n}")
        effects.clock.move(1)  # type: ignore[attr-defined]
    queued()
    first = post(of_contact("wait"), fields(QueueTime="0"))
    assert first.next() == of_contact("choose", "4-6")
    assert "3分钟" in post(of_contact("wait", "4-3"), fields(QueueTime="20")).said


def test_another_number_is_read_back_and_only_then_promised(effects: Effects) -> None:
    queued()
    ask = post(of_contact("choose", 1), fields(Digits="1"))
    again = post(ask.next(), fields(Digits="13912345678#"))
    assert "5 6 7 8" in again.said
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.callback == ""
    said = post(again.next(), fields(Digits="1", SequenceNumber="9")).said
    assert "5 6 7 8" in said
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert effects.open_text(contact.callback, Place("floor", ID, "callback")) == "+8613912345678"
    assert "13912345678" not in str(effects.store.everything())  # type: ignore[attr-defined]


@pytest.mark.parametrize("keyed", ["110", "10086", "4001234567", "0019005550123", NUMBER.replace("+86", "0")])
def test_a_short_costly_or_own_number_is_not_promised(effects: Effects, keyed: str) -> None:
    queued()
    ask = post(of_contact("choose", 1), fields(Digits="1"))
    assert "无法使用" in post(ask.next(), fields(Digits=keyed)).said
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.callback == ""


def test_a_callback_is_confirmed_promised_and_keeps_its_place(effects: Effects) -> None:
    queued()
    ask = post(of_contact("choose", 1), fields(Digits="1"))
    assert "8 0 0 1" in ask.said
    answer = post(ask.next(), fields(Digits="1"))
    assert answer.verbs == ["Say", "Hangup"]
    post(of_contact("left"), fields(QueueResult="hangup"))
    post("/telephony/status", fields(CallStatus="completed"))
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert (contact.state, contact.call_sid) == ("callback_promised", "")
    assert Floor(effects).standing(ID).position == 1
    assert CALLER not in contact.callback


def test_a_caller_who_hangs_up_while_waiting_has_abandoned(effects: Effects) -> None:
    queued()
    post(of_contact("left"), fields(QueueResult="hangup"))
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.state == "abandoned"
    assert Floor(effects).waiting_in("billing") == 0


def test_the_end_of_a_call_that_overtakes_its_beginning_is_not_undone(effects: Effects) -> None:
    post("/telephony/status", fields(CallStatus="completed"))
    assert "Hangup" in post("/telephony/voice", fields()).verbs
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.state == "closed"


def test_late_news_of_a_ringing_phone_does_not_undo_the_end(effects: Effects) -> None:
    queued()
    post("/telephony/status", fields(CallStatus="completed", SequenceNumber="3"))
    post("/telephony/status", fields(CallStatus="ringing", SequenceNumber="1"))
    contact = Floor(effects).contact(ID)
    assert contact is not None
    assert contact.state == "abandoned"
    assert Floor(effects).end_contact(ID, by="caller", actor=Actor(kind="carrier")) is None
