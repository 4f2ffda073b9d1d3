"""A contact ended a while ago: by now its edges have told of its recordings, or never will."""

from hearthline.events.word import Id, Word


class RecordingDue(Word):
    contact: Id
