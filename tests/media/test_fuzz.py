"""Whatever comes from outside, a reader answers with a value or with its own error, never with a surprise."""

import contextlib
import random
from collections.abc import Callable

import pytest

from media_edge.legs import carrier
from media_edge.wire import rtcp, rtp, sdp, stun
from tests.media.test_carrier import start_message
from tests.media.test_sdp import OFFER
from tests.media.test_stun import SAMPLE

ROUNDS = 4_000
BLOCK = rtcp.ReportBlock(1, 2, 3, 4, 5, 6, 7)
SENDER_REPORT = rtcp.pack_sender_report(1, 2, 3, 4, 5, (BLOCK,)) + rtcp.pack_name(1, "name")
MEDIA = b'{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"25","payload":"//8="}}'


def mutated(seed: bytes, chance: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0 if data:
                data[at % len(data)] = chance.randrange(256)
            case 1:
                data[at:at] = chance.randbytes(chance.randint(1, 8))
            case 2:
                del data[at : at + chance.randint(1, 8)]
            case _:
                data = data[: max(at, 1)]
    return bytes(data)


def sdp_bytes(data: bytes) -> object:
    return sdp.parse_offer(data.decode("utf-8", "replace"))


@pytest.mark.parametrize(
    ("read", "seed", "error"),
    [
        (stun.parse_request, SAMPLE, stun.StunError),
        (rtp.parse, rtp.pack(111, True, 1, 2, 3, b"sound"), rtp.RtpError),
        (rtcp.parse, SENDER_REPORT, rtcp.RtcpError),
        (sdp_bytes, OFFER.encode(), sdp.SdpError),
        (carrier.parse, start_message(), carrier.CarrierMessageError),
        (carrier.parse, MEDIA, carrier.CarrierMessageError),
    ],
)
def test_mutated_input_is_read_or_refused(read: Callable[[bytes], object], seed: bytes, error: type[Exception]) -> None:
    chance = random.Random(7)
    for _ in range(ROUNDS):
        with contextlib.suppress(error):
            read(mutated(seed, chance))
