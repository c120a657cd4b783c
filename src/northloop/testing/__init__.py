"""Fakes for the ports, and the contract suites that every adapter passes."""
