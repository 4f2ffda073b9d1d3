"""Ogg pages (RFC 3533) that carry Opus (RFC 7845). Pages of one stream, one after the other, are a whole file.

Stereo: the caller left, the house right. Positions count samples of 48 kHz, whatever the codec was given.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

CLOCK: Final = 48_000
CHANNELS: Final = 2
MAX_SEGMENTS: Final = 255
VENDOR: Final = b"hearthline"
_FIRST, _LAST = 2, 4
_TURNED: Final = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))


def checksum(page: bytes) -> int:
    """CRC of RFC 3533 section 6, field 7: zlib's, which goes through each byte from the other end."""
    mirrored = zlib.crc32(page.translate(_TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


class OggStream:
    """``serial`` names the stream; ``skip`` samples at the beginning are the codec's own (RFC 7845 section 4.2)."""

    def __init__(self, serial: int, skip: int) -> None:
        self._serial, self._skip = serial & 0xFFFFFFFF, skip
        self._pages = 0

    def head(self, rate: int) -> bytes:
        """Both pages that begin a file; ``rate`` is what was recorded, for information only."""
        identity = struct.pack("<8sBBHIhB", b"OpusHead", 1, CHANNELS, self._skip, rate, 0, 0)
        comment = struct.pack("<8sI", b"OpusTags", len(VENDOR)) + VENDOR + bytes(4)
        return self._page([identity], 0, _FIRST) + self._page([comment], 0)

    def pages(self, packets: Sequence[bytes], position: int, *, last: bool = False) -> bytes:
        """``packets`` end at ``position`` (samples of sound, without those to skip). As many pages as they need."""
        made = b""
        per_packet = CLOCK // 50
        waiting: list[bytes] = []
        for number, packet in enumerate(packets):
            if waiting and sum(len(each) // 255 + 1 for each in [*waiting, packet]) > MAX_SEGMENTS:
                made += self._page(waiting, position + self._skip - per_packet * (len(packets) - number))
                waiting = []
            waiting.append(packet)
        return made + self._page(waiting, position + self._skip, _LAST if last else 0)

    def _page(self, packets: Sequence[bytes], granule: int, kind: int = 0) -> bytes:
        lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
        head = struct.pack("<4sBBqIII", b"OggS", 0, kind, granule, self._serial, self._pages, 0)
        page = head + bytes([len(lacing)]) + lacing + b"".join(packets)
        self._pages += 1
        return page[:22] + struct.pack("<I", checksum(page)) + page[26:]
