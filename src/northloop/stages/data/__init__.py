"""Stage 2: from exports to a dataset version."""
