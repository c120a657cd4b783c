"""Adapters that talk to servers: PostgreSQL and Redis."""
