"""One party's sound: a browser's line or the carrier's stream, seen by its room in the same way."""
