"""Nobody but the carrier moves a call: every changed post is refused and leaves nothing behind."""

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.voice_webhook import app as webhook
from hearthline.platform.effects import Effects
from tests.integration.carrier_posts import (
    PUBLIC,
    fields,
    in_memory,
    knock,
    of_contact,
    queued,
    sign,
)

FLIPS = 10_000
SEED = 20_261_121
LETTERS = string.ascii_letters + string.digits + "+/=%?&# -_.~云\u0000"


@dataclass(frozen=True)
class Recorded:
    """A genuine post of the carrier."""

    path: str
    form: dict[str, str]


RECORDED = (
    Recorded("/telephony/voice", fields("CA" + "9" * 32)),
    Recorded("/telephony/status", fields(CallStatus="completed", SequenceNumber="3", CallDuration="12")),
    Recorded(of_contact("menu"), fields(SpeechResult="我家的宽带断线了", Confidence="0.93", Language="zh-CN")),
    Recorded(of_contact("menu", "en"), fields(Digits="3", msg="Gather End")),
    Recorded(of_contact("wait"), fields(QueuePosition="1", QueueTime="0", AvgQueueTime="0", QueueSid="QU1")),
    Recorded(of_contact("wait", 2), fields(QueuePosition="1", QueueTime="21")),
    Recorded(of_contact("choose", 1), fields(Digits="1")),
    Recorded(of_contact("number", 1), fields(Digits="13912345678")),
    Recorded(of_contact("left"), fields(QueueResult="hangup", QueueTime="33")),
    Recorded(of_contact("connected", 1), fields(StreamSid="MZ1")),
    Recorded(of_contact("callback"), fields(Direction="outbound-api")),
    Recorded(of_contact("callme"), fields(Digits="1")),
    Recorded(of_contact("status"), fields(CallStatus="no-answer")),
)


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> Iterator[Effects]:
    made = in_memory()
    monkeypatch.setattr(webhook, "effects", lambda: made)
    monkeypatch.setattr(webhook.log, "warning", lambda *_, **__: None)  # ten thousand lines say no more than one
    queued()
    yield made


def everything(effects: Effects) -> tuple[Any, ...]:
    """All that a post could have left: items, messages, pushes."""
    store: Any = effects.store
    queue: Any = effects.queue
    return store.everything(), list(queue.sent), list(queue.parked)


def flipped(text: str, chance: random.Random) -> str:
    """``text`` with one character changed, lost or added."""
    at = chance.randrange(len(text) + 1)
    other = chance.choice(LETTERS)
    match chance.randrange(3) if text else 1:
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + other + text[at:]
    return text[:at] + other + text[at + 1 :]


def forged(post: Recorded, chance: random.Random) -> tuple[str, dict[str, str], str]:
    """Path, form, signature with exactly one of them changed."""
    path, form, signature = post.path, dict(post.form), sign(post.path, post.form)
    match chance.randrange(3):
        case 0:
            path = flipped(path, chance)
        case 1:
            name = chance.choice(sorted(form))
            form[name] = flipped(form[name], chance)
        case _:
            signature = flipped(signature, chance)
    return path, form, signature


def test_ten_thousand_flips_of_values_path_and_signature_are_refused_and_write_nothing(effects: Effects) -> None:
    chance, before, tried = random.Random(SEED), everything(effects), 0
    while tried < FLIPS:
        post = chance.choice(RECORDED)
        path, form, signature = forged(post, chance)
        if (path, form, signature) == (post.path, post.form, sign(post.path, post.form)):
            continue
        answer = knock(path, urlencode(form), signature)
        assert answer.status in {403, 404}, (path, form, signature, answer)
        tried += 1
    assert everything(effects) == before


def test_the_recorded_posts_themselves_are_accepted(effects: Effects) -> None:
    for post in RECORDED:
        assert knock(post.path, urlencode(post.form), sign(post.path, post.form)).status == 200


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "x-forwarded-proto", "x-original-url", "forwarded"])
def test_only_the_configured_address_counts_whatever_the_headers_say(effects: Effects, header: str) -> None:
    form = fields("CA7")
    elsewhere = sign("/telephony/voice", form).replace(PUBLIC, "https://evil.example")
    forged_for_them = knock("/telephony/voice", urlencode(form), "x" + elsewhere[1:], headers={header: "evil.example"})
    assert forged_for_them.status == 403
    genuine = knock("/telephony/voice", urlencode(form), sign("/telephony/voice", form), headers={header: "evil.test"})
    assert genuine.status == 200


def test_a_query_is_never_part_of_an_address_of_ours(effects: Effects) -> None:
    before = everything(effects)
    form = fields("CA7")
    answer = knock("/telephony/voice", urlencode(form), sign("/telephony/voice", form), query={"Digits": ["1"]})
    assert answer.status == 404
    assert everything(effects) == before


@pytest.mark.parametrize(
    "body",
    ["", "%ff%fe", "CallSid=CA1&CallSid=CA2", "&&&", "a" * 40_000, '{"CallSid":"CA1"}', "x=1&" * 500],
    ids=["empty", "not text", "twice", "nothing", "oversized", "json", "too many"],
)
@pytest.mark.parametrize("resource", sorted(webhook.app.routes))
def test_unreadable_bodies_are_refused_on_every_route(effects: Effects, resource: str, body: str) -> None:
    before = everything(effects)
    contact = offer = "6f1f3f86-3a52-4a35-9d3a-0b7d1e7b1c55"
    path = resource.format(contact=contact, lang="zh", position=1, attempt=1, step="take", offer=offer, turn=1)
    answer = knock(path, body, sign(path, {}))
    assert answer.status in {400, 403, 413}
    assert '"code"' in answer.body
    assert everything(effects) == before
