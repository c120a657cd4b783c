"""The web console: server-rendered pages over a `Desk`. It shows and asks, it decides nothing."""

from northloop.console.app import create_console
from northloop.console.desk import Desk

__all__ = ["Desk", "create_console"]
