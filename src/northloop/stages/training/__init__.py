"""Stage 3: what tuning takes, and which rows it learns from."""
