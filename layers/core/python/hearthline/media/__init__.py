"""Where the sound is: edges, their tokens and control, and what they report."""
