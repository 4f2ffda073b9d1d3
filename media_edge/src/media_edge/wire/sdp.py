"""Read a browser's offer and write our answer (RFC 8866, RFC 9429, RFC 8839, RFC 8842; Opus: RFC 7587).

One audio stream, bundled and multiplexed; any other section of the offer is refused with port 0.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from media_edge.wire.feedback import URI

PACKED = "x-hearthline-packed"
"""An attribute of our own pages: see ``Offer.packed``."""
MAX_BYTES = 64 * 1024
MAX_SECTIONS = 16
MAX_LINE = 2_048
_TOKEN = re.compile(r"^[A-Za-z0-9+/_.:-]{1,256}$")


class SdpError(Exception):
    """An offer that we cannot answer. ``code`` is stable."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Offer:
    mids: tuple[tuple[str, str], ...]  # (media, mid) in order
    audio_mid: str
    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, bytes], ...]  # (hash name, digest)
    opus: int
    key_events: int | None  # payload type of telephone-event/48000 (or /8000)
    red: int | None = None  # payload type of red/48000 around Opus
    packed: bool = False  # the page packs each of its Opus payloads as redundant audio (ours alone do)
    numbering: int = 0  # id of the transport-wide sequence number; 0 for none


@dataclass(frozen=True, slots=True)
class Answering:
    """Our side of the answer."""

    ufrag: str
    password: str
    fingerprint: str  # sha-256, colons
    address: str
    port: int
    ssrc: int
    session: int
    playback_rate: int = 16_000
    bitrate: int = 24_000
    sealed: bool = False
    also: tuple[str, ...] = ()  # addresses of the other family


@dataclass(slots=True)
class _Section:
    media: str = ""
    payload_types: list[str] = field(default_factory=list)
    port: str = ""
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def first(self, name: str) -> str | None:
        return next((value for key, value in self.attributes if key == name), None)

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def parse_offer(text: str) -> Offer:
    """Raises SdpError with a code: sdp_malformed, no_audio, no_opus, no_fingerprint, no_ice, no_rtcp_mux, bad_setup."""
    common, sections = _split(text)
    audio = next((s for s in sections if s.media == "audio" and s.port != "0"), None)
    if audio is None:
        raise SdpError("no_audio", "the offer has no audio section")
    if audio.first("rtcp-mux") is None:
        raise SdpError("no_rtcp_mux", "the offer does not multiplex RTP and RTCP")
    setup = audio.first("setup") or common.first("setup") or "actpass"
    if setup not in ("actpass", "active"):
        raise SdpError("bad_setup", "we only answer as the DTLS server")
    mids = tuple((s.media, _token(s.first("mid") or str(n))) for n, s in enumerate(sections))
    return Offer(
        mids=mids,
        audio_mid=mids[sections.index(audio)][1],
        ufrag=_ice(audio, common, "ice-ufrag", 4),
        password=_ice(audio, common, "ice-pwd", 22),
        fingerprints=_fingerprints(audio.every("fingerprint") or common.every("fingerprint")),
        opus=_payload_type(audio, "opus/48000"),
        key_events=_key_events(audio),
        red=_red(audio),
        packed=audio.first(PACKED) is not None,
        numbering=_numbering(audio),
    )


def _split(text: str) -> tuple[_Section, list[_Section]]:
    if len(text) > MAX_BYTES or not text.startswith("v=0"):
        raise SdpError("sdp_malformed", "not a session description")
    common, sections = _Section(), list[_Section]()
    for line in text.splitlines():
        if len(line) > MAX_LINE or (line and line[1:2] != "="):
            raise SdpError("sdp_malformed", "a line is too long or has no type")
        if line.startswith("m="):
            sections.append(_media(line[2:].split()))
        elif line.startswith("a="):
            name, _, value = line[2:].partition(":")
            (sections[-1] if sections else common).attributes.append((name, value.strip()))
    if not 1 <= len(sections) <= MAX_SECTIONS:
        raise SdpError("sdp_malformed", "no media section, or too many")
    return common, sections


def _media(words: list[str]) -> _Section:
    if len(words) < 4:
        raise SdpError("sdp_malformed", "a media line is cut short")
    return _Section(_token(words[0]), words[3:], words[1])


def _token(value: str) -> str:
    # These values come back in our answer: nothing but plain tokens may.
    if not _TOKEN.match(value):
        raise SdpError("sdp_malformed", "an unexpected character in a token")
    return value


def _ice(audio: _Section, common: _Section, name: str, least: int) -> str:
    value = audio.first(name) or common.first(name) or ""
    if len(value) < least:
        raise SdpError("no_ice", f"the offer has no usable {name}")
    return _token(value)


