"""Monitoring: a few answers are reviewed by people, and speak for all of them."""
