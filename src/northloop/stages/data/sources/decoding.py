"""From the bytes of an export to lines of text, whatever program wrote them.

Real exports mix encodings within one file (a UTF-8 export with lines pasted from Windows), begin
with a byte-order mark, are UTF-16 because Excel saved them, or hold NUL bytes. A line is decoded on
its own, so that one bad line never spoils the rest. What this module does not know is what a line
means.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

import charset_normalizer

SAMPLE_BYTES = 65_536

LEGACY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "koi8_r",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
)
"""Encodings that help desks still write besides Unicode."""

ARCHIVE = "a ZIP archive or an Excel workbook"
_BINARY = {
    b"PK\x03\x04": ARCHIVE,
    b"PK\x05\x06": ARCHIVE,
    b"\xd0\xcf\x11\xe0": "an old Excel, Word or Outlook file",
    b"%PDF": "a PDF",
    b"{\\rtf": "a Word document",
    b"\x1f\x8b": "compressed with gzip",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard",
    b"SQLite format 3": "a SQLite database",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"!BDN": "an Outlook mailbox",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
"""First bytes → what the file is."""
_UNPRINTABLE = dict.fromkeys({*range(32), 127, 0xFFFD} - set(b"\t\n\v\f\r\x1b"))
FEW_BYTES = 200
"""So few bytes do not tell one encoding from another, if they can be Western at all."""
SOME_UNPRINTABLE = 20
MOST_UNPRINTABLE = 0.05
"""Of random bytes, one in nine is unprintable; of text with some damage, far fewer."""
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file without their line ends, NUL and byte-order marks removed.

    Line ends may be LF, CRLF or (in a file that has no other) CR. A carriage return in the middle
    of a line stays, and a line may be as long as the file. OSError if the file cannot be read.
    """
    sample = _sample(path)
    wide = _wide_encoding(sample)
    if wide:
        yield from _wide_lines(path, wide)
        return
    legacy = _legacy_encoding(sample)
    for number, raw in enumerate(_byte_lines(path, sample)):
        line = raw.removeprefix(codecs.BOM_UTF8) if number == 0 else raw
        yield _decoded(line, legacy).replace("\x00", "")


def kind_of_binary(path: Path) -> str:
    """Return what a file is that is not text, "" for text. OSError if it cannot be read."""
    sample = _sample(path)
    if sample[257:262] == b"ustar":
        return "a tar archive"
    text = _text(sample)
    unprintable = len(text) - len(text.translate(_UNPRINTABLE))
    allowed = max(SOME_UNPRINTABLE, MOST_UNPRINTABLE * len(text))
    known = next((kind for mark, kind in _BINARY.items() if sample.startswith(mark)), "")
    return known or ("binary data" if unprintable > allowed else "")


def beginning(path: Path) -> str:
    """Return how a file of text begins, decoded roughly. OSError if it cannot be read."""
    return _text(_sample(path)).lstrip("\ufeff\xef\xbb\xbf \t\r\n")


def _sample(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(SAMPLE_BYTES)


def _text(sample: bytes) -> str:
    wide = _wide_encoding(sample)
    return sample.decode(wide, "replace").replace("\x00", "") if wide else sample.decode("latin-1")


def _wide_encoding(sample: bytes) -> str:
    """Return the UTF-16 variant of a sample, "" if it is not UTF-16."""
    for mark, name in _UTF16:
        if sample.startswith(mark):
            return name
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _wide_lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, errors="replace", newline="\n") as file:
        for number, line in enumerate(file):
            text = line.removeprefix("\ufeff") if number == 0 else line
            yield text.rstrip("\n").removesuffix("\r").replace("\x00", "")


def _byte_lines(path: Path, sample: bytes) -> Iterator[bytes]:
    if b"\r" in sample and b"\n" not in sample:
        yield from path.read_bytes().split(b"\r")
        return
    with path.open("rb") as file:
        for raw in file:
            yield raw.rstrip(b"\n").removesuffix(b"\r")


def _legacy_encoding(sample: bytes) -> str:
    """Return the encoding of those lines that are not UTF-8."""
    bad = b"\n".join(line for line in sample.split(b"\n")[:-1] if not _is_utf8(line))
    if len(bad) < FEW_BYTES and _is_in("cp1252", bad):
        return "cp1252"
    guesses = charset_normalizer.from_bytes(bad, cp_isolation=list(LEGACY))
    best = guesses.best()
    western = next((guess for guess in guesses if guess.encoding == "cp1252"), None)
    if best is None or (western and western.chaos <= best.chaos):
        return "cp1252"  # as likely as the likeliest, and much the more common
    return best.encoding


def _is_utf8(line: bytes) -> bool:
    return _is_in("utf-8", line)


def _is_in(encoding: str, line: bytes) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(line: bytes, legacy: str) -> str:
    for encoding in ("utf-8", legacy, "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")
