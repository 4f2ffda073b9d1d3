"""``make replay``: a day of calls from a file of counts, played under several policies side by side."""
