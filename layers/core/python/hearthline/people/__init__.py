"""Who works here: people, their passwords and sessions, and how often anybody may try something."""
