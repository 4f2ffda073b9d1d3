"""What the edges reported and is kept: a record for each part of a recording, and how each room's sound was."""

from contextlib import suppress
from typing import Final

from hearthline.events.media_ended import MediaEnded
from hearthline.events.recording_begun import RecordingBegun
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope
from hearthline.media.model import caller_alone
from hearthline.platform import ledger
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.seal import Place
from hearthline.platform.store import Absent, Is, Item, Key, Put, RefusedError

TABLE: Final = "recordings"
AT_CARRIER: Final = "carrier"
"""Where a message was recorded, in place of an edge."""
LIST_PAGE: Final = 100
SEALED: Final = "e2ee"
"""Why a room has no recording: its sound was sealed end to end."""
OPEN, WHOLE, CUT = "open", "whole", "cut"
"""A recording on its way, one that its edge has told of, one whose edge died."""
OLD_PART_MS: Final = 10_000
"""Of an edge that does not say it."""
MAX_PARTS: Final = 16_384


class SoundGoneError(Exception):
    """The recording was deleted when its time was over; its record stands."""


def keep_begun(effects: Effects, word: RecordingBegun) -> None:
    """A recording is on its way: if its edge dies, this tells where its parts are."""
    item = {
        "bucket": word.bucket,
        "object": word.key,
        "edge": word.edge,
        "started_at": word.started_at,
        "format": "ogg",
        "part_ms": word.part_ms,
        "state": OPEN,
    }
    with suppress(RefusedError):  # known already, and perhaps whole by now
        effects.store.write(Put(_part(word.contact, word.started_at, word.edge), item, when=(Absent(),)))


def keep_recording(effects: Effects, reported: Envelope, word: RecordingStored) -> Envelope | None:
    """Record what one edge recorded of a contact, once; None when it was kept before.

    Raises RefusedError when the record is changed by others again and again: the queue brings the word once more.
    """
    try:
        return _keep_recording(effects, reported, word)
    except RefusedError:  # of a short call the beginning is told in the same moment, and was recorded in between
        return _keep_recording(effects, reported, word)


def _keep_recording(effects: Effects, reported: Envelope, word: RecordingStored) -> Envelope | None:
    item = {
        "bucket": word.bucket,
        "object": word.key,
        "edge": word.edge,
        "length_ms": word.length_ms,
        "bytes": word.bytes,
        "started_at": word.started_at,
        "format": word.format,
        "parts": word.parts,
        "missing": word.missing,
        "gaps": [gap.model_dump() for gap in word.gaps],
        "state": CUT if word.cut else WHOLE,
    }
    key = _part(word.contact, word.started_at, word.edge)
    known = effects.store.get(key)
    if known is not None and known["state"] in ({WHOLE, CUT} if word.cut else {WHOLE}):
        return None
    # What an edge tells after it was given up for dead is the better word: an event of its own beside the first.
    event = _event(effects, reported, f"R#{word.contact}", word.started_at + word.cut)
    return _once(effects, Put(key, item, when=(Is("state", known["state"]) if known else Absent(),)), event)


def open_recordings(effects: Effects, contact: str) -> list[Item]:
    """Those of which their edge has not told the end."""
    page = effects.store.page(TABLE, f"C#{contact}", limit=LIST_PAGE)
    return [item for item in page.items if item.get("state") == OPEN]


def cut_recording(effects: Effects, contact: str, item: Item, cause: str) -> None:
    """Of an ended contact, from an edge that will not tell of it: closed with what lies in the bucket.

    Raises ObjectsBusyError.
    """
    parts = _stored_parts(effects, item["object"])
    word = RecordingStored(
        contact=contact,
        edge=item["edge"],
        bucket=item["bucket"],
        key=item["object"],
        started_at=item["started_at"],
        length_ms=parts * item.get("part_ms", OLD_PART_MS),
        bytes=0,
        format="ogg",
        parts=parts,
        cut=True,
    )
    now, settings = effects.clock.now(), effects.settings
    found = Envelope.around(word, id=f"{contact}#cut", tenant=settings.tenant, at=now, actor=SYSTEM, cause=cause)
    keep_recording(effects, found, word)


def _stored_parts(effects: Effects, prefix: str) -> int:
    """How many parts there are, one after the other: doubled until one is missing, then halved."""
    missing = 1
    while missing < MAX_PARTS and effects.objects.get(part_name(prefix, missing)) is not None:
        missing *= 2
    there = missing // 2
    while there + 1 < missing:
        middle = (there + missing) // 2
        if effects.objects.get(part_name(prefix, middle)) is None:
            missing = middle
        else:
            there = middle
    return there + 1


def part_name(prefix: str, number: int) -> str:
    """As the edge names them."""
    return f"{prefix}/{number:05d}.ogg.sealed"


def recording_of(effects: Effects, contact: str, started_at: int, edge: str) -> Item | None:
    """The record of one stored part; None for none."""
    return effects.store.get(_part(contact, started_at, edge))


def message_of(effects: Effects, contact: str) -> bytes | None:
    """The sound of a caller's message, as ``callflow.message`` keeps it; None while it is not fetched.

    Raises SoundGoneError, ObjectsBusyError, KeysBusyError.
    """
    page = effects.store.page(TABLE, f"C#{contact}", limit=LIST_PAGE)
    kept = next((item for item in page.items if item["edge"] == AT_CARRIER), None)
    if kept is None:
        return None
    blob = effects.objects.get(kept["object"])
    if blob is None:
        raise SoundGoneError(kept["object"])
    return caller_alone(effects.sealer.open(blob, Place(TABLE, contact, kept["object"])))


def keep_ending(effects: Effects, reported: Envelope, word: MediaEnded) -> Envelope | None:
    """Record how a room ended and what its legs received, once; None when it was kept before."""
    item = {
        "edge": word.edge,
        "reason": word.reason,
        "started_at": word.started_at,
        "ended_at": word.ended_at,
        "no_recording": SEALED if word.sealed else "",
        "legs": [
            {
                "role": leg.role,
                "lost_ppm": leg.lost_ppm,
                "jitter_us": leg.jitter_us,
                "packets": leg.packets,
            }
            for leg in word.legs
        ],
    }
    key = Key(TABLE, f"M#{word.contact}", f"{word.started_at:013d}#{word.edge}")
    event = _event(effects, reported, f"M#{word.contact}", word.started_at)
    return _once(effects, Put(key, item, when=(Absent(),)), event)


def _part(contact: str, started_at: int, edge: str) -> Key:
    return Key(TABLE, f"C#{contact}", f"{started_at:013d}#{edge}")


def _event(effects: Effects, reported: Envelope, pk: str, version: int) -> Envelope:
    # The edge reports with an id of its own; in the ledger the event stands under the recording it tells of.
    id_ = f"{pk}#{version}"
    return reported.model_copy(update={"id": id_, "at": effects.clock.now(), "cause": reported.id})


def _once(effects: Effects, put: Put, event: Envelope) -> Envelope | None:
    """Both or neither; None when the ledger has the event. Raises RefusedError when only the item moved."""
    try:
        effects.store.write(put, ledger.entry(event))
    except RefusedError as error:
        if error.at == (0,):
            raise
        return None
    return event
