"""Offers of browsers and what we answer."""

import re

import pytest

from media_edge.wire import sdp
from media_edge.wire.feedback import URI

PRINT = ":".join(["AB"] * 32)
OFFER = f"""v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=msid-semantic: WMS
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:Jx3a
a=ice-pwd:0123456789abcdefghijklmn
a=ice-options:trickle
a=fingerprint:sha-256 {PRINT}
a=setup:actpass
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
""".replace("\n", "\r\n")
OURS = sdp.Answering("ours", "p" * 24, "CD:EF", "192.0.2.7", 9101, 77, 5)


def test_a_browsers_offer_is_understood() -> None:
    offer = sdp.parse_offer(OFFER)
    assert (offer.opus, offer.key_events, offer.audio_mid, offer.ufrag) == (111, 110, "0", "Jx3a")
    assert offer.fingerprints == (("sha-256", bytes([0xAB] * 32)),)


def test_redundancy_is_taken_where_it_is_around_opus_and_where_the_page_packs_it_says_so() -> None:
    plain = sdp.parse_offer(OFFER)
    assert (plain.red, plain.packed, plain.numbering) == (63, False, 0)
    other = OFFER.replace("a=rtpmap:63 red/48000/2", "a=rtpmap:63 red/48000/2\r\na=fmtp:63 9/9")
    assert sdp.parse_offer(other).red is None
    assert sdp.parse_offer(OFFER.replace("a=rtpmap:63", "a=rtpmap:64")).red == 64
    ours = sdp.parse_offer(OFFER + f"a={sdp.PACKED}:red\r\na=extmap:4 {URI}\r\n")
    assert (ours.packed, ours.numbering) == (True, 4)
    answer = sdp.write_answer(ours, OURS)
    assert re.search(r"m=audio 9101 UDP/TLS/RTP/SAVPF 111 63 110\r", answer)  # Opus first: that is what is sent to us
    for line in ("a=fmtp:63 111/111", f"a=extmap:4 {URI}", "a=rtcp-fb:111 transport-cc"):
        assert f"\r\n{line}\r\n" in answer


@pytest.mark.parametrize("id", ["0", "15", "x", "99999"])
def test_a_number_of_an_extension_that_does_not_fit_the_short_form_is_left_out(id: str) -> None:
    assert sdp.parse_offer(OFFER + f"a=extmap:{id} {URI}\r\n").numbering == 0


def test_the_answer_is_lite_passive_and_carries_one_host_candidate() -> None:
    answer = sdp.write_answer(sdp.parse_offer(OFFER), OURS)
    for line in ("a=ice-lite", "a=setup:passive", "a=fingerprint:sha-256 CD:EF", "a=rtcp-mux", "a=mid:0"):
        assert f"\r\n{line}\r\n" in answer
    assert re.findall(r"a=candidate:.*", answer) == ["a=candidate:1 1 udp 2130706431 192.0.2.7 9101 typ host\r"]
    assert "useinbandfec=1;usedtx=1" in answer


def test_a_video_section_is_refused_in_its_place() -> None:
    video = OFFER + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\n"
    answer = sdp.write_answer(sdp.parse_offer(video), OURS)
    assert re.findall(r"m=(\w+) (\d+)", answer) == [("audio", "9101"), ("video", "0")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("v=0", "x=0", "sdp_malformed"),
        ("m=audio 9", "m=video 9", "no_audio"),
        ("opus/48000", "speex/8000", "no_opus"),
        ("sha-256", "sha-1", "no_fingerprint"),
        (PRINT, "not:hex", "no_fingerprint"),
        ("a=ice-pwd:0123456789abcdefghijklmn", "a=ice-pwd:short", "no_ice"),
        ("a=ice-ufrag:Jx3a", "a=ice-ufrag:Jx3a\ta=evil", "sdp_malformed"),
        ("a=rtcp-mux", "a=x", "no_rtcp_mux"),
        ("a=setup:actpass", "a=setup:passive", "bad_setup"),
        ("a=sendrecv", "a=" + "x" * 3000, "sdp_malformed"),
    ],
)
def test_what_we_cannot_answer_is_refused_with_a_code(old: str, new: str, code: str) -> None:
    with pytest.raises(sdp.SdpError) as refused:
        sdp.parse_offer(OFFER.replace(old, new))
    assert refused.value.code == code


def test_an_endless_offer_is_refused() -> None:
    with pytest.raises(sdp.SdpError):
        sdp.parse_offer(OFFER + "a=x\r\n" * sdp.MAX_BYTES)
