"""`python -m northloop` is the command line."""

from northloop.cli.main import main

if __name__ == "__main__":
    main()
