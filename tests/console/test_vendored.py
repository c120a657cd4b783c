"""What is vendored is what VENDORED.md says, with its licence beside it."""

from __future__ import annotations

import re
from pathlib import Path

import northloop.console as console_package
from northloop.core.ids import file_hash

VENDOR = Path(console_package.__file__ or "").parent / "static" / "vendor"


def test_hashes_and_licences() -> None:
    listed = dict(
        re.findall(r"^\| (\S+) \|.* ([0-9a-f]{64}) \|$", (VENDOR / "VENDORED.md").read_text(), re.M)
    )
    scripts = {f.name for f in VENDOR.iterdir() if f.suffix in (".js", ".css")}
    assert set(listed) == scripts
    for name, sha256 in listed.items():
        assert file_hash(VENDOR / name) == sha256, name
    assert {f.name for f in VENDOR.glob("*-LICENSE.txt")} == {
        "htmx-LICENSE.txt",
        "uplot-LICENSE.txt",
    }
