"""A message instead of a wait: asked for with a key or taken out of hours, kept sealed, counted once."""

import io
import json
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import pytest

from functions.keep_voicemail import app as keep_voicemail
from hearthline.config.store import publish
from hearthline.events.word import Envelope
from hearthline.floor.model import MESSAGE_PATIENCE_MS, SWEEP_GRACE_MS, Contact
from hearthline.platform.objects import MemoryObjects
from hearthline.platform.seal import Place
from hearthline.platform.store import Key
from local.seed import COMPANY
from tests.integration import carrier_posts
from tests.integration.carrier_posts import CALLER, fields, of_contact, post, written
from tests.integration.phone_shift import PhoneShift, phone_shift
from tests.integration.test_hours_and_overflow import at, company
from tests.shift import deliver

RECORDING = "RE" + "7" * 32
AT_CARRIER = f"/2010-04-01/Accounts/AC22222222222222222222222222222222/Recordings/{RECORDING}"


def sound(seconds: int = 3) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"\x34\x12" * 8_000 * seconds)
    return out.getvalue()


@pytest.fixture
def shift() -> Iterator[PhoneShift]:
    with phone_shift() as made:
        made.carrier.files[f"{AT_CARRIER}.wav"] = sound()
        made.carrier.answers[f"DELETE {AT_CARRIER}"] = (204, {})
        yield made


def waiting() -> str:
    contact = carrier_posts.queued()
    post(of_contact("wait"), fields())
    return contact


def asks_to_speak() -> str:
    """The caller keys 2 in the queue and is led to the tone; what the carrier was told last."""
    assert "<Leave" in post(of_contact("choose", "1"), fields(Digits="2")).body
    return post(of_contact("left"), fields(QueueResult="leave")).body


def spoken(**more: str) -> dict[str, str]:
    url = f"https://api.example.test{AT_CARRIER}"
    return fields(RecordingUrl=url, RecordingDuration="3", **more)


def hangs_up() -> None:
    post("/telephony/status", fields(CallStatus="completed"))


def state_of(shift: PhoneShift, contact: str) -> Contact:
    found: Contact = shift.state_of(contact)
    return found


def news(shift: PhoneShift, contact: str, word: str) -> Envelope:
    return next(each for each in shift.ledger(contact) if each.type == word)


def keep(shift: PhoneShift, contact: str) -> list[str]:
    return deliver(keep_voicemail, shift.effects, json.dumps(news(shift, contact, "VoicemailLeft").plain()))


def clock_looks(shift: PhoneShift, contact: str) -> None:
    body = json.dumps(news(shift, contact, "VoicemailBegun").plain())
    assert deliver(keep_voicemail, shift.effects, body) == []


def parts(shift: PhoneShift) -> list[Key]:
    return [key for key in shift.store.everything() if key.table == "recordings"]


def bucket(shift: PhoneShift) -> MemoryObjects:
    assert isinstance(shift.effects.objects, MemoryObjects)
    return shift.effects.objects


def test_who_waits_is_told_of_the_message_and_led_to_the_tone_by_key_2(shift: PhoneShift) -> None:
    waiting()
    assert "按2" in post(of_contact("wait"), fields(SequenceNumber="2")).body
    said = asks_to_speak()
    assert 'maxLength="120"' in said
    assert "提示音" in said


