"""The effects: everything that reaches outside a function, small enough to be replaced by a deterministic twin."""
