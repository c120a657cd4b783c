"""Adapters that run in this process: no server, no GPU, no network."""
