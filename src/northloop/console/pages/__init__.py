"""The console's pages, one module each: call a use case, hand what it returns to a template."""
