"""What a setting opens, and how other distributions add to it."""

from __future__ import annotations

import base64
import hashlib
import importlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from northloop import registry
from northloop.adapters.embedded.files import FileArtefacts
from northloop.core.errors import ConfigurationError, MissingComponent
from northloop.core.interaction import Feedback
from northloop.settings import FILE_NAME
from northloop.testing.contracts.records import feedback
from northloop.testing.records import MemoryRecords
from northloop.workspace import Workspace

ADAPTER = """
from northloop.testing.records import MemoryRecords

class Records(MemoryRecords):
    def __init__(self, place):
        super().__init__()
        self.place = place
"""


def wheel(folder: Path, name: str, entries: str, module: str = ADAPTER) -> Path:
    """Write a distribution with one module and its entry points."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": module,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[northloop.adapters]\n{entries}\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{path},sha256={digest.decode()},{len(text.encode())}\n"
    made = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            archive.writestr(path, text)
    return made


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which packages are looked for."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def install(site: Path, *wheels: Path) -> None:
    quiet = ("-q", "--no-index", "--no-deps", "--disable-pip-version-check", "--no-cache-dir")
    command = [sys.executable, "-m", "pip", "install", *quiet, "--target", str(site)]
    subprocess.run([*command, *map(str, wheels)], check=True, timeout=60)
    importlib.invalidate_caches()


def test_an_installed_package_adds_a_scheme(site: Path, tmp_path: Path) -> None:
    install(site, wheel(tmp_path, "nl_mysql", "records.mysql = nl_mysql:Records"))
    (tmp_path / FILE_NAME).write_text('[storage]\nrecords = "mysql://me:pw@db/x"\n')
    workspace = Workspace.open(tmp_path)
    assert isinstance(workspace.records, MemoryRecords)
    assert workspace.records.place == registry.Place(  # type: ignore[attr-defined]
        url="mysql://me:pw@db/x", folder=tmp_path / ".northloop"
    )
    assert "pw" not in repr(workspace.records.place)  # type: ignore[attr-defined]
    workspace.records.add(feedback(1))
    assert workspace.records.count(Feedback) == 1
    with pytest.raises(ConfigurationError, match=r"mysql://…, or install"):
        registry.RECORDS.open("oracle://x", tmp_path)


def test_two_packages_for_one_scheme_are_named(site: Path, tmp_path: Path) -> None:
    wheels = (wheel(tmp_path, f"nl_{name}", f"records.mysql = nl_{name}:Records") for name in "ab")
    install(site, *wheels)
    with pytest.raises(ConfigurationError, match=r"nl[_-][ab], nl[_-][ab].*uninstall all but one"):
        registry.RECORDS.open("mysql://db", tmp_path)


def test_what_is_built_in_cannot_be_taken_away(site: Path, tmp_path: Path) -> None:
    install(site, wheel(tmp_path, "nl_evil", "cache.memory = nl_evil:Records"))
    assert not isinstance(registry.CACHE.open("memory", tmp_path), MemoryRecords)


def test_a_library_that_an_added_adapter_needs_is_named(site: Path, tmp_path: Path) -> None:
    module = "import a_driver_nobody_has\n"
    install(site, wheel(tmp_path, "nl_poor", "records.poor = nl_poor:Records", module))
    with pytest.raises(MissingComponent, match=r"poor needs a_driver_nobody_has.*→ install a_dri"):
        registry.RECORDS.open("poor://db", tmp_path)


@pytest.mark.parametrize(
    ("port", "url", "setting", "known"),
    [
        (registry.RECORDS, "mysql://me:pa:ss@db/x", "storage.records", "postgresql://user@host"),
        (registry.CACHE, "memcached:me:pa:ss@db", "storage.cache", '"memory" or redis://host'),
        (registry.ARTEFACTS, "/data/pa:ss", "storage.artefacts", "s3://bucket/prefix"),
        (registry.CACHE, ":me:pa:ss@db", "storage.cache", '"memory" or redis://host'),
        (registry.ARTEFACTS, "files", "storage.artefacts", '"" \\(the workspace\'s folder\\)'),
    ],
)
def test_an_unknown_scheme_names_what_is_known_and_how_to_add_it(
    port: registry.Port[object], url: str, setting: str, known: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{setting}: nothing here reads.*{known}") as e:
        port.open(url, tmp_path)
    assert f"entry point {port.name}." in str(e.value)
    assert "ss" not in str(e.value).split("→")[0]


@pytest.mark.parametrize(
    ("port", "url", "module", "extra"),
    [
        (registry.ARTEFACTS, "s3://bucket", "obstore", "s3"),
        (registry.RECORDS, "postgresql://me@localhost/x", "psycopg", "postgres"),
        (registry.CACHE, "redis://localhost", "redis", "redis"),
    ],
)
def test_a_missing_library_names_the_extra(
    port: registry.Port[object], url: str, module: str, extra: str, tmp_path: Path
) -> None:
    program = f"""
import sys
from pathlib import Path
sys.modules[{module!r}] = None
from northloop import registry
from northloop.core.errors import MissingComponent
try:
    registry.{port.name.upper()}.open({url!r}, Path({str(tmp_path)!r}))
except MissingComponent as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert f"pip install -c constraints.txt '.[{extra}]'" in done.stdout, done.stderr


def test_nothing_is_imported_before_it_is_chosen() -> None:
    program = """
import sys
from northloop import registry, workspace
chosen = ("obstore", "psycopg", "xllamacpp", "torch", "northloop.adapters.distributed")
print(*(name for name in chosen if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "\n", done.stderr


def test_the_defaults_lie_in_the_workspace(tmp_path: Path) -> None:
    opened = registry.ARTEFACTS.open("", tmp_path)
    assert isinstance(opened, FileArtefacts)
    assert (tmp_path / "artefacts").is_dir()


@pytest.mark.parametrize(
    ("records", "journal"),
    [
        ("", "sqlite:///{}/workflows.sqlite"),
        ("postgresql://me@db/x", "postgresql://me@db/x"),
        ("mysql://me@db/x", "sqlite:///{}/workflows.sqlite"),
    ],
)
def test_the_journal_of_turns_lies_where_it_can(records: str, journal: str, tmp_path: Path) -> None:
    assert registry.journal_url(records, tmp_path) == journal.format(tmp_path)


def test_the_better_embedder_that_is_installed_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registry.best_embedder() == "sentences"  # the tests install the extra
    assert "minilm" in registry.EMBEDDER.open(registry.best_embedder(), tmp_path).name
    monkeypatch.setattr(registry, "find_spec", lambda name: None)
    assert registry.best_embedder() == "words"
