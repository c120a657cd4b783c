"""The web console: server-rendered pages over the use cases. It shows and asks, decides nothing."""

from northloop.console.app import create_console

__all__ = ["create_console"]
