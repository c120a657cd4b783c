"""A server process of the stale-edit benchmark's shop: prints its address, ends with its stdin.

python tests/serve_stale.py FOLDER CACHE
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from northloop.app.watched_folder import watched
from serving_at import served

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "stale.py"


def benchmark() -> ModuleType:
    """Return benchmarks/stale.py as a module."""
    if "stale" in sys.modules:
        return sys.modules["stale"]
    spec = importlib.util.spec_from_file_location("stale", BENCHMARK)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["stale"] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    folder, cache = Path(sys.argv[1]), sys.argv[2]
    flags = {"serving.max_answer_tokens": "60", "storage.cache": cache}
    workspace = benchmark().Shop.open(folder, flags)
    with served(workspace) as address, watched(lambda: workspace):
        print(address, flush=True)
        sys.stdin.read()
    workspace.close()


if __name__ == "__main__":
    main()
