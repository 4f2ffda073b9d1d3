"""By what an agent may hear and speak: the office's dial plan, and SIP addresses without tricks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.telephony.address import agent_address, by_of, mask_address

OURS = frozenset({"+862150008000"})


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("13812348001", "+8613812348001"),
        (" +86 138 1234 8001 ", "+8613812348001"),
        ("sip:me@example.com", "sip:me@example.com"),
        ("SIP:Me@Example.COM:5061;transport=tls", "sip:Me@example.com:5061;transport=tls"),
        ("sips:desk-7@pbx.example.co.uk", "sips:desk-7@pbx.example.co.uk"),
    ],
)
def test_what_a_person_types_becomes_what_the_carrier_dials(typed: str, dialled: str) -> None:
    assert agent_address(typed, OURS) == dialled


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "110",
        "+8695588",
        "+19005551234",
        "+862150008000",
        "+8821234567890",
        "me@example.com",
        "http://example.com",
        "tel:+8613812348001",
        "sip:example.com",
        "sip:me@localhost",
        "sip:me@192.168.1.7",
        "sip:me@[::1]",
        "sip:me@example.com:0",
        "sip:me@example.com:65536",
        "sip:me:secret@example.com",
        "sip:me@example.com?X-Spend=much",
        "sip:me@example.com;transport=tcp;maddr=10.0.0.1",
        "sip:me@example.com\r\nVia: elsewhere",
        "sip:me%40there@example.com",
        "sip:me@example.com, sip:you@example.com",
        "sip:" + "a" * 65 + "@example.com",
        "sip:me@" + "a" * 64 + ".com",
        "sip:me@" + "abcdefgh." * 30 + "com",
    ],
)
def test_what_is_no_persons_line_is_not_dialled(typed: str) -> None:
    assert agent_address(typed, OURS) == ""


@given(st.text(max_size=300) | st.text(max_size=60).map(lambda text: "sip:me@example.com" + text))
def test_whatever_is_typed_nothing_is_dialled_that_could_carry_a_header(typed: str) -> None:
    address = agent_address(typed, OURS)
    assert not set(address) & set('\r\n\t "<>?&=%,/\\') - ({"="} if ";transport=" in address else set())
    assert agent_address(address, OURS) == address


def test_a_screen_shows_enough_for_its_owner_alone() -> None:
    assert mask_address("+8613812348001") == "138****8001"
    assert mask_address("sip:anna@example.com") == "sip:a***@example.com"
    assert mask_address("") == ""
    assert [by_of(each) for each in ("", "+8613812348001", "sips:a@b.cn")] == ["headset", "phone", "sip"]
