"""What happened on each day, a line a contact and the hours of each agent: enough to try another policy on it."""
