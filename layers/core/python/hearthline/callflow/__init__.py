"""The steps of a phone call over several rooms, for the functions that take them. Rooms do not know it."""
