"""Other media servers that carry the same calls. A module each, one interface: ``NAME``, ``CARRIES`` and ``bridge``."""
