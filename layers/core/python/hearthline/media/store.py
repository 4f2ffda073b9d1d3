"""What the edges reported and is kept: a record for each part of a recording, and how each room's sound was."""

from typing import Final

from hearthline.events.media_ended import MediaEnded
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope
from hearthline.media.model import caller_alone
from hearthline.platform import ledger
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.platform.store import Absent, Item, Key, Put, RefusedError

TABLE: Final = "recordings"
AT_CARRIER: Final = "carrier"
"""Where a message was recorded, in place of an edge."""
LIST_PAGE: Final = 100


class SoundGoneError(Exception):
    """The recording was deleted when its time was over; its record stands."""


def keep_recording(effects: Effects, reported: Envelope, word: RecordingStored) -> Envelope | None:
    """Record one stored part, once; None when it was kept before."""
    item = {
        "bucket": word.bucket,
        "object": word.key,
        "edge": word.edge,
        "length_ms": word.length_ms,
        "bytes": word.bytes,
        "started_at": word.started_at,
    }
    key = _part(word.contact, word.started_at, word.edge)
    event = _event(effects, reported, f"R#{word.contact}", word.started_at)
    return _once(effects, Put(key, item, when=(Absent(),)), event)


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
    try:
        effects.store.write(put, ledger.entry(event))
    except RefusedError:
        return None
    return event
