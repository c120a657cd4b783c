"""Reading exports: rows as they were written, whatever is wrong with them.

`detect` guesses which column means what; `read` streams the rows, and a row that cannot be read
comes back as `Quarantined` instead of stopping the import.
"""

from northloop.stages.data.sources.mapping import FIELDS, ColumnMapping
from northloop.stages.data.sources.reading import SourceFile, detect, read

__all__ = ["FIELDS", "ColumnMapping", "SourceFile", "detect", "read"]
