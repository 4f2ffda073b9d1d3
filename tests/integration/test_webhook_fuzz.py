"""Bad posts, genuinely signed, on every route of the carrier: the answer is words or a stable code, never a crash."""

import json
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.voice_webhook import app as webhook
from hearthline.events.agent_phone import AgentPhoneDue
from hearthline.events.word import Actor
from hearthline.floor.store import Floor
from hearthline.platform.seal import Place
from hearthline.platform.store import BusyError
from hearthline.presence.store import Presence
from hearthline.telephony.model import contact_id
from hearthline.telephony.twilio import MAX_BODY_BYTES, MAX_FIELDS, MAX_VALUE
from local.places import ROOT
from tests.integration.carrier_posts import (
    CALLER,
    NUMBER,
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
from tests.shift import Shift, bound

EXAMPLES = 50
DOCUMENT = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
OPERATIONS = sorted(
    path for path, item in DOCUMENT["paths"].items() if path.startswith("/telephony/") and "post" in item
)
FORM = "application/x-www-form-urlencoded"
CODES = {
    400: {"parameter_too_long", "parameter_missing"},
    403: {"signature_refused"},
    404: {"no_such_address"},
    413: {"body_too_large"},
    415: {"not_a_form"},
}
TRY_AGAIN = {503: {"try_again"}}
EDGES = json.dumps([{"name": "edge-a", "url": "http://127.0.0.1:9", "stream": "wss://a.test/stream"}])

STORY = ("nothing", "arrived", "queued", "talking", "promised", "ended")
"""How far the call is when the post comes."""
WORDS = {
    "From": [CALLER, "", "anonymous", "+266696687", "sip:li@example.com", "13812348001"],
    "To": [NUMBER, "+862199999999", "", CALLER],
    "CallSid": [SID, "CA" + "8" * 32, "", "x", "云" * 34, "CA/../1", "A" * 65],
    "Digits": ["1", "2", "9", "0", "*", "#", "13912345678", "13912345678#", "١٢٣", "1" * 400],
    "SpeechResult": ["宽带断线", "我叫王小明，电话13912345678", "billing please", "嗯", "</Say><Dial>+1900</Dial>"],
    "CallStatus": ["ringing", "in-progress", "completed", "busy", "no-answer", "canceled", "failed", "unheard-of"],
    "QueueResult": ["hangup", "leave", "bridged", "queue-full", "error", "system-error", "redirected"],
    "Direction": ["inbound", "outbound-api", "outbound-dial", ""],
    "QueueTime": ["0", "21", "-1", "NaN", "1e9"],
    "Confidence": ["0.9", "", "none"],
}
MARK = "私事4711"
PERSONAL = (MARK, "13812348001", "13912345678", "266696687", "王小明", "li@example.com")
"""What no line may have; free text carries the mark in half of all cases."""
TEXT = st.one_of(st.text(max_size=40), st.text(max_size=40).map(lambda text: MARK + text))


@dataclass(frozen=True)
class Sent:
    """A post as it leaves the carrier; ``form`` is what was signed."""

    path: str
    body: str
    form: dict[str, str]
    content_type: str


def value_of(name: str) -> st.SearchStrategy[str]:
    known = st.sampled_from(WORDS[name]) if name in WORDS else TEXT
    return st.one_of(known, known, known, TEXT)


@st.composite
def forms(draw: st.DrawFn) -> dict[str, str]:
    """A form of the carrier with some fields missing, strange or added."""
    form = fields()
    for name in draw(st.lists(st.sampled_from(sorted(WORDS)), max_size=6, unique=True)):
        form[name] = draw(value_of(name))
    if draw(st.booleans()):
        del form[draw(st.sampled_from(sorted(form)))]
    return form | draw(st.dictionaries(TEXT, TEXT, max_size=3))


def spoiled(form: dict[str, str]) -> dict[str, str]:
    """Name of a way to spoil a body -> the body."""
    whole = urlencode(form)
    return {
        "as it is": whole,
        "repeated": f"{whole}&CallSid={SID}&CallSid={SID}",
        "not UTF-8": f"{whole}&CallerName=%ff%fe",
        "half a character": f"{whole}&CallerName=%e4%ba",
        "a long value": f"{whole}&SpeechResult=" + "a" * (MAX_VALUE + 1),
        "a huge value": f"{whole}&SpeechResult=" + "a" * MAX_BODY_BYTES,
        "too many": whole + "".join(f"&x{n}=1" for n in range(MAX_FIELDS)),
        "odd separators": f"&&{whole}&=&&;=;",
        "nothing": "",
        "JSON": json.dumps(form),
    }


WAYS = sorted(spoiled({}))
TYPES = [
    FORM,
    f"{FORM}; charset=utf-8",
    FORM.upper(),
    f"{FORM};charset=gbk",
    "",
    "application/json",
    "text/xml",
    "云/*",
]
PLACES: dict[str, list[str]] = {
    "lang": ["zh", "en", "fr", "ZH", "z%h", "中文"],
    "position": ["1", "999", "3-12", "3-0", "3-", "-3", "3-100", "0", "1000", "1.5", "٣", "NaN", "..", " 1"],
    "attempt": ["1", "2", "3", "9", "0", "1e3", "x", "１"],
    "turn": ["1", "2", "9", "0", "10", "x", "１"],
    "step": ["answered", "take", "left-1", "left-99", "left-0", "left-100", "left", "status", "TAKE"],
    "offer": [str(uuid.UUID(int=7)), "x", "..", "0"],
}


RIGHT: dict[str, str] = {"contact": contact_id(STACK, SID), "lang": "zh", "position": "1", "attempt": "1"}
RIGHT |= {"turn": "1", "step": "take"}
FAULTS = (
    ["fields"],
    ["fields"],
    ["fields"],
    ["fields"],
    ["path"],
    ["body"],
    ["type"],
    ["fields", "path", "body", "type"],
)
"""What is wrong with one post: most get past the door, where the work is."""


@st.composite
def places(draw: st.DrawFn, name: str) -> str:
    other = [str(uuid.UUID(int=7)), RIGHT["contact"].upper(), "x"] if name == "contact" else PLACES[name]
    strange = st.text(min_size=1, max_size=20).filter(lambda text: text not in {".", ".."})
    return draw(st.one_of(st.just(RIGHT[name]), st.sampled_from(other), st.sampled_from(other), strange))


@st.composite
def posts(draw: st.DrawFn, resource: str) -> Sent:
    faults = draw(st.sampled_from(FAULTS))
    named = [part.strip("{}") for part in resource.split("/") if part.startswith("{")]
    values = {name: draw(places(name)) if "path" in faults else RIGHT[name] for name in named}
    path = resource.format_map({name: quote(value, safe="") for name, value in values.items()})
    form = draw(forms()) if "fields" in faults else fields()
    body = spoiled(form)[draw(st.sampled_from(WAYS)) if "body" in faults else "as it is"]
    signed = dict(parse_qsl(body, keep_blank_values=True, errors="replace"))
    return Sent(path, body, signed, draw(st.sampled_from(TYPES)) if "type" in faults else FORM)


class Weather:
    def __init__(self) -> None:
        self.down = ""

    def __call__(self, name: str) -> None:
        if self.down and name.startswith(self.down):
            raise BusyError("down")


def shift_at(state: str, weather: Weather) -> Shift:
    """A shift whose one caller came as far as ``state``."""
    shift = Shift()
    shift.effects = in_memory(weather, edges=EDGES)
    shift.floor, shift.presence = Floor(shift.effects), Presence(shift.effects)
    with bound(webhook, shift.effects):
        steps = STORY.index(state)
        if steps == 1:
            post("/telephony/voice", fields())
        if steps > 1:
            queued()
        if state == "talking":
            shift.agent("ana", queues={"billing": 3})
            shift.run("route")
            talks_by_phone(shift, contact_id(STACK, SID))
        if state == "promised":
            post(of_contact("number", 1), fields(Digits="1"))
        if state == "ended":
            post("/telephony/status", fields(CallStatus="completed"))
    return shift


def talks_by_phone(shift: Shift, contact: str) -> None:
    """Ana, whose phone is about to be dialled."""
    offer = shift.state_of(contact).offer
    who = Actor(kind="agent", id="ana")
    shift.floor.lapse(offer, "declined", who)
    sealed = shift.effects.seal_text("+8613900001111", Place("floor", "ana", "phone"))
    shift.floor.set_phone("ana", sealed, "phone", who)
    shift.floor.set_status("ana", "available")
    shift.deliver_for(contact, "OfferLapsed")
    shift.run("route")
    shift.floor.accept(shift.state_of(contact).offer, "ana", "edge-a", who)
    shift.floor.intend_call(AgentPhoneDue(contact=contact, agent="ana", offer=shift.state_of(contact).offer))


def check(answer: Answer, codes: dict[int, set[str]]) -> None:
    if answer.status == 200:
        assert answer.type.startswith("text/xml")
        assert ET.fromstring(answer.body).tag == "Response"  # noqa: S314 - our own answer
        assert "1900" not in answer.body
        return
    told = json.loads(answer.body)
    assert told["code"] in codes.get(answer.status, set()), answer
    assert told["message"]["zh"]
    assert told["message"]["en"]


def check_lines(lines: str) -> None:
    for personal in PERSONAL:
        assert personal not in lines
        assert json.dumps(personal)[1:-1] not in lines


def check_failures(lines: str) -> None:
    """While nothing is down a step fails for one reason: the post is about a contact that never arrived."""
    failures = {json.loads(line).get("exception_name") for line in lines.splitlines()}
    assert failures <= {None, "LookupError", "StepFailedError"}


RIGHT["offer"] = shift_at("talking", Weather()).state_of(contact_id(STACK, SID)).offer
"""The same in each run: ids are counted."""


def fuzz(resource: str, downs: tuple[str, ...], codes: dict[int, set[str]]) -> None:
    @given(sent=posts(resource), state=st.sampled_from(STORY), down=st.sampled_from(downs))
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def each(sent: Sent, state: str, down: str) -> None:
        weather = Weather()
        shift = shift_at(state, weather)
        weather.down = down
        with bound(webhook, shift.effects), written() as lines:
            signature = sign(sent.path, sent.form)
            answer = knock(sent.path, sent.body, signature, headers={"content-type": sent.content_type})
        check(answer, codes)
        check_lines(lines.getvalue())
        if not down:
            check_failures(lines.getvalue())

    each()


@pytest.mark.parametrize("resource", OPERATIONS)
def test_whatever_is_posted_is_answered_in_words_or_refused_by_a_stable_code(resource: str) -> None:
    fuzz(resource, ("",), CODES)


@pytest.mark.parametrize("resource", OPERATIONS)
def test_with_the_store_down_an_answer_may_also_be_to_try_again(resource: str) -> None:
    fuzz(resource, ("store.get", "store.write", "store.page", "store", "queue"), CODES | TRY_AGAIN)


def test_the_document_the_code_and_this_test_have_the_same_routes() -> None:
    assert sorted(webhook.app.routes) == OPERATIONS


def test_the_lines_that_are_looked_through_are_those_that_are_written() -> None:
    shift = shift_at("nothing", Weather())
    with bound(webhook, shift.effects), written() as lines:
        post("/telephony/voice", fields())
    assert SID in lines.getvalue()
    assert CALLER not in lines.getvalue()
