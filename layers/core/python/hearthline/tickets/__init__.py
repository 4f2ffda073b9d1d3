"""What a contact leaves behind: exactly one ticket, its fields and its states."""
