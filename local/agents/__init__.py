"""Simulated agents: the workspace's REST, socket and media, without a browser."""
