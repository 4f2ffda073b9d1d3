"""The media edge: it carries the sound that functions cannot. ``session.py`` is its boundary."""
