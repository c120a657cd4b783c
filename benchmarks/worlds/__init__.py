"""Simulated worlds in which the truth is known: what statistics claim is held against them."""
