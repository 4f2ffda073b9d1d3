"""Samples: codecs, the playout buffer, the mix, tones, who speaks. No clock, no socket."""
