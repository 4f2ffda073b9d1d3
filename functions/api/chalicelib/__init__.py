"""The API of people: one module a room, behind one border."""
