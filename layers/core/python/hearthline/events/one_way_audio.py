"""A party of a live contact cannot be heard by the others, and when that is over."""

from typing import Literal

from hearthline.events.word import Id, Label, Milliseconds, Word


class OneWayAudio(Word):
    """``role`` is who is not heard. Either nothing comes from there, or what comes is the silence of no microphone."""

    contact: Id
    edge: Label
    role: Label
    kind: Literal["no_packets", "no_sound"]
    begun_at: Milliseconds


class OneWayAudioEnded(Word):
    contact: Id
    edge: Label
    role: Label
    kind: Literal["no_packets", "no_sound"]
    begun_at: Milliseconds
    ended_at: Milliseconds
