"""The carrier's side of a call: its webhooks, what it is told to say, and orders to it."""
