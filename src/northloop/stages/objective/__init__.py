"""Stage 1, objective: what is to change, by how much, until when, and what must not suffer."""
