"""Serving needs none of the training libraries, and every library it needs is declared."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from northloop.testing.servers import free_port

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "northloop"
EXTRAS = {
    "adapters/distributed/otlp_spans.py": "telemetry",
    "adapters/distributed/postgres_records.py": "postgres",
    "adapters/distributed/redis_cache.py": "redis",
    "adapters/distributed/redis_vectors.py": "redis",
    "adapters/embedded/adapter_gguf.py": "train",
    "adapters/embedded/folder_embedder.py": "encoder",
    "adapters/embedded/llama_gguf.py": "train",
    "adapters/embedded/llama_lora.py": "train",
    "adapters/embedded/llama_plain.py": "train",
    "adapters/embedded/llama_transformers.py": "train",
    "adapters/embedded/llama_weights.py": "train",
    "adapters/embedded/packed_rows.py": "train",
    "adapters/embedded/peft_files.py": "train",
    "adapters/embedded/peft_trainer.py": "train",
    "adapters/embedded/served_gguf.py": "train",
    "adapters/distributed/s3_artefacts.py": "s3",
    "adapters/distributed/ray_workers.py": "cluster",
    "testing/contracts": "dev",
    "testing/servers.py": "s3",
}
"""The modules that need an extra."""

SERVING = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in ("torch", "transformers", "peft", "gguf"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())

from pathlib import Path
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import serve
from northloop.demo.company import make_workspace
from northloop.loop import promote, steps
from northloop.loop.knowledge import make_material
from northloop.workspace import Workspace

folder, port = Path(sys.argv[1]), sys.argv[2]
make_workspace(folder, 60, 1)
workspace = Workspace.open(folder, {"serving.port": port, "serving.max_answer_tokens": "8"})
parts, spec = workspace.parts, workspace.turn_spec()
dataset = steps.make_dataset(parts, spec.prepare, spec.sources, [], None).hash
material = make_material(parts, spec.documents, dataset)
base = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
promote.promote_release(parts.artefacts, parts.records, base)
serve(LazyWorkspace.of(workspace))
"""


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    base, extras = project["dependencies"], project["optional-dependencies"]
    distributions = packages_distributions()
    for file in PACKAGE.rglob("*.py"):
        place = file.relative_to(PACKAGE).as_posix()
        extra = next((name for start, name in EXTRAS.items() if place.startswith(start)), None)
        declared = {normal(entry) for entry in [*base, *(extras[extra] if extra else ())]}
        for module in imported(file) - {"northloop"} - sys.stdlib_module_names:
            brought_by = {normal(name) for name in distributions.get(module, ())}
            assert brought_by & declared, f"{place} imports {module}, which nothing declares"


def imported(file: Path) -> set[str]:
    """Return the packages that a file imports, wherever in it."""
    tree = ast.parse(file.read_text("utf-8"))
    names = [
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    return {name.partition(".")[0] for name in names}


def normal(requirement: str) -> str:
    """Return the name that a requirement is of, in the one spelling of the package index."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Seal the untuned base, promote and serve it in a process without training libraries."""
    port = free_port()
    command = [sys.executable, "-c", SERVING, str(folder), str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            while not _answers(f"{url}/readyz"):
                assert server.poll() is None, server.stderr and server.stderr.read()
                time.sleep(0.1)
            yield url
        finally:
            server.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
@pytest.mark.xdist_group("models")
@pytest.mark.usefixtures("base_gguf")
def test_the_untuned_base_is_served_without_training_libraries(tmp_path: Path) -> None:
    asked = {
        "model": "northloop",
        "messages": [{"role": "user", "content": "How long can I return a tent?"}],
    }
    with served(tmp_path / "larkfell") as url, httpx.Client(base_url=url, timeout=60) as client:
        answer = client.post("/v1/chat/completions", json=asked)
        kept = client.get(f"/v1/interactions/{answer.headers['x-northloop-interaction']}").json()
        assert client.get("/").status_code == 200
    steps = {step["name"]: step["evidence"] for step in kept["trace"]}
    assert steps["retrieve"]["passages"] == ["returns-policy#1"]
    assert steps["generate"]["tokens"] == 8
    assert answer.json()["choices"][0]["message"]["content"] == kept["answer"]
