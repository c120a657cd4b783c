"""Files that are no table and no JSON: told by their content and by their name, with what to do.

Not knowing better, a reader of tables takes a mailbox for a table with one wide column. Such a file
is refused before anything is read from it.
"""

from __future__ import annotations

import re
from pathlib import Path

from northloop.core.errors import InputError
from northloop.stages.data.sources import decoding

EXPORT_AGAIN = "export it again with its rows"
_WORKBOOK, _WORD = "an Excel workbook", "a Word document"
_MAILBOX, _EMAIL, _OUTLOOK = "a mailbox", "an e-mail", "an Outlook file"
_HTML, _XML, _PDF, _ARTICLE = "an HTML page", "an XML file", "a PDF", "an article"
_FOLDER, _SQLITE = "a folder", "a SQLite database"
_PACKED = {
    "gz tgz": "compressed with gzip",
    "bz2": "compressed with bzip2",
    "xz": "compressed with xz",
    "zst": "compressed with Zstandard",
    "zip": "a ZIP archive",
    "7z": "a 7-Zip archive",
    "rar": "a RAR archive",
    "tar": "a tar archive",
}
_NAMES = {
    **_PACKED,
    "xlsx xlsm xlsb xls ods numbers": _WORKBOOK,
    "parquet": "a Parquet file",
    "feather arrow ipc": "an Arrow file",
    "orc": "an ORC file",
    "avro": "an Avro file",
    "pdf": _PDF,
    "doc docx odt rtf": _WORD,
    "sqlite sqlite3 db": _SQLITE,
    "mdb accdb": "an Access database",
    "html htm mhtml": _HTML,
    "xml": _XML,
    "mbox mbx": _MAILBOX,
    "eml": _EMAIL,
    "msg pst ost": _OUTLOOK,
    "md markdown": _ARTICLE,
}
"""Endings of file names → what such a file is."""
_KIND_OF_ENDING = {f".{end}": kind for ends, kind in _NAMES.items() for end in ends.split()}

_AS_TABLE = "export it as CSV or JSONL, in UTF-8"
_UNPACK = "unpack it and import the file inside"
_WITHOUT_MAIL = (
    "e-mail is not read yet: export the conversations from the help desk as CSV, one row each, the "
    "customer's message in one column and the agent's reply in another"
)
_INTO_DOCUMENTS = (
    "an article for the answers to draw on goes into the workspace's folder of documents; "
    "a table of tickets has to be saved as CSV"
)
_MENDS = {
    _WORKBOOK: "export it as CSV, in UTF-8 (in Excel: Save As, CSV UTF-8)",
    decoding.ARCHIVE: f"export it as CSV, in UTF-8, if it is a workbook; else {_UNPACK}",
    _SQLITE: "write its table as CSV: sqlite3 -header -csv FILE 'SELECT * FROM tickets' > new.csv",
    _FOLDER: "name the files in it",
    **dict.fromkeys((_MAILBOX, _EMAIL, _OUTLOOK), _WITHOUT_MAIL),
    **dict.fromkeys((_HTML, _PDF, _WORD, _ARTICLE), _INTO_DOCUMENTS),
    **dict.fromkeys(_PACKED.values(), _UNPACK),
}
"""What a file is → what to do; for any other `_AS_TABLE`."""

_POSTMARK = re.compile(r"From \S+ +\w{3} \w{3} [ \d]\d \d\d:\d\d")
_MAIL_HEADER = re.compile(
    r"(received|message-id|mime-version|return-path|delivered-to|date|from|to|subject"
    r"|content-type|x-[\w-]+|dkim-signature|authentication-results|reply-to)\s*:",
    re.I,
)
_SURE_HEADERS = frozenset(("received", "message-id", "mime-version", "return-path", "delivered-to"))
_PLAIN_HEADERS = frozenset(("from", "to", "subject", "date"))
_MARKUP = re.compile(r"<(?:(!doctype html|html|head|body|table|meta|div)|(\?xml|rss|feed))\b", re.I)


def check_readable(path: Path) -> None:
    """Raise InputError if a file cannot be read, is empty, or is no table and no JSON."""
    try:
        kind = _FOLDER if path.is_dir() else _kind(path)
        empty = not kind and not any(line.strip() for line in decoding.lines(path))
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}",
            where=str(path),
            action="check the path and that you may read it; "
            "if it is gone for good, take it out of data.sources in northloop.toml",
        ) from error
    if kind:
        raise InputError(f"this is {kind}", where=str(path), action=_mend(kind))
    if empty:
        raise InputError("the file is empty", where=str(path), action=EXPORT_AGAIN)


def check_name(path: Path) -> None:
    """Raise InputError if a file is called what no table and no JSON is called."""
    if named := _KIND_OF_ENDING.get(path.suffix.lower(), ""):
        raise InputError(
            f"by its name this is {named}, no table of tickets",
            where=str(path),
            action=f"{_mend(named)}; if it holds CSV all the same, give it a name ending in .csv",
        )


def _mend(kind: str) -> str:
    return _MENDS.get(kind.partition(",")[0], _AS_TABLE)


def _kind(path: Path) -> str:
    """Return what a file is by its content, "" for what may be a table or JSON."""
    if binary := decoding.kind_of_binary(path):
        named = _KIND_OF_ENDING.get(path.suffix.lower(), "")
        refined = binary == decoding.ARCHIVE and named in (_WORKBOOK, _WORD)
        return f"{named if refined else binary}, no text"
    document = _kind_of_text(decoding.beginning(path))
    return f"{document}, no table of tickets" if document else ""


def _kind_of_text(text: str) -> str:
    """Return which text without rows begins so: e-mail, HTML, XML; "" for any other."""
    if markup := _MARKUP.match(text):
        return _HTML if markup[1] else _XML
    opening = re.split(r"\r?\n", text)
    followed = len(opening) > 1 and _MAIL_HEADER.match(opening[1])
    if _POSTMARK.match(text) or (opening[0].startswith("From ") and followed):
        return _MAILBOX
    if not _MAIL_HEADER.match(opening[0]):
        return ""
    block = opening[: opening.index("") if "" in opening else len(opening)]
    headers = {found[1].lower() for line in block if (found := _MAIL_HEADER.match(line))}
    return _EMAIL if headers & _SURE_HEADERS or len(headers & _PLAIN_HEADERS) > 2 else ""