def test_who_chose_to_speak_is_not_rung_at_an_agent_any_more(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    shift.agent("ana", queues={"billing": 3})
    shift.run("route")
    assert state_of(shift, contact).state == "leaving_message"
    assert shift.who("ana").state == "available"
    assert shift.places() == []


def test_who_rings_at_an_agent_already_is_not_taken_away_for_a_message(shift: PhoneShift) -> None:
    contact = waiting()
    shift.agent("ana", queues={"billing": 3})
    shift.run("route")
    assert "正在为您接通" in post(of_contact("choose", "1"), fields(Digits="2")).body
    assert state_of(shift, contact).state == "offered"


def test_a_message_ends_the_contact_once_the_caller_has_gone(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    assert "您的留言已收到" in post(of_contact("message"), spoken(Digits="#")).body
    assert state_of(shift, contact).state == "leaving_message"
    hangs_up()
    found = state_of(shift, contact)
    assert (found.state, found.outcome) == ("voicemail", "voicemail")
    assert shift.story(contact)[1:] == ["ContactQueued", "VoicemailBegun", "VoicemailLeft", "ContactEnded"]


def test_the_end_of_the_call_may_overtake_the_news_of_the_message(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    hangs_up()
    assert state_of(shift, contact).state == "leaving_message"
    post(of_contact("message"), spoken(Digits="hangup"))
    assert state_of(shift, contact).outcome == "voicemail"


def test_news_of_the_recording_alone_is_enough(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    hangs_up()
    post(of_contact("status"), spoken(RecordingSid=RECORDING, RecordingStatus="completed"))
    assert state_of(shift, contact).outcome == "voicemail"


def test_news_that_comes_again_leaves_one_message(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    for digits in ("#", "hangup"):
        post(of_contact("message"), spoken(Digits=digits))
    post(of_contact("status"), spoken(RecordingSid=RECORDING, RecordingStatus="completed"))
    hangs_up()
    assert shift.story(contact).count("VoicemailLeft") == 1
    assert shift.story(contact).count("ContactEnded") == 1


@pytest.mark.parametrize("told", [{}, {"RecordingDuration": "0"}, {"RecordingDuration": "1"}, {"RecordingUrl": "x"}])
def test_an_empty_message_is_an_abandoned_contact(shift: PhoneShift, told: dict[str, str]) -> None:
    contact = waiting()
    asks_to_speak()
    form = {**spoken(), **told} if told else fields()
    assert "没有听到留言" in post(of_contact("message"), form).body
    hangs_up()
    shift.later(MESSAGE_PATIENCE_MS / 1000)
    clock_looks(shift, contact)
    found = state_of(shift, contact)
    assert (found.state, found.outcome, found.message) == ("abandoned", "abandoned", "")


def test_the_clock_comes_back_when_it_is_time_and_not_before(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    shift.later(30)
    clock_looks(shift, contact)
    assert state_of(shift, contact).state == "leaving_message"
    assert [sent.delay for sent in shift.messages("voicemail")] == [150]


def test_a_lost_clock_is_made_good_by_the_sweep(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    shift.later((MESSAGE_PATIENCE_MS + 2 * SWEEP_GRACE_MS) / 1000)
    assert shift.sweep()["message_late"] == 1
    assert state_of(shift, contact).state == "abandoned"


def test_a_message_whose_news_came_too_late_is_kept_all_the_same(shift: PhoneShift) -> None:
    contact = waiting()
    asks_to_speak()
    shift.later(MESSAGE_PATIENCE_MS / 1000)
    clock_looks(shift, contact)
    post(of_contact("status"), spoken(RecordingSid=RECORDING, RecordingStatus="completed"))
    assert keep(shift, contact) == []
    assert len(bucket(shift).kept) == 1
    assert state_of(shift, contact).outcome == "abandoned"


def left_a_message(shift: PhoneShift) -> str:
    contact = waiting()
    asks_to_speak()
    post(of_contact("message"), spoken(Digits="#"))
    hangs_up()
    return contact


def test_a_message_is_fetched_sealed_kept_as_recordings_are_and_deleted_at_the_carrier(shift: PhoneShift) -> None:
    contact = left_a_message(shift)
    assert keep(shift, contact) == []
    [(name, blob)] = bucket(shift).kept.items()
    assert name.startswith(f"recordings/{contact}/carrier-")
    plain = shift.effects.sealer.open(blob, Place("recordings", contact, name))
    with wave.open(io.BytesIO(plain)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8_000, 24_000)
        assert file.readframes(1) == b"\x34\x12\x00\x00"
    stored = shift.ledger(f"R#{contact}")[0]
    assert (stored.type, stored.data["edge"], stored.data["length_ms"]) == ("RecordingStored", "carrier", 3_000)
    assert [line for line, _ in shift.carrier.heard] == [f"GET {AT_CARRIER}.wav", f"DELETE {AT_CARRIER}.json"]


def test_a_message_fetched_twice_is_kept_once(shift: PhoneShift) -> None:
    contact = left_a_message(shift)
    assert keep(shift, contact) == keep(shift, contact) == []
    assert len(parts(shift)) == len(bucket(shift).kept) == 1
    assert [line for line, _ in shift.carrier.heard].count(f"GET {AT_CARRIER}.wav") == 1


def test_a_message_that_is_not_ready_is_asked_for_again(shift: PhoneShift) -> None:
    contact = left_a_message(shift)
    found = shift.carrier.files.pop(f"{AT_CARRIER}.wav")
    with written("keep_voicemail") as lines:
        assert keep(shift, contact) == ["m1"]
    assert "NotReadyError" in lines.getvalue()
    assert CALLER not in lines.getvalue()
    shift.carrier.files[f"{AT_CARRIER}.wav"] = found
    assert keep(shift, contact) == []


def test_out_of_hours_the_caller_hears_so_and_may_speak_a_message(shift: PhoneShift) -> None:
    publish(shift.effects, company("voicemail"))
    at(shift.effects, "2026-11-27T20:00:00")
    post("/telephony/voice", fields())
    said = post(of_contact("menu"), fields(Digits="2")).body
    assert said.index("不在服务时间") < said.index("提示音") < said.index("<Record")
    contact = left_out_of_hours(shift)
    assert (contact.outcome, contact.queue, contact.matter, contact.queued_at) == ("voicemail", "billing", "billing", 0)
    assert news(shift, contact.id, "VoicemailLeft").data["queued_at"] == 0


def left_out_of_hours(shift: PhoneShift) -> Contact:
    post(of_contact("message"), spoken(Digits="#"))
    hangs_up()
    (contact,) = contacts(shift)
    return state_of(shift, contact)


def test_who_says_nothing_out_of_hours_never_waited(shift: PhoneShift) -> None:
    publish(shift.effects, company("voicemail"))
    at(shift.effects, "2026-11-27T20:00:00")
    contact = carrier_posts.queued()
    shift.later(MESSAGE_PATIENCE_MS / 1000)
    clock_looks(shift, contact)
    found = state_of(shift, contact)
    assert (found.state, found.outcome) == ("closed", "left_in_menu")


def test_of_all_who_waited_each_is_counted_once(shift: PhoneShift) -> None:
    """Queued = answered + abandoned + voicemail + waiting, read from the ledger alone."""
    publish(shift.effects, replace(COMPANY))
    for n, ends in enumerate(("speaks", "silent", "hangs up", "waits")):
        call = f"CA{n:032d}"
        carrier_posts.queued(call)
        if ends in {"speaks", "silent"}:
            post(of_contact("choose", "1", call=call), fields(call, Digits="2"))
            post(of_contact("left", call=call), fields(call, QueueResult="leave"))
        if ends == "speaks":
            post(of_contact("message", call=call), {**spoken(Digits="#"), "CallSid": call})
        if ends != "waits":
            post("/telephony/status", fields(call, CallStatus="completed"))
    shift.later(MESSAGE_PATIENCE_MS / 1000)
    for contact in contacts(shift):
        if "VoicemailBegun" in shift.story(contact):
            clock_looks(shift, contact)
    told = [each for contact in contacts(shift) for each in shift.ledger(contact)]
    queued = {each.data["contact"] for each in told if each.type == "ContactQueued"}
    ended = {each.data["contact"]: each.data["outcome"] for each in told if each.type == "ContactEnded"}
    assert len(queued) == 4
    assert sorted(ended.values()) == ["abandoned", "abandoned", "voicemail"]


def contacts(shift: PhoneShift) -> list[str]:
    return [key.pk[2:] for key in shift.store.everything() if key.pk.startswith("C#") and key.table == "floor"]


class KilledError(BaseException):
    """The worker's process ends here."""


@contextmanager
def killed_at(shift: PhoneShift, point: int) -> Iterator[list[str]]:
    """The worker dies at its ``point``-th effect; the effects it reached."""
    seen = list[str]()

    def pause(name: str) -> None:
        seen.append(name)
        if len(seen) == point:
            raise KilledError(name)

    store, objects = shift.store, bucket(shift)
    with patch.object(store, "_pause", pause), patch.object(objects, "_pause", pause):
        yield seen


def test_a_worker_that_dies_at_any_effect_loses_no_message_and_keeps_it_once() -> None:
    point, died = 1, True
    while died:
        with phone_shift() as shift:
            shift.carrier.files[f"{AT_CARRIER}.wav"] = sound()
            shift.carrier.answers[f"DELETE {AT_CARRIER}"] = (204, {})
            contact = left_a_message(shift)
            with killed_at(shift, point):
                try:
                    assert keep(shift, contact) == []
                    died = False
                except KilledError:
                    died = True
            assert keep(shift, contact) == []
            assert len(parts(shift)) == len(bucket(shift).kept) == 1
            assert [line for line, _ in shift.carrier.heard][-1] == f"DELETE {AT_CARRIER}.json"
        point += 1
    assert point > 5


def test_whoever_speaks_a_message_gets_a_ticket_that_nobody_owns_yet(shift: PhoneShift) -> None:
    from functions.open_ticket import app as open_ticket
    from hearthline.tickets.model import ticket_id
    from hearthline.tickets.store import ticket_of

    contact = left_a_message(shift)
    ended = json.dumps(news(shift, contact, "ContactEnded").plain())
    assert deliver(open_ticket, shift.effects, ended) == deliver(open_ticket, shift.effects, ended) == []
    ticket = ticket_of(shift.effects, ticket_id(shift.effects.settings.stack_id, contact))
    assert ticket is not None
    assert (ticket.state, ticket.matter) == ("unattended", "billing")
