"""Use cases: what the command line, the console and the API have in common."""
