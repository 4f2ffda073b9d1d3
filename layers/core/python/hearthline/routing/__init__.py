"""Choosing who answers a waiting contact: a decision as a value, nothing else."""
