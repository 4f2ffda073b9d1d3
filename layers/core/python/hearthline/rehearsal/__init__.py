"""A day of calls played again in virtual time, on the real floor and the real routing: what would have been."""
