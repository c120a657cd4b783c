"""Stage 5: one question to one answer, with its trace."""
