"""Who may come in, and through which door."""
