"""What an edge tells that moves no contact: of itself, of recordings, that somebody cannot be heard or is again."""

from hearthline.callflow.silence import tell_unheard
from hearthline.events.edge_seen import EdgeSeen
from hearthline.events.one_way_audio import OneWayAudio, OneWayAudioEnded
from hearthline.events.recording_begun import RecordingBegun
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope, Word
from hearthline.floor.model import OVER
from hearthline.floor.store import Floor
from hearthline.media.flow import look_later
from hearthline.media.registry import Registry
from hearthline.media.store import keep_begun, keep_recording
from hearthline.platform.effects import Effects


def noted(effects: Effects, envelope: Envelope, word: Word) -> bool:
    """Whether it was news of this sort. Raises RefusedError: try again."""
    match word:
        case EdgeSeen():
            Registry(effects).seen(word, envelope.at)
        case RecordingBegun():
            _begun(effects, envelope, word)
        case RecordingStored():
            keep_recording(effects, envelope, word)
        case OneWayAudio() | OneWayAudioEnded():
            tell_unheard(effects, envelope, word)
        case _:
            return False
    return True


def _begun(effects: Effects, envelope: Envelope, word: RecordingBegun) -> None:
    """Of a contact that is over already, or a room where agents talk apart, no end will ask for it any more."""
    keep_begun(effects, word)
    contact = Floor(effects).contact(word.contact)
    if contact is None or contact.state in OVER:
        look_later(effects, word.contact, envelope.id)
