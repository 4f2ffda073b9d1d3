"""libopus (RFC 6716) through cffi, opened by an explicit path; BSD licence.

Looked for in this order: the path in the settings, the library inside the wheel ``opuslib-next-bundled``, the system's.
"""

import ctypes.util
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from cffi import FFI  # type: ignore[import-untyped]

from media_edge.sound.pcm import Pcm

MAX_PACKET = 1_275  # bytes, RFC 6716 section 3.4
DTX_BYTES = 2  # a packet this short need not be sent (libopus, opus_encode)
_OK = 0
_VOIP, _SIGNAL_VOICE = 2048, 3001
_LOW_DELAY, _GET_LOOKAHEAD = 2051, 4027
_SET_BITRATE, _SET_COMPLEXITY, _SET_FEC, _SET_LOSS, _SET_DTX, _SET_SIGNAL = 4002, 4010, 4012, 4014, 4016, 4024

ffi = FFI()
ffi.cdef(
    """
    typedef struct OpusEncoder OpusEncoder; typedef struct OpusDecoder OpusDecoder;
    OpusEncoder *opus_encoder_create(int32_t fs, int channels, int application, int *error);
    int opus_encode(OpusEncoder *st, const int16_t *pcm, int frame_size, unsigned char *data, int32_t max);
    int opus_encoder_ctl(OpusEncoder *st, int request, ...);
    void opus_encoder_destroy(OpusEncoder *st);
    OpusDecoder *opus_decoder_create(int32_t fs, int channels, int *error);
    int opus_decode(OpusDecoder *st, const unsigned char *data, int32_t len, int16_t *pcm, int frame_size, int fec);
    void opus_decoder_destroy(OpusDecoder *st);
    const char *opus_strerror(int error);
    const char *opus_get_version_string(void);
    """
)


class OpusMissingError(Exception):
    """No libopus can be opened: install the wheel or the system package, or set EDGE_LIBOPUS."""


class OpusError(Exception):
    """libopus refused what it was given; a damaged packet, most likely."""


@cache
def library(path: str = "") -> Any:
    """The opened library. Raises OpusMissingError, naming every place that was tried."""
    tried = [path] if path else [place for place in (_bundled(), ctypes.util.find_library("opus")) if place]
    for place in tried:
        try:
            return ffi.dlopen(place)
        except OSError:
            continue
    raise OpusMissingError(f"no libopus in: {', '.join(tried) or 'the wheel or the system'}; set EDGE_LIBOPUS")


def _bundled() -> str:
    spec = importlib.util.find_spec("opuslib_next")
    if spec is None or spec.origin is None:
        return ""
    found = sorted((Path(spec.origin).parent / "_native").glob("libopus.*"))
    return str(found[0]) if found else ""


class Encoder:
    """Mono speech. ``rate`` 8000 or 16000."""

    def __init__(self, lib: Any, rate: int, *, bitrate: int, complexity: int) -> None:
        self._lib = lib
        error = ffi.new("int *")
        state = lib.opus_encoder_create(rate, 1, _VOIP, error)
        if error[0] != _OK:
            raise OpusError(_reason(lib, error[0]))
        self._state = ffi.gc(state, lib.opus_encoder_destroy)
        self._out = ffi.new("unsigned char[]", MAX_PACKET)
        for request, value in ((_SET_BITRATE, bitrate), (_SET_COMPLEXITY, complexity), (_SET_DTX, 1)):
            self._set(request, value)
        self._set(_SET_SIGNAL, _SIGNAL_VOICE)
        self._set(_SET_FEC, 1)

    def expect_loss(self, percent: int) -> None:
        """What the listener reports; zero leaves all bits to the sound, more adds in-band FEC."""
        self._set(_SET_LOSS, max(0, min(30, percent)))

    def encode(self, pcm: Pcm) -> bytes:
        """One frame; empty when it need not be sent (silence)."""
        pointer = ffi.from_buffer("int16_t[]", pcm)
        size = self._lib.opus_encode(self._state, pointer, len(pcm), self._out, MAX_PACKET)
        if size < 0:
            raise OpusError(_reason(self._lib, size))
        return ffi.buffer(self._out, size)[:] if size > DTX_BYTES else b""

    def _set(self, request: int, value: int) -> None:
        self._lib.opus_encoder_ctl(self._state, request, ffi.cast("int", value))


class StereoEncoder:
    """Two voices that are kept apart, without the codec's model of one speaker. Frames of 20 ms."""

    def __init__(self, lib: Any, rate: int, *, bitrate: int, complexity: int) -> None:
        self._lib, self._samples = lib, rate // 50
        error = ffi.new("int *")
        state = lib.opus_encoder_create(rate, 2, _LOW_DELAY, error)
        if error[0] != _OK:
            raise OpusError(_reason(lib, error[0]))
        self._state = ffi.gc(state, lib.opus_encoder_destroy)
        self._out = ffi.new("unsigned char[]", MAX_PACKET)
        for request, value in ((_SET_BITRATE, bitrate), (_SET_COMPLEXITY, complexity)):
            lib.opus_encoder_ctl(self._state, request, ffi.cast("int", value))
        ahead = ffi.new("int *")
        lib.opus_encoder_ctl(self._state, _GET_LOOKAHEAD, ahead)
        self.lookahead = int(ahead[0])
        """Samples at ``rate`` by which what comes out is late."""

    def encode(self, frame: Pcm) -> bytes:
        """``frame``: samples x 2, in one piece."""
        pointer = ffi.from_buffer("int16_t[]", frame)
        size = self._lib.opus_encode(self._state, pointer, self._samples, self._out, MAX_PACKET)
        if size < 0:
            raise OpusError(_reason(self._lib, size))
        return bytes(ffi.buffer(self._out, size))

    def silence(self) -> bytes:
        return self.encode(np.zeros((self._samples, 2), np.int16))


class Decoder:
    """Mono speech at ``rate``, frames of 20 ms. Each overwrites ``into`` where that is given."""

    def __init__(self, lib: Any, rate: int, into: Pcm | None = None) -> None:
        self._lib = lib
        self._samples = rate // 50
        self._into = into if into is None else (into, ffi.from_buffer("int16_t[]", into))
        error = ffi.new("int *")
        state = lib.opus_decoder_create(rate, 1, error)
        if error[0] != _OK:
            raise OpusError(_reason(lib, error[0]))
        self._state = ffi.gc(state, lib.opus_decoder_destroy)

    def decode(self, packet: bytes) -> Pcm:
        """Raises OpusError for a damaged packet or one that is not 20 ms."""
        return self._run(packet, len(packet), 0)

    def recover(self, following: bytes) -> Pcm:
        """The frame before ``following``, from its in-band FEC; concealment where it carries none."""
        return self._run(following, len(following), 1)

    def conceal(self) -> Pcm:
        return self._run(ffi.NULL, 0, 0)

    def _run(self, data: Any, size: int, fec: int) -> Pcm:
        pcm, out = self._into or self._fresh()
        got = self._lib.opus_decode(self._state, data, size, out, self._samples, fec)
        if got != self._samples:
            raise OpusError(_reason(self._lib, got) if got < 0 else "not a frame of 20 ms")
        return pcm

    def _fresh(self) -> tuple[Pcm, Any]:
        pcm = np.empty(self._samples, np.int16)
        return pcm, ffi.from_buffer("int16_t[]", pcm)


def _reason(lib: Any, code: int) -> str:
    return bytes(ffi.string(lib.opus_strerror(code))).decode()
