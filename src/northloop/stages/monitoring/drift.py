"""Drift: windows of what customers ask, each compared with those before it, and harm.

    era = Era(...)                       # the questions since a release or its documents changed
    look(records, era, Looking(...))     # compares what is new, as windows get full
    windows(records, era)                # what was found, oldest first
    clearest(found)                      # where a shift shows best
    explaining(records, era, window)     # the questions that are least like those before
    harm(records, release, since)        # whether answers got worse, by people's verdicts

A window is so many conversations, by their first questions: what follows in one hangs on it. Each
question is compared with those of the same part of the weeks before (`statistics.drift.Parts`), so
that nights and weekends, which come again, are no shift. What is asked at a time of the week of
which nothing is known yet is not compared: in the first week that is all of it. What is kept of a
window are counts, never a question; what whoever is forgotten added to those by half hour is taken
off. The questions that explain it are looked up when somebody wants to see them, so that whoever is
forgotten is in none.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
import numpy as np
from scipy.sparse import csr_array

from northloop.core.ids import Hash, derived_id, uniform
from northloop.core.interaction import Interaction, Origin, ReviewItem, Verdict, VerdictKind
from northloop.core.question import normalised
from northloop.core.scripts import is_unspaced
from northloop.ports.catalogue import note
from northloop.ports.stores import Records, TimeSpan, Where
from northloop.stages.monitoring.tally import clusters_of, counting, is_counted
from northloop.statistics import drift
from northloop.statistics.bootstrap import cluster_codes
from northloop.statistics.drift import (
    Apart,
    Beside,
    ByPart,
    HarmEvidence,
    Histogram,
    Judged,
    Kind,
    Parts,
)

ALARM = 100.0
"""Evidence that is an alarm: false once in so many windows at most, on average."""
TESTS: Mapping[str, str] = {
    "words": "what they ask",
    "intents": "how often they ask what",
    "sureness": "how sure the assistant is",
    "retrieval": "how well passages fit",
    "languages": "in which languages they ask",
}
"""What each test looks at, in words."""
FEWEST_COMPARED = 0.2
"""Where a smaller share of a window's questions can be compared, it says nothing of a shift."""
_READ_BEFORE = 4
"""So many windows of those before are read to learn their words."""
_PORTION = 1_000
_HALF_HOUR_S = 1_800
_WIDTH = 1 << 16
_LONGEST = 1_000
"""So many characters of a question are read."""
_APART = re.compile(r"[^\w\[\]]+")