def _fingerprints(values: list[str]) -> tuple[tuple[str, bytes], ...]:
    found = []
    for value in values:
        name, _, digits = value.partition(" ")
        try:
            found.append((name.lower(), bytes.fromhex(digits.replace(":", ""))))
        except ValueError:
            raise SdpError("no_fingerprint", "a fingerprint is not hexadecimal") from None
    strong = tuple(f for f in found if f[0] in ("sha-256", "sha-384", "sha-512"))
    if not strong:
        raise SdpError("no_fingerprint", "the offer has no fingerprint of a strong hash")
    return strong


def _maps(audio: _Section) -> list[tuple[int, str]]:
    pairs = (value.split(" ", 1) for value in audio.every("rtpmap"))
    return [(int(p[0]), p[1].lower()) for p in pairs if len(p) == 2 and p[0].isdecimal() and int(p[0]) < 128]


def _payload_type(audio: _Section, codec: str) -> int:
    for number, name in _maps(audio):
        if name.startswith(codec):
            return number
    raise SdpError("no_opus", "the offer has no Opus")


def _red(audio: _Section) -> int | None:
    """Only where it may carry the Opus that we take."""
    opus = _payload_type(audio, "opus/48000")
    around = {value.split(" ", 1)[0]: value.partition(" ")[2] for value in audio.every("fmtp")}
    for number, name in _maps(audio):
        if name.startswith("red/48000") and str(opus) in around.get(str(number), str(opus)).split("/"):
            return number
    return None


def _numbering(audio: _Section) -> int:
    """The id is one of the short header form (RFC 8285 section 4.2)."""
    pairs = (value.split() for value in audio.every("extmap"))
    found = (pair[0] for pair in pairs if len(pair) >= 2 and pair[1] == URI and pair[0].isdecimal())
    return next((int(id) for id in found if 0 < int(id) < 15), 0)


def _key_events(audio: _Section) -> int | None:
    events = {name.split("/")[1]: number for number, name in _maps(audio) if name.startswith("telephone-event/")}
    return events.get("48000", events.get("8000"))


def write_answer(offer: Offer, our: Answering) -> str:
    family = "IP6" if ":" in our.address else "IP4"
    lines = [
        "v=0",
        f"o=- {our.session} 1 IN {family} {our.address}",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {offer.audio_mid}",
        "a=ice-lite",
        "a=msid-semantic:WMS hearthline",
    ]
    taken = False
    for media, mid in offer.mids:
        if mid == offer.audio_mid and not taken:
            taken = True
            lines += _audio(offer, our, family)
        else:
            lines += [f"m={media} 0 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 0.0.0.0", "a=inactive", f"a=mid:{mid}"]
    return "\r\n".join(lines) + "\r\n"


def _audio(offer: Offer, our: Answering, family: str) -> list[str]:
    kinds = [kind for kind in (offer.opus, offer.red, offer.key_events) if kind is not None]
    lines = [
        f"m=audio {our.port} UDP/TLS/RTP/SAVPF {' '.join(map(str, kinds))}",
        f"c=IN {family} {our.address}",
        f"a=mid:{offer.audio_mid}",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{our.ufrag}",
        f"a=ice-pwd:{our.password}",
        f"a=fingerprint:sha-256 {our.fingerprint}",
        "a=setup:passive",
        f"a=rtpmap:{offer.opus} opus/48000/2",
        # Sealed frames are all of one length: what varies with speech tells of it (RFC 6562).
        f"a=fmtp:{offer.opus} minptime=20;useinbandfec=1;{'usedtx=0;cbr=1' if our.sealed else 'usedtx=1'};"
        "stereo=0;sprop-stereo=0;"
        f"maxplaybackrate={our.playback_rate};maxaveragebitrate={our.bitrate}",
        "a=ptime:20",
        "a=maxptime:20",
    ]
    if offer.red is not None:  # behind Opus: we send it where it helps, the page has a better way
        lines += [f"a=rtpmap:{offer.red} red/48000/2", f"a=fmtp:{offer.red} {offer.opus}/{offer.opus}"]
    if offer.numbering:
        lines += [f"a=extmap:{offer.numbering} {URI}", f"a=rtcp-fb:{offer.opus} transport-cc"]
    if offer.key_events is not None:
        lines += [f"a=rtpmap:{offer.key_events} telephone-event/48000", f"a=fmtp:{offer.key_events} 0-15"]
    lines += [
        "a=msid:hearthline sound",
        f"a=ssrc:{our.ssrc} cname:hearthline",
        *candidates((our.address, *our.also), our.port),
        "a=end-of-candidates",
    ]
    return lines


def candidates(addresses: Sequence[str], port: int) -> list[str]:
    """Host candidates, IPv6 before IPv4 (RFC 8421): the browser takes the first that works."""
    ordered = sorted(addresses, key=lambda address: ":" not in address)
    return [
        f"a=candidate:{n} 1 udp {(126 << 24) + ((65_536 - n) << 8) + 255} {address} {port} typ host"
        for n, address in enumerate(ordered, 1)
    ]
