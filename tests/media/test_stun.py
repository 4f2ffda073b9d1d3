"""ICE-lite's answers to checks, against the vectors of RFC 5769 and forged requests."""

import pytest
from aioice import stun as their_stun

from media_edge.wire import stun

# RFC 5769 section 2.1: a request with user name evtj:h6vY and this password.
PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt"
SAMPLE = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff"
    "80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249"
    "c1b571a280280004e57a3bcf"
)
TRANSACTION = b"0123456789ab"


def test_the_sample_request_of_the_rfc_is_read_and_trusted() -> None:
    request = stun.parse_request(SAMPLE)
    assert request.username == "evtj:h6vY"
    assert request.signed_by(PASSWORD)


def test_a_request_signed_with_another_password_is_not_trusted() -> None:
    assert not stun.parse_request(SAMPLE).signed_by("another")


def test_no_changed_byte_before_the_signature_is_trusted() -> None:
    for at in range(len(SAMPLE) - 8):
        changed = SAMPLE[:at] + bytes([SAMPLE[at] ^ 0xFF]) + SAMPLE[at + 1 :]
        try:
            trusted = stun.parse_request(changed).signed_by(PASSWORD)
        except stun.StunError:
            continue
        assert not trusted, at


@pytest.mark.parametrize("address", [("192.0.2.1", 32853), ("2001:db8:1234:5678:11:2233:4455:6677", 32853)])
def test_the_answer_tells_the_address_and_another_stack_can_read_it(address: tuple[str, int]) -> None:
    answer = stun.success(TRANSACTION, address, PASSWORD)
    message = their_stun.parse_message(answer)
    assert message.check_message_integrity(PASSWORD.encode())
    assert message.attributes["XOR-MAPPED-ADDRESS"] == address
    assert message.transaction_id == TRANSACTION


def test_a_nominating_request_says_so() -> None:
    assert stun.parse_request(stun.request(TRANSACTION, "a:b", "pw")).nominated
    assert not stun.parse_request(stun.request(TRANSACTION, "a:b", "pw", nominate=False)).nominated


@pytest.mark.parametrize("length", range(len(SAMPLE)))
def test_a_request_cut_short_is_refused(length: int) -> None:
    with pytest.raises(stun.StunError):
        stun.parse_request(SAMPLE[:length])
