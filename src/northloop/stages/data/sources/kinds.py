"""What a file is, told by its content: which way its rows are written, or that it holds none.

What holds no tickets is refused before anything is read from it, with what to do instead: not
knowing better, a reader of tables takes a web page for a table with one wide column.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from northloop.core.errors import InputError
from northloop.stages.data.sources import (
    decoding,
    dumps,
    faqs,
    logs,
    messengers,
    whatsapp,
    workbooks,
    written_cases,
)
from northloop.stages.data.sources.mail import ALL_MAIL, mail_files
from northloop.stages.data.sources.places import Place, packed_names

EXPORT_AGAIN = "export it again with its rows"
_WORD, _OUTLOOK = "a Word document", "an Outlook file"
_OLD, _NESTED = "an old Excel, Word or Outlook file", "an archive inside an archive"
_HTML, _XML, _PDF, _ARTICLE = "an HTML page", "an XML file", "a PDF", "an article"
_FOLDER, _SQLITE = "a folder without mails", "a SQLite database"
_RT_TEXT = "Request Tracker's text for programs"
_EMPTY = "empty"
_PACKED = {
    "bz2": "compressed with bzip2",
    "xz": "compressed with xz",
    "zst": "compressed with Zstandard",
    "7z": "a 7-Zip archive",
    "rar": "a RAR archive",
    "tar": "a tar archive",
}
_NAMES = {
    "pdf": _PDF,
    "doc docx odt rtf": _WORD,
    "html htm mhtml": _HTML,
    "xml": _XML,
    "msg pst ost": _OUTLOOK,
    "md markdown": _ARTICLE,
}
"""Endings of file names → what such a file is, whatever text stands in it."""
_TEXTS = ("", ".txt", ".text", ".log", ".md", ".markdown", ".vtt", ".srt")
"""What a log of chats, or an FAQ, may be called."""
_KIND_OF_ENDING = {f".{end}": kind for ends, kind in _NAMES.items() for end in ends.split()}

_AS_TABLE = "export it as CSV or JSONL, in UTF-8"
_UNPACK = "unpack it and import the file inside"
_INTO_DOCUMENTS = (
    "an article for the answers to draw on goes into the workspace's folder of documents; "
    "an FAQ has its questions as headings, or in a table with columns Question and Answer; "
    "a table of tickets has to be saved as CSV"
)
_MENDS = {
    _OLD: "save a workbook as .xlsx, or export it as CSV, in UTF-8; of Outlook, save the folder as "
    ".mbox or the mails as .eml",
    _NESTED: "unpack the outer archive and import the ones inside",
    _SQLITE: "write its table as CSV: sqlite3 -header -csv FILE 'SELECT * FROM tickets' > new.csv",
    _RT_TEXT: "export the tickets with their transactions as JSON, by REST 2.0",
    _FOLDER: "pack it as a ZIP archive and import that, or name the files in it",
    _OUTLOOK: "save the folder as .mbox, or the mails as .eml",
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
_RT_STATUS = re.compile(r"RT/[\d.]+\w* \d{3} ")
_PLAIN_WORD = re.compile(r"\w", re.A)
_MARKUP = re.compile(r"<(?:(!doctype html|html|head|body|table|meta|div)|(\?xml|rss|feed))\b", re.I)


class Format(StrEnum):
    """How the rows of a file are written."""

    TABLE = "table"
    JSON = "JSON"
    XML = "XML"
    WORKBOOK = "workbook"
    PARQUET = "Parquet"
    DUMP = "dump of a database"
    MAIL = "mail"
    CHAT = "chat"
    """A text file as WhatsApp, LINE or KakaoTalk exports it."""
    LOG = "log of chats"
    """A text with a line for each message."""
    CASES = "cases in a text"
    """The fields of each above what was said in it."""
    FAQ = "FAQ"
    """Questions and their answers in Markdown."""
    SEVERAL = "several files"
    """Files of an archive, or sheets of a workbook, that are one export."""
    ARCHIVE = "archive"
    """It holds files that are sources of their own."""


def format_of(place: Place) -> Format:
    """Return how a file is written, by its content. InputError if it cannot be read, is empty, or
    is nothing that holds tickets.
    """
    try:
        found = _format(place)
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}",
            where=str(place.path),
            action="check the path and that you may read it; "
            "if it is gone for good, take it out of data.sources in northloop.toml",
        ) from error
    if found == _EMPTY:
        raise InputError("the file is empty", where=_where(place), action=EXPORT_AGAIN)
    if not isinstance(found, Format):
        raise InputError(f"this is {found}", where=_where(place), action=_mend(found))
    return found


def check_name(place: Place) -> None:
    """Raise InputError if a file of text is called what no export is called."""
    if named := _KIND_OF_ENDING.get(place.ending, ""):
        raise InputError(
            f"by its name this is {named}, no table of tickets",
            where=_where(place),
            action=f"{_mend(named)}; if it holds CSV all the same, give it a name ending in .csv",
        )


def _where(place: Place) -> str:
    return f"{place.path.parent}/{place.label}"


def _mend(kind: str) -> str:
    return _MENDS.get(kind.partition(",")[0], _AS_TABLE)


def _format(place: Place) -> Format | str:
    """Return how a file is written, or what it is that holds no tickets."""
    if place.is_several:
        return Format.SEVERAL
    if place.path.is_dir() or place.member == ALL_MAIL:
        return Format.MAIL if place.member or mail_files(place) else _FOLDER
    told = place.path.stat()
    return _by_content(place, told.st_mtime_ns, told.st_size)


@lru_cache(256)
def _by_content(place: Place, changed_ns: int, size: int) -> Format | str:  # noqa: ARG001
    sample = decoding.sampled(place)
    if binary := decoding.kind_of_binary(sample):
        return _of_binary(place, binary)
    begins = decoding.beginning(sample)
    kind = _kind_of_text(begins)
    if kind == _XML or (not kind and place.ending == ".xml" and begins.startswith("<")):
        return Format.XML
    if not kind and dumps.is_dump(place, begins):
        return Format.DUMP
    first = decoding.first_lines(sample) if not kind and place.ending in _TEXTS else []
    if not kind and (_is_chat(place, begins) or messengers.app_of(first)):
        return Format.CHAT
    if logs.is_log(first):
        return Format.LOG
    if written_cases.is_cases(first):
        return Format.CASES
    if faqs.is_faq(first):
        return Format.FAQ
    if not kind and _is_empty(place, begins):
        return _EMPTY
    if not kind:
        return Format.JSON if _is_json(place, begins) else Format.TABLE
    return kind if kind is Format.MAIL else f"{kind}, no table of tickets"


def _of_binary(place: Place, binary: str) -> Format | str:
    if binary == decoding.PARQUET:
        return Format.PARQUET
    if binary == decoding.ARCHIVE:
        return _of_zip(place)
    if binary == _OLD and workbooks.is_workbook(place):
        return Format.WORKBOOK
    return f"{binary}, no text"


def _of_zip(place: Place) -> Format | str:
    names = packed_names(place)
    if any(name.startswith("xl/") for name in names):
        return Format.WORKBOOK
    if "mimetype" in names and "content.xml" in names:
        return Format.WORKBOOK if workbooks.is_workbook(place) else _WORD
    if any(name.startswith("word/") for name in names):
        return _WORD
    return f"{_NESTED}, no text" if place.member else Format.ARCHIVE


def _is_empty(place: Place, begins: str) -> bool:
    """Whether there is nothing but white space; most files say at once that there is more."""
    if _PLAIN_WORD.search(begins):
        return False
    return not any(piece.strip() for piece in islice(decoding.pieces(place), 100))


def _is_chat(place: Place, begins: str) -> bool:
    first = begins[:8]
    dated = "{" not in first and any(c.isdigit() for c in first)
    return dated and whatsapp.is_chat(decoding.lines(place))


def _is_json(place: Place, begins: str) -> bool:
    first = next(iter(begins.split("\n", 1))).strip()
    if place.ending in (".jsonl", ".ndjson", ".json"):
        return first.startswith(("{", "[", '"')) or not set(",;\t|") & set(first[:1000])
    if place.ending in (".csv", ".tsv"):
        return bool(re.match(r"\{\s*\"[^\"]+\"\s*:|\[\s*\{\s*\"|[\[{]$", first))
    return bool(re.match(r"\{|\[\s*(?:[\[{\"\]]|$)", first))  # `[09:30] Jo: Hello` is none


def _kind_of_text(text: str) -> Format | str:
    """Return what begins so that is no table and no JSON: mail, HTML, XML; "" for the rest."""
    if markup := _MARKUP.match(text):
        return _HTML if markup[1] else _XML
    if _RT_STATUS.match(text):
        return _RT_TEXT
    first, *others = text.split("\n", 2)
    followed = others and _MAIL_HEADER.match(others[0])
    if _POSTMARK.match(text) or (first.startswith("From ") and followed):
        return Format.MAIL
    if not _MAIL_HEADER.match(first):
        return ""
    opening = re.split(r"\r?\n", text)
    block = opening[: opening.index("") if "" in opening else len(opening)]
    headers = {found[1].lower() for line in block if (found := _MAIL_HEADER.match(line))}
    sure = headers & _SURE_HEADERS or len(headers & _PLAIN_HEADERS) > 2
    return Format.MAIL if sure else ""
