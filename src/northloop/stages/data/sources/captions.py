"""What was said in a call, written as captions: WebVTT and SubRip, as meetings and telephones
export it.

What this module does not know is who of those who speak answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from northloop.core.patterns import lazy

_LOOKED_AT = 4
_CUE = lazy(
    r"\s*((?:\d+:)?\d{1,2}:\d{2})[.,]\d{1,3}[ \t]+-->[ \t]+(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}.*"
)
_VOICE = lazy(r"<v(?:\.[^\s>]*)? +([^>]{1,60})>")
_TAG = lazy(r"</?[a-z][^<>]{0,60}>|<[\d:.]+>")
_LABELLED = lazy(r"(?:- ?)?([^\W\d_][^:：\n]{0,50})[:：] *(\S.*)")


def is_captions(lines: Iterable[str]) -> bool:
    """Whether a text holds captions, by its first lines: `WEBVTT`, or a number above a span of
    time.
    """
    first = list(islice((line for line in lines if line.strip()), _LOOKED_AT))
    if not first:
        return False
    begins = first[0].lstrip("\ufeff").strip()
    numbered = begins.isdigit() and len(first) > 1 and bool(_CUE.fullmatch(first[1]))
    return begins.partition(" ")[0] == "WEBVTT" or numbered


def transcript(lines: Iterable[str]) -> str:
    """Return captions as a transcript, a line for each that speaks until another does:
    `[00:00:03] Anna: …`. What stands outside of the captions is left out.
    """
    said: list[tuple[str, str, list[str]]] = []
    for at, name, text in _spoken(lines):
        if said and name in ("", said[-1][1]):
            said[-1][2].append(text)
        elif name:
            said.append((at, name, [text]))
    return "\n".join(f"[{at}] {name}: {' '.join(texts)}" for at, name, texts in said)


def _spoken(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield when a line of captions is shown, who speaks ("" where it goes on) and the words."""
    at = ""
    for line in lines:
        if found := _CUE.fullmatch(line):
            at = found[1]
        elif not line.strip():
            at = ""
        elif at:
            yield from ((at, name, text) for name, text in _parts(line))


def _parts(line: str) -> Sequence[tuple[str, str]]:
    """Return the names and words of a line, several where several speak in it."""
    before, *voices = _VOICE.split(line.strip())
    if voices:
        named = zip(voices[::2], voices[1::2], strict=True)
        return [(name.strip(), _TAG.sub("", text).strip()) for name, text in named]
    bare = _TAG.sub("", before).strip()
    labelled = _LABELLED.fullmatch(bare)
    return [(labelled[1].strip(), labelled[2])] if labelled else [("", bare)]
