"""Captions of calls as transcripts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, opened, read
from northloop.stages.data.sources.captions import is_captions, transcript

VOICES = """WEBVTT

NOTE recorded by the switchboard

1
00:00:03.250 --> 00:00:09.100 align:start
<v Jo Hill>Where is my <i>parcel</i>?</v>

00:00:10.000 --> 00:00:12.000
<v Anna Berg>It left us</v>

00:00:12.000 --> 00:00:15.000
<v Anna Berg>on Monday.</v><v Jo Hill>Thanks.</v>
"""
SUBRIP = """1
00:00:03,250 --> 00:00:09,100
Caller: Where is my parcel?

2
00:00:10,000 --> 00:00:12,000
Agent: It left us

3
00:00:12,000 --> 00:00:15,000
on Monday.
"""


def test_who_speaks_is_told_by_voices_and_by_labels() -> None:
    assert transcript(VOICES.splitlines()) == (
        "[00:00:03] Jo Hill: Where is my parcel?\n"
        "[00:00:10] Anna Berg: It left us on Monday.\n"
        "[00:00:12] Jo Hill: Thanks."
    )
    assert transcript(SUBRIP.splitlines()) == (
        "[00:00:03] Caller: Where is my parcel?\n[00:00:10] Agent: It left us on Monday."
    )


@pytest.mark.parametrize(
    ("text", "are"),
    [
        (VOICES, True),
        (SUBRIP, True),
        ("1\n00:03,250 is when it began", False),
        ("", False),
        ("WEBVTTX", False),
    ],
)
def test_captions_are_known_by_how_they_begin(text: str, are: bool) -> None:
    assert is_captions(text.splitlines()) is are


def test_a_call_of_captions_is_a_conversation(tmp_path: Path) -> None:
    path = tmp_path / "call.srt"
    path.write_text(SUBRIP)
    (found,) = (t for t in read(SourceFile(path)) if isinstance(t, RawTicket))
    assert (found.question, found.reply) == ("Where is my parcel?", "It left us on Monday.")


def test_of_calls_in_an_archive_who_is_in_most_answers(tmp_path: Path) -> None:
    path = tmp_path / "calls.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("Jo Hill", "Kim Oz", "Bo Falk"):
            archive.writestr(f"{name}.vtt", VOICES.replace("Jo Hill", name))
    (place,) = opened(path).places
    found = list(read(SourceFile(place.path, member=place.member)))
    pairs = [(t.question, t.reply) for t in found if isinstance(t, RawTicket) and t.reply]
    assert pairs == [("Where is my parcel?", "It left us on Monday.")] * 3
