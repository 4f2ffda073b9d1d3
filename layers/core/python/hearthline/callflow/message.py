"""A caller's message on its way from the carrier to the bucket: sealed, recorded once, then gone from the carrier."""

from hearthline.events.recording_stored import RecordingStored
from hearthline.events.voicemail_left import VoicemailLeft
from hearthline.events.word import Envelope
from hearthline.media.model import caller_left
from hearthline.media.store import AT_CARRIER, TABLE, keep_recording, recording_of
from hearthline.platform.effects import Effects
from hearthline.platform.errors import TryAgainError
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.seal import Place
from hearthline.telephony.carrier import CallGoneError, Carrier


class NotReadyError(TryAgainError):
    """The carrier has no such recording, or not yet: after five tries a person must look."""


def keep_message(effects: Effects, carrier: Carrier, left: Envelope, word: VoicemailLeft) -> bool:
    """Whether it was kept now; False when it was before. Again and again does no harm.

    Raises NotReadyError, CarrierBusyError, ObjectsBusyError, KeysBusyError.
    """
    started_at = max(0, left.at - word.length_ms)
    kept = recording_of(effects, word.contact, started_at, AT_CARRIER) is None
    if kept:
        _fetch(effects, carrier, left, word, started_at)
    carrier.forget_recording(word.recording)
    return kept


def _fetch(effects: Effects, carrier: Carrier, left: Envelope, word: VoicemailLeft, started_at: int) -> None:
    try:
        wav = carrier.recording(word.recording)
    except CallGoneError as error:
        raise NotReadyError from error
    name = f"recordings/{word.contact}/{AT_CARRIER}-{started_at}.wav.sealed"
    blob = effects.sealer.seal(caller_left(wav), Place(TABLE, word.contact, name))
    effects.objects.put(name, blob)
    stored = RecordingStored(
        contact=word.contact,
        edge=AT_CARRIER,
        bucket=effects.objects.bucket,
        key=name,
        started_at=started_at,
        length_ms=word.length_ms,
        bytes=len(blob),
    )
    told = Envelope.around(
        stored, id=left.id, tenant=effects.settings.tenant, at=effects.clock.now(), actor=SYSTEM, cause=left.id
    )
    keep_recording(effects, told, stored)
