"""From the bytes of an export to lines of text, whatever program wrote them.

Real exports mix encodings within one file (a UTF-8 export with lines pasted from Windows), begin
with a byte-order mark, are UTF-16 because Excel saved them, or hold NUL bytes. A line is decoded on
its own, so that one bad line never spoils the rest. What this module does not know is what a line
means.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

import charset_normalizer

from northloop.stages.data.sources.places import Place, opened

SAMPLE_BYTES = 65_536
MAX_LINE_BYTES = 16_000_000
"""What is kept of a line; what is longer is the work of a broken program or of an attack."""
PIECE_BYTES = 1_000_000

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

ARCHIVE, PARQUET = "a ZIP archive", "a Parquet file"
_BINARY = {
    b"PK\x03\x04": ARCHIVE,
    b"PK\x05\x06": ARCHIVE,
    b"\xd0\xcf\x11\xe0": "an old Excel, Word or Outlook file",
    b"%PDF": "a PDF",
    b"{\\rtf": "a Word document",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard",
    b"SQLite format 3": "a SQLite database",
    b"PAR1": PARQUET,
    b"ARROW1": "an Arrow file",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"!BDN": "an Outlook mailbox",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
"""First bytes → what the file is."""
_UNPRINTABLE_BYTES = bytes({*range(32), 127} - set(b"\t\n\v\f\r\x1b"))
_UNPRINTABLE = dict.fromkeys({*_UNPRINTABLE_BYTES, 0xFFFD})
FEW_BYTES = 200
"""So few bytes do not tell one encoding from another, if they can be Western at all."""
SOME_UNPRINTABLE = 20
MOST_UNPRINTABLE = 0.05
"""Of random bytes, one in nine is unprintable; of text with some damage, far fewer."""
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def lines(place: Place) -> Iterator[str]:
    """Yield the lines of a file without their line ends, NUL and byte-order marks removed.

    Line ends may be LF, CRLF or (in a file that has no other) CR. A carriage return in the middle
    of a line stays; of a line over MAX_LINE_BYTES so much comes. OSError if the file cannot be
    read.
    """
    sample = sampled(place)
    wide = _wide_encoding(sample)
    if wide:
        yield from _wide_lines(place, wide)
        return
    legacy = _legacy_encoding(sample)
    for number, raw in enumerate(_byte_lines(place, sample)):
        line = raw.removeprefix(codecs.BOM_UTF8) if number == 0 else raw
        yield _decoded(line, legacy).replace("\x00", "")


def pieces(place: Place) -> Iterator[str]:
    """Yield a text in pieces that make it whole again, however long its lines are. OSError."""
    sample = sampled(place)
    wide = _wide_encoding(sample)
    if wide:
        yield from (f"{line}\n" for line in _wide_lines(place, wide))
        return
    legacy = _legacy_encoding(sample)
    with opened(place) as file:
        rest = file.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
        while block := file.read(PIECE_BYTES):
            whole, rest = _cut(rest + block)
            yield from (_decoded(line, legacy).replace("\x00", "") for line in _kept(whole))
        yield _decoded(rest, legacy)


def _cut(block: bytes) -> tuple[bytes, bytes]:
    """Return a block up to its last line end, or to its last whole character; and what is left."""
    end = block.rfind(b"\n") + 1
    if not end:
        end = len(block)
        while end > len(block) - 4 and end and block[end - 1] & 0xC0 == 0x80:
            end -= 1
        end -= bool(end and block[end - 1] >= 0xC0)
    return (block[:end], block[end:]) if end else (block, b"")


def _kept(block: bytes) -> list[bytes]:
    """Return a block as one, or its lines where it is not UTF-8 throughout."""
    return [block] if _is_utf8(block) else block.splitlines(keepends=True)


def kind_of_binary(sample: bytes) -> str:
    """Return what a file is that begins so and is not text, "" for text."""
    if sample[257:262] == b"ustar":
        return "a tar archive"
    chars, printable = _lengths(sample)
    allowed = max(SOME_UNPRINTABLE, MOST_UNPRINTABLE * chars)
    known = next((kind for mark, kind in _BINARY.items() if sample.startswith(mark)), "")
    return known or ("binary data" if chars - printable > allowed else "")


def _lengths(sample: bytes) -> tuple[int, int]:
    """Return how many characters a sample has, and how many of them can be printed."""
    if not _wide_encoding(sample):
        return len(sample), len(sample.translate(None, _UNPRINTABLE_BYTES))
    text = _text(sample)
    return len(text), len(text.translate(_UNPRINTABLE))


def beginning(sample: bytes) -> str:
    """Return how a file of text begins, decoded roughly."""
    return _text(sample).lstrip("\ufeff\xef\xbb\xbf \t\r\n")


def first_lines(sample: bytes) -> list[str]:
    """Return the lines of a sample as `lines` yields them; the last may be cut short."""
    if wide := _wide_encoding(sample):
        return sample.decode(wide, "replace").replace("\x00", "").lstrip("\ufeff").splitlines()
    legacy = _legacy_encoding(sample)
    whole = sample.removeprefix(codecs.BOM_UTF8).splitlines()
    return [_decoded(line, legacy).replace("\x00", "") for line in whole]


def sampled(place: Place) -> bytes:
    """Return the first SAMPLE_BYTES of a file, unpacked. OSError if it cannot be read."""
    with opened(place) as file:
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


def _wide_lines(place: Place, encoding: str) -> Iterator[str]:
    with opened(place) as file:
        text = codecs.getreader(encoding)(file, "replace")
        for number, line in enumerate(iter(lambda: text.readline(MAX_LINE_BYTES, True), "")):
            whole = line.removeprefix("\ufeff") if number == 0 else line
            yield whole.rstrip("\n").removesuffix("\r").replace("\x00", "")


def _byte_lines(place: Place, sample: bytes) -> Iterator[bytes]:
    with opened(place) as file:
        if b"\r" in sample and b"\n" not in sample:
            yield from _ended_by_returns(file)
            return
        while raw := file.readline(MAX_LINE_BYTES):
            if len(raw) >= MAX_LINE_BYTES and not raw.endswith(b"\n"):
                _pass_over_line(file)
            yield raw.rstrip(b"\n").removesuffix(b"\r")


def _ended_by_returns(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while block := file.read(PIECE_BYTES):
        *whole, rest = (rest + block).split(b"\r")
        rest = rest[:MAX_LINE_BYTES]
        yield from whole
    yield rest


def _pass_over_line(file: BinaryIO) -> None:
    while (raw := file.readline(PIECE_BYTES)) and not raw.endswith(b"\n"):
        pass


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
