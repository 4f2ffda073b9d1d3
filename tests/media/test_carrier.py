"""Messages of Media Streams and the carrier's leg."""

import binascii
import json

import numpy as np
import orjson
import pytest

from media_edge.legs import carrier
from media_edge.sound import g711
from tests.media.running import speech

CALL, STREAM = "CA1", "MZ1"


def start_message(**changes: object) -> bytes:
    form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    start = {"streamSid": STREAM, "callSid": CALL, "mediaFormat": form, "customParameters": {"token": "t"}} | changes
    return json.dumps({"event": "start", "sequenceNumber": "1", "start": start, "streamSid": STREAM}).encode()


def test_the_carriers_messages_are_understood() -> None:
    assert carrier.parse(start_message()) == carrier.Start(STREAM, CALL, {"token": "t"})
    media = b'{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"25","payload":"//8="}}'
    assert carrier.parse(media) == carrier.Media(25, b"\xff\xff")
    assert carrier.parse(b'{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"5"}}') == carrier.Key("5")
    assert carrier.parse(b'{"event":"stop","stop":{}}') == carrier.Stop()
    assert carrier.parse(b'{"event":"connected","protocol":"Call"}') == carrier.Other()
    assert carrier.parse(b'{"event":"something new"}') == carrier.Other()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"event":7}',
        b'{"event":"media"}',
        b'{"event":"media","media":{"timestamp":"1","payload":"no base64!"}}',
        b'{"event":"media","media":{"timestamp":"x","payload":"//8="}}',
        b'{"event":"media","media":{"timestamp":"1","payload":""}}',
        start_message(mediaFormat={"encoding": "audio/opus"}),
        b"x" * (carrier.MAX_MESSAGE + 1),
    ],
)
def test_what_is_not_of_media_streams_is_refused(text: bytes) -> None:
    if text == b'{"event":7}':
        assert carrier.parse(text) == carrier.Other()
        return
    with pytest.raises(carrier.CarrierMessageError):
        carrier.parse(text)


class Line:
    """A leg with its socket replaced by a list."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.waiting, self.hung_up = 0, 0
        start = carrier.Start(STREAM, CALL)
        self.leg = carrier.CarrierLeg(start, self.sent.append, lambda: self.waiting, self._hang_up)

    def _hang_up(self) -> None:
        self.hung_up += 1


@pytest.mark.parametrize("chunk", [160, 80, 200, 320])
def test_sound_comes_out_whole_whatever_the_carriers_chunks(chunk: int) -> None:
    line, said = Line(), g711.MU.encode(speech(2, 8_000))
    sent_ms, out = 5, []
    for tick in range(100):
        while sent_ms < 5 + (tick + 1) * 20 and (sent_ms - 5) * 8 < len(said):
            at = (sent_ms - 5) * 8
            line.leg.heard(carrier.Media(sent_ms, said[at : at + chunk]), tick * 0.02)
            sent_ms += chunk // 8
        pcm = line.leg.take()
        out.append(pcm if pcm is not None else np.zeros(160, np.int16))
    heard = np.concatenate(out)
    start = next(n for n in range(0, 1600, 160) if np.array_equal(heard[n : n + 8000], g711.MU.decode(said)[:8000]))
    assert start <= 480


def test_what_we_send_is_one_message_of_160_bytes_a_frame() -> None:
    line, said = Line(), speech(1, 8_000)
    line.leg.give(said[:160])
    message = orjson.loads(line.sent[0])
    assert (message["event"], message["streamSid"]) == ("media", STREAM)
    assert binascii.a2b_base64(message["media"]["payload"]) == g711.MU.encode(said[:160])


def test_a_reader_that_stands_still_costs_no_memory() -> None:
    line = Line()
    line.waiting = carrier.MAX_BEHIND + 1
    line.leg.give(None)
    assert line.sent == []


def test_a_burst_after_a_stall_does_not_delay_what_follows() -> None:
    line, said = Line(), speech(4, 8_000)
    loud = [said[at : at + 160] for at in range(0, len(said), 160)]
    line.leg.poll(10.0)
    for frame in loud[:20]:
        line.leg.give(frame)
    assert len(line.sent) == 11
    line.sent.clear()
    for n in range(100):
        line.leg.poll(10.02 + n * 0.02)
        line.leg.give(loud[20 + n])
    assert 90 <= len(line.sent) <= 100
    line.leg.poll(20.0)
    line.leg.give(loud[0])
    line.leg.give(None)
    line.leg.give(None)
    assert len(line.sent) <= 102  # quiet frames give way first


def test_closing_hangs_up_once() -> None:
    line = Line()
    line.leg.close()
    line.leg.close()
    assert (line.hung_up, line.leg.gone) == (1, True)