class Era(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a release answered from one knowledge."""

    era_id: str
    release: Hash
    knowledge: Hash
    """"" where an earlier version promoted it: then whatever was known counts."""
    since: str


class Looking(msgspec.Struct, frozen=True, kw_only=True):
    """How windows are looked at."""

    size: int
    """Conversations of a window."""
    language: Callable[[str], str]
    """Tells the language of a text, "" if nothing shows it."""


@note("era")
class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What so many conversations looked like, and how unlike those before them."""

    window_id: str
    """Follows from era and number, so that of two processes one keeps it."""
    era: str
    number: int
    """From 0 on; of the first nothing is known before it."""
    since: str
    at: str
    """Of its first and its last question."""
    after: str
    through: str
    """Places in the list of answers that it lies between."""
    questions: int
    intents: dict[str, int]
    languages: dict[str, int]
    sureness: Histogram
    retrieval: Histogram
    compared: int = 0
    """Of its questions: those of a part of the week of which the weeks before have some."""
    p_values: dict[str, float] = {}
    """Test → corrected for how many there are (Holm); none where too few were compared."""
    evidence: float = 1.0
    """Of a shift, after it; an alarm from `ALARM` on."""

    @property
    def is_alarm(self) -> bool:
        """Whether it is told, as things stand."""
        return self.evidence >= ALARM

    @property
    def shifted(self) -> tuple[str, ...]:
        """The tests that see it by themselves, clearest first."""
        clear = [name for name, p in self.p_values.items() if p <= 0.05]
        return tuple(sorted(clear, key=lambda name: self.p_values[name]))


@note("era")
class HalfHours(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a window by half hour since 1970, as they are compared."""

    half_hours_id: str
    """Follows from era and number."""
    era: str
    number: int
    intents: dict[int, dict[str, int]]
    languages: dict[int, dict[str, int]]
    sureness: dict[int, dict[int, int]]
    retrieval: dict[int, dict[int, int]]
    """By `statistics.drift.stretches`."""
    release: Hash = Hash("")
    knowledge: Hash = Hash("")
    """Of the era."""

    @property
    def parts(self) -> Parts:
        """The parts of the week by which it is compared."""
        return Parts.of(self.intents.keys())


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What of a window is not as before."""

    questions: tuple[Interaction, ...]
    """The least like those before, by their words, first."""
    intents: tuple[tuple[str, float, float], ...]
    """Intent, its share before at the same times of the week, its share now; what changed most
    first."""


def windows(records: Records, era: Era) -> list[Window]:
    """Return the windows of an era, oldest first.

    Those of an earlier version, which compared whatever the time of the week, say nothing.
    """
    found = records.query(Window, {"era": era.era_id}).rows
    return [one if one.compared or not one.p_values else _silent(one) for one in found]


def clearest(known: Sequence[Window]) -> Window | None:
    """Return the window in which a shift shows best; None where nothing speaks for one.

    Of those since the evidence began to gather: once a shift is among what was before, the windows
    after it look less odd.
    """
    gathering: list[Window] = []
    for window in filter(_is_compared, known):
        gathering = [*gathering, window] if window.evidence > 1 else []
    return min(gathering, key=lambda one: min(one.p_values.values()), default=None)


def look(records: Records, era: Era, looking: Looking) -> list[Window]:
    """Keep the windows that got full since the last look, and return those of the era."""
    known = windows(records, era)
    while (window := _next(records, era, known, looking)) is not None:
        records.add(window)
        known = windows(records, era)
    return known


def waiting(records: Records, era: Era) -> int:
    """Return about how many questions there are for the next window; follow-ups count here."""
    known = records.query(Window, {"era": era.era_id}, newest=True, limit=1).rows
    return records.count(Interaction, _of(era), after=known[0].through if known else "")


def explaining(records: Records, era: Era, window: Window, most: int = 10) -> Explanation:
    """Return what explains a window as the store is now; nothing where nothing was compared."""
    every = {one.number: one for one in _half_hours(records, era)}
    before = [one for number, one in every.items() if number < window.number]
    if not window.p_values or window.number not in every:
        return Explanation(questions=(), intents=())
    asked = list(_asked(records, era, window))
    found = _apart(records, era, before, every[window.number], asked)
    own = slice(len(found.scores) - len(asked), None)
    scores = np.where(found.compared[own], found.scores[own], -np.inf)
    order: list[int] = np.argsort(-scores, kind="stable").tolist()
    shown = [asked[place] for place in order if np.isfinite(scores[place])]
    moved = drift.shares(_beside(before, every[window.number], lambda of: of.intents))
    return Explanation(questions=tuple(shown[:most]), intents=tuple(moved[:most]))


def forget_questions(records: Records, gone: Sequence[Interaction]) -> None:
    """Take what these added off the half hours that are kept, before they are removed; in a
    transaction.

    The language of each is not known any more: of its half hours no language stays. What was found
    in windows stands, with the counts of the whole window.
    """
    for own in records.query(HalfHours).rows:
        near = [one for one in gone if one.release == own.release and _slot(one) in own.intents]
        window = records.find(Window, _window_id(own.era, own.number)) if near else None
        if near and window is None:
            records.remove(HalfHours, own.half_hours_id)
        elif window is not None:
            era = Era(
                era_id=own.era,
                release=own.release,
                knowledge=own.knowledge,
                since=window.since,
            )
            names = {one.interaction_id for one in near}
            those = [i for i in _asked(records, era, window) if i.interaction_id in names]
            records.replace(_less(own, _by_half_hour(era, own.number, those, [""] * len(those))))


def harm(records: Records, release: Hash, since: str) -> HarmEvidence | None:
    """Return what verdicts on answers of a release since a time say; None before there are enough.

    Answers count that were drawn for review, by the first verdict on each.
    """
    this = {
        **{"release": release, "reviewed": True, "origin": Origin.CUSTOMER},
        "at": TimeSpan(since=since),
    }
    answers = {i.interaction_id: i for i in records.query(Interaction, this).rows}
    these = {"interaction_id": [*answers]}
    drawn = {item.interaction_id: item for item in records.query(ReviewItem, these).rows}
    first = counting(records.query(Verdict, these).rows)
    order = sorted((v.at, name) for name, v in first.items() if name in drawn)
    told = [answers[name] for _, name in order]
    ways = [cluster_codes(names) for names in zip(*map(clusters_of, told), strict=True)]
    if not ways:
        return None
    return drift.harm(
        Judged(
            sent=np.array([one.answers for one in told]),
            right=np.array([first[name].kind is VerdictKind.CORRECT for _, name in order]),
            probability=np.array([drawn[name].probability for _, name in order]),
            clusters=(ways[0], ways[1]),
        )
    )


# --- one window ---------------------------------------------------------------------------------


def _of(era: Era) -> Where:
    return {"release": era.release, "origin": Origin.CUSTOMER, "at": TimeSpan(since=era.since)}


def _counts(era: Era, interaction: Interaction) -> bool:
    knows = not era.knowledge or interaction.knowledge == era.knowledge
    return knows and interaction.turn <= 1 and is_counted(interaction)


def _next(records: Records, era: Era, known: Sequence[Window], looking: Looking) -> Window | None:
    """The window that follows on those that are known, its counts kept; None before it is full."""
    after = known[-1].through if known else ""
    if records.count(Interaction, _of(era), after=after) < looking.size:
        return None
    asked: list[Interaction] = []
    place, more = after, True
    while more and len(asked) < looking.size:
        # Never further than what is missing, so that a window ends where it is full.
        page = records.query(
            Interaction, _of(era), after=place, limit=min(_PORTION, looking.size - len(asked))
        )
        asked += [one for one in page.rows if _counts(era, one)]
        place, more = page.last, page.more
    if len(asked) < looking.size:
        return None
    number = len(known)
    tongues = [looking.language(one.question) for one in asked]
    window = Window(
        window_id=_window_id(era.era_id, number),
        era=era.era_id,
        number=number,
        since=min(one.at for one in asked),
        at=max(one.at for one in asked),
        after=after,
        through=place,
        questions=len(asked),
        intents=_tallied(one.intent for one in asked),
        languages=_tallied(filter(None, tongues)),
        sureness=drift.histogram([one.sure for one in asked if one.treatment]),
        retrieval=drift.histogram([one.score for one in asked if one.score]),
        evidence=known[-1].evidence if known else 1.0,
    )
    own = _by_half_hour(era, number, asked, tongues)
    before = [one for one in _half_hours(records, era) if one.number < number]
    records.add(own)
    return _compared(records, era, before, window, own, asked)


def _by_half_hour(
    era: Era, number: int, asked: Sequence[Interaction], tongues: Sequence[str]
) -> HalfHours:
    sure = [one for one in asked if one.treatment]
    fits = [one for one in asked if one.score]
    told = [(_slot(one), tongue) for one, tongue in zip(asked, tongues, strict=True) if tongue]
    return HalfHours(
        half_hours_id=derived_id("half hours", era.era_id, str(number)),
        era=era.era_id,
        number=number,
        intents=drift.counted(map(_slot, asked), (one.intent for one in asked)),
        languages=drift.counted((slot for slot, _ in told), (tongue for _, tongue in told)),
        sureness=_stretches(sure, [one.sure for one in sure]),
        retrieval=_stretches(fits, [one.score for one in fits]),
        release=era.release,
        knowledge=era.knowledge,
    )


def _less(own: HalfHours, off: HalfHours) -> HalfHours:
    """Half hours without what others have of them; languages only where these have nothing."""
    return msgspec.structs.replace(
        own,
        intents=drift.less(own.intents, off.intents),
        languages={slot: of for slot, of in own.languages.items() if slot not in off.intents},
        sureness=drift.less(own.sureness, off.sureness),
        retrieval=drift.less(own.retrieval, off.retrieval),
    )


def _window_id(era_id: str, number: int) -> str:
    return derived_id("window", era_id, str(number))


def _stretches(asked: Sequence[Interaction], values: Sequence[float]) -> dict[int, dict[int, int]]:
    return drift.counted(map(_slot, asked), drift.stretches(values).tolist())


def _slot(interaction: Interaction) -> int:
    """The half hour since 1970."""
    at = datetime.fromisoformat(interaction.at)
    return int(at.replace(tzinfo=at.tzinfo or UTC).timestamp() // _HALF_HOUR_S)


def _half_hours(records: Records, era: Era) -> list[HalfHours]:
    return records.query(HalfHours, {"era": era.era_id}).rows


def _is_compared(window: Window) -> bool:
    return bool(window.p_values)


def _silent(window: Window) -> Window:
    return msgspec.structs.replace(window, p_values={}, evidence=1.0)


def _compared(
    records: Records,
    era: Era,
    before: Sequence[HalfHours],
    window: Window,
    own: HalfHours,
    asked: Sequence[Interaction],
) -> Window:
    """The window beside those before; what is known stays where they have too little of its times
    of the week."""
    intents = _beside(before, own, lambda of: of.intents)
    compared = int(intents.now.sum())
    if compared < max(1.0, FEWEST_COMPARED * window.questions):
        return msgspec.structs.replace(window, compared=compared)
    corrected = drift.holm(
        {
            "words": _apart(records, era, before, own, asked).p,
            "intents": drift.mix_p(intents),
            "languages": drift.mix_p(_beside(before, own, lambda of: of.languages)),
            "sureness": drift.values_p(_beside(before, own, lambda of: of.sureness)),
            "retrieval": drift.values_p(_beside(before, own, lambda of: of.retrieval)),
        }
    )
    evidence = drift.gathered(window.evidence, min(corrected.values()))
    return msgspec.structs.replace(window, compared=compared, p_values=corrected, evidence=evidence)


def _beside(
    before: Sequence[HalfHours],
    own: HalfHours,
    counts: Callable[[HalfHours], ByPart[Kind]],
) -> Beside[Kind]:
    """Counts of the weeks before, beside those of a window."""
    parts = own.parts
    was = parts.weekly(map(counts, before), before=True)
    return drift.beside(was, parts.weekly([counts(own)], before=False))


def _apart(
    records: Records,
    era: Era,
    before: Sequence[HalfHours],
    own: HalfHours,
    asked: Sequence[Interaction],
) -> Apart:
    """How the words of a window differ from those of some before at its times of the week."""
    parts = own.parts
    every = {one.number: one for one in windows(records, era)}
    read = [every[number] for number in _alike(before, own) if number in every]
    asked_then = [i for one in read for i in _asked(records, era, one)]
    earlier = [i for i in asked_then if _slot(i) // parts.length not in parts.own]
    both = [*earlier, *asked]
    is_now = np.arange(len(both)) >= len(earlier)
    of_week = np.array([parts.of_week(_slot(one)) for one in both], np.intp)
    return drift.words_apart(_words([one.question for one in both]), is_now, of_week)


def _alike(before: Sequence[HalfHours], own: HalfHours) -> list[int]:
    """Numbers of some windows before, drawn by the window's id of those that have at least half as
    many questions at its times of the week as the one that has most."""
    shared = {one.number: _shared(_beside([one], own, lambda of: of.intents)) for one in before}
    bar = max(1, max(shared.values(), default=0) / 2)
    fit = [number for number, many in shared.items() if many >= bar]
    return sorted(fit, key=lambda number: uniform(own.half_hours_id, str(number)))[:_READ_BEFORE]


def _shared(of: Beside[str]) -> int:
    return int(np.minimum(of.before.sum(axis=1), of.now.sum(axis=1)).sum())


def _asked(records: Records, era: Era, window: Window) -> Iterator[Interaction]:
    """What is still kept of the first questions of a window."""
    place, more = window.after, True
    while more and (not place or int(place) < int(window.through)):
        left = int(window.through) - int(place or 0)
        page = records.query(Interaction, _of(era), after=place, limit=min(_PORTION, left))
        until = [one for one in page.rows if one.at <= window.at]
        yield from (one for one in until if _counts(era, one))
        place, more = page.last, page.more


def _words(texts: Sequence[str]) -> csr_array:
    """Which words (in scripts without spaces: pairs of letters) each text has, hashed."""
    found = [sorted({zlib.crc32(w.encode()) % _WIDTH for w in _split(text)}) for text in texts]
    ends = np.cumsum([0, *map(len, found)])
    columns = np.array([word for own in found for word in own], np.intp)
    return csr_array((np.ones(len(columns)), columns, ends), shape=(len(texts), _WIDTH))


def _split(text: str) -> list[str]:
    text = normalised(text[:_LONGEST])
    if is_unspaced(text):
        return [text[i : i + 2] for i in range(len(text) - 1)]
    return [word for word in _APART.split(text) if word]


def _tallied(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())
