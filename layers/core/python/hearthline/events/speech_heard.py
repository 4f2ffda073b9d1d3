"""One turn of one party, from the first sound to the silence after it."""

from hearthline.events.word import Id, Label, Milliseconds, Word


class SpeechHeard(Word):
    contact: Id
    edge: Label
    role: Label
    started_at: Milliseconds
    ended_at: Milliseconds
