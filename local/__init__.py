"""The laptop: engine, deployment, simulated world. Never imported by production."""
