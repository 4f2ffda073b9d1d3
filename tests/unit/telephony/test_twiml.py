"""Documents for the carrier: both languages, addresses of ours, nothing a caller could smuggle in."""

import re
import string

import pytest

from hearthline.telephony import twiml, words
from hearthline.telephony.model import Told, minutes_said
from hearthline.telephony.twiml import Addresses
from hearthline.telephony.words import Text

TO = Addresses("https://cc.test/", "6f1f3f86-3a52-4a35-9d3a-0b7d1e7b1c55")
DOCUMENTS = (
    twiml.greeting(TO),
    twiml.menu_again(TO, "zh", misheard=True),
    twiml.enqueue(TO, "billing", "en", words.UNDERSTOOD),
    twiml.announce(TO, "zh", Told(3, 5)),
    twiml.hold_on(TO, "en", Told()),
    twiml.ask_number(TO, "zh", Told(2, 4), "+8613812348001"),
    twiml.promised("zh", "+8613812348001"),
    twiml.connect(TO, "zh", "wss://a.test/stream", "token", 1),
    twiml.ask_to_take("zh", TO.of("desk", "take")),
    twiml.lead_agent("wss://a.test/stream", "token", TO.of("desk", "left-1")),
    twiml.take_message(TO, "zh", ["我们现在不在服务时间。"]),
    twiml.closed(TO, "en", ["We are closed at the moment."], callback=True),
    twiml.apology(TO),
    twiml.try_callme_again(TO, 2),
)
TEXTS = {name: value for name, value in vars(words).items() if isinstance(value, Text)}


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_exists_in_both_languages_with_the_same_fields(name: str) -> None:
    text = TEXTS[name]
    assert re.search(r"[\u4e00-\u9fff]", text.zh)
    assert not re.search(r"[\u4e00-\u9fff]", text.en)
    fields = [{field for _, field, _, _ in string.Formatter().parse(each) if field} for each in (text.zh, text.en)]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_address_has_a_query_and_each_is_ours(document: str) -> None:
    for address in re.findall(r"https?://[^\"<]+", document):
        assert address.startswith("https://cc.test/telephony/contacts/6f1f3f86-3a52-4a35-9d3a-0b7d1e7b1c55/")
        assert "?" not in address


def test_no_document_says_a_whole_number() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"(\d ?){7,}", re.sub(r"https?://[^\"<]+", "", document))


def test_the_stream_has_its_token_in_a_parameter_and_not_in_its_address() -> None:
    document = twiml.connect(TO, "zh", "wss://a.test/stream", "secret", 1)
    assert '<Stream url="wss://a.test/stream"><Parameter name="token" value="secret" />' in document


def test_a_long_wait_is_not_told_to_the_minute() -> None:
    assert "超过30分钟" in twiml.announce(TO, "zh", Told(40, minutes_said(3600)))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_post_that_meets_a_dying_function_is_made_again_by_the_carrier(document: str) -> None:
    for address in re.findall(r"https?://[^\"<]+", document):
        assert address.replace("&amp;", "&").endswith("#rc=2&rp=ct,5xx")


@pytest.mark.parametrize("length", [1, 480, 481, 550, 700])
def test_a_token_of_any_length_stands_whole_in_parameters_that_the_carrier_takes(length: int) -> None:
    token = ("abcdefghij" * 70)[:length]
    for document in (twiml.connect(TO, "zh", "wss://a.test", token, 1), twiml.lead_agent("wss://a.test", token, "x")):
        found = re.findall(r'<Parameter name="(\w+)" value="(\w+)"', document)
        assert "".join(value for _, value in found) == token
        assert [name for name, _ in found] == ["token", "token2"][: len(found)]
        assert all(len(name) + len(value) <= 500 for name, value in found)
