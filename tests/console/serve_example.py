"""Serve the console over the example desk, to look at it.

PYTHONPATH=src:tests python tests/console/serve_example.py
"""

from __future__ import annotations

import argparse

import uvicorn

from console.example_desk import NOW, EmptyDesk, ExampleDesk
from northloop.console import create_console


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8322)
    parser.add_argument("--empty", action="store_true", help="a workspace on its first day")
    arguments = parser.parse_args()
    desk = EmptyDesk() if arguments.empty else ExampleDesk(pause_s=0.04)
    uvicorn.run(create_console(desk, clock=lambda: NOW), port=arguments.port)


if __name__ == "__main__":
    main()
