"""What a room's own error may be: one that another try may heal."""


class TryAgainError(Exception):
    """Somebody outside could not do it now; the same message, delivered again, may succeed."""
