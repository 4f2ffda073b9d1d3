"""People who call: one call with its story, a caller every few seconds, two hundred at once."""
