"""Northloop: a self-hosted improvement loop for customer-support language models."""
