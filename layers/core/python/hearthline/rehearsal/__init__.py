"""A day played again in virtual time, on effects in memory, by the floor and the routing that serve real customers."""
