"""An export as somebody names it: where it lies, and what is said of it beforehand.

What this module does not know is what lies there.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from northloop.core.conversation import Split
from northloop.stages.data.sources.mapping import ColumnMapping
from northloop.stages.data.sources.places import Place

NO_TEXTS: ColumnMapping = {"question": "", "reply": ""}
"""Says of an export that it tells of cases alone, and not what was said in them."""


class SourceFile(msgspec.Struct, frozen=True):
    """A file to import."""

    path: Path
    pin: Split | None = None
    """All rows of this file, and whatever is tied to them, go into this split."""
    licence: str = ""
    mapping: ColumnMapping = {}
    """Field → column; overrides what is detected. "" says that the file has no such column."""
    name: str = ""
    """How rows name the file; its place's label if empty."""
    member: str = ""
    """Which file of an archive; `*.eml` for all mails in it."""
    sheet: str = ""
    """Which sheet of a workbook; "" for its first."""
    agents: tuple[str, ...] = ()
    """Who answers, by name, id, address or domain (`@shop.example`), where the export does not say
    it; () to find out."""

    @property
    def has_no_texts(self) -> bool:
        """Whether it is said to tell of cases alone (`NO_TEXTS`)."""
        return self.mapping.get("question") == ""

    @property
    def place(self) -> Place:
        return Place(self.path, self.member, self.sheet)

    @property
    def label(self) -> str:
        return self.name or self.place.label

    @property
    def full(self) -> Path:
        """Return its path with where it lies in that."""
        return self.path.joinpath(*filter(None, (self.member, self.sheet)))
