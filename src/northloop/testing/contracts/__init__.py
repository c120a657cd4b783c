"""One suite per port: subclass it in a test file and provide the fixture it names."""
