"""Reading exports: rows as they were written, whatever is wrong with them.

`detect` guesses which column means what, `layout` adds what the user says; `read` streams the rows,
and a row that cannot be read comes back as `Quarantined` instead of stopping the import.
"""

from northloop.stages.data.sources.mapping import FIELDS, ColumnMapping, names_a_reply
from northloop.stages.data.sources.reading import Layout, SourceFile, detect, layout, listed, read

__all__ = [
    "FIELDS",
    "ColumnMapping",
    "Layout",
    "SourceFile",
    "detect",
    "layout",
    "listed",
    "names_a_reply",
    "read",
]
