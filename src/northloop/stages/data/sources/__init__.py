"""Reading exports: rows as they were written, whatever is wrong with them.

`opened` says which exports a path stands for, `layout` what one is taken for and why, with what the
user says; `read` streams its exchanges, and a row that cannot be read comes back as `Quarantined`
instead of stopping the import.
"""

from northloop.stages.data.sources.exports import Opened, opened
from northloop.stages.data.sources.layouts.detecting import columns, detect, layout
from northloop.stages.data.sources.layouts.layout import Columns, Layout, listed
from northloop.stages.data.sources.mapping import (
    FIELDS,
    NAME_THE_COLUMNS,
    ColumnMapping,
    looks_like_a_row,
    names_a_reply,
)
from northloop.stages.data.sources.reading import A_NOTE, read, read_noted
from northloop.stages.data.sources.source import NO_TEXTS, SourceFile
from northloop.stages.data.sources.withheld import KEPT

__all__ = [
    "A_NOTE",
    "FIELDS",
    "KEPT",
    "NAME_THE_COLUMNS",
    "NO_TEXTS",
    "ColumnMapping",
    "Columns",
    "Layout",
    "Opened",
    "SourceFile",
    "columns",
    "detect",
    "layout",
    "listed",
    "looks_like_a_row",
    "names_a_reply",
    "opened",
    "read",
    "read_noted",
]
