"""The console's pages, one module each: read from the desk, hand to a template."""
