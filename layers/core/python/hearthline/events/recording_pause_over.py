"""An edge records again although nobody said so: the pause had come to its end."""

from hearthline.events.word import Id, Label, Word


class RecordingPauseOver(Word):
    contact: Id
    edge: Label
