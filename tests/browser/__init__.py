"""A package, so that pytest knows when the last test of a browser is done."""
