"""Every artefact store passes the one suite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import obstore
import pytest

from northloop.adapters.distributed.s3_artefacts import S3Artefacts, read_address
from northloop.adapters.embedded.files import FileArtefacts
from northloop.core.artefacts import Artefact
from northloop.ports.stores import Artefacts
from northloop.testing.contracts.artefacts import ArtefactsContract, Damage
from northloop.testing.servers import S3Server


class TestFileArtefacts(ArtefactsContract):
    @pytest.fixture
    def artefacts(self, tmp_path: Path) -> Artefacts:
        return FileArtefacts(tmp_path / "store")

    @pytest.fixture
    def elsewhere(self, tmp_path: Path) -> Callable[[], Artefacts]:
        return lambda: FileArtefacts(tmp_path / "store")

    @pytest.fixture
    def program(self, tmp_path: Path) -> str:
        return f"""
from pathlib import Path
from northloop.adapters.embedded.files import FileArtefacts
artefacts = FileArtefacts(Path({str(tmp_path / "store")!r}))
"""

    @pytest.fixture
    def damage(self, tmp_path: Path) -> Damage:
        def write(artefact: Artefact, name: str, body: bytes) -> None:
            folder = tmp_path / "store" / artefact.manifest.kind / artefact.hash
            (folder / "files" / name).write_bytes(body)

        return write


class TestS3Artefacts(ArtefactsContract):
    @pytest.fixture
    def prefix(self, tmp_path: Path) -> str:
        return f"{tmp_path.parent.name}/{tmp_path.name}"

    @pytest.fixture
    def artefacts(self, s3: S3Server, prefix: str, tmp_path: Path) -> Artefacts:
        return S3Artefacts(read_address(s3.url(prefix)), tmp_path / "cache")

    @pytest.fixture
    def elsewhere(self, s3: S3Server, prefix: str, tmp_path: Path) -> Callable[[], Artefacts]:
        machines = iter(range(9))
        return lambda: S3Artefacts(
            read_address(s3.url(prefix)), tmp_path / f"machine {next(machines)}"
        )

    @pytest.fixture
    def program(self, s3: S3Server, prefix: str, tmp_path: Path) -> str:
        return f"""
import tempfile
from pathlib import Path
from northloop.adapters.distributed.s3_artefacts import S3Artefacts, read_address
folder = Path(tempfile.mkdtemp(dir={str(tmp_path)!r}))
artefacts = S3Artefacts(read_address({s3.url(prefix)!r}), folder)
"""

    @pytest.fixture
    def damage(self, s3: S3Server, prefix: str) -> Damage:
        def write(artefact: Artefact, name: str, body: bytes) -> None:
            obstore.put(s3.store(prefix), f"files/{artefact.manifest.files[name]}", body)

        return write
