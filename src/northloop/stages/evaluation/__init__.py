"""Evaluation: how good a model is on questions it never saw, and whether it may go live."""
