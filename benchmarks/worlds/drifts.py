"""Worlds of customers whose questions change, or whose answers get worse, and what is noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from northloop.statistics import drift
from northloop.statistics.bootstrap import Floats
from northloop.statistics.drift import Kind

_INTENTS, _OF_INTENT, _COMMON, _LONG = 20, 30, 200, 10
_WORDS = _INTENTS * _OF_INTENT + 2 * _COMMON + _OF_INTENT
"""Each intent's own, common ones, the same in another style, and those of a new intent."""
_RARE, _FOREIGN = 0.4, 0.05
_BY_HOUR = np.array([1] * 7 + [3, 8] + [12] * 8 + [10, 8, 6, 5, 4, 3, 2], float)
"""Of what is asked in a day, how much at each hour."""
_OPENS, _CLOSES = 8.5, 19.5


class Shift(StrEnum):
    """What becomes of what customers ask."""

    NONE = "none"
    MIX = "mix"
    """Three intents are asked twice as often."""
    NEW = "new"
    """7 % ask something new, which is taken for what is known, less surely."""
    STYLE = "style"
    """A third of the common words are written otherwise."""


class Calendar(StrEnum):
    """What comes again with the calendar."""

    NONE = "none"
    WEEKEND = "weekend"
    """At weekends less than a third is asked, of other things, in a shorter style."""
    NIGHT = "night"
    """Outside of opening hours, which begin and end at half an hour, other things are asked."""
    MONTH = "month"
    """On the first three days of a month one thing is asked four times as often."""


class Questions(msgspec.Struct, frozen=True):
    """N questions."""

    day: NDArray[np.intp]
    """From 0 on, a Monday and the first of a month of 30 days."""
    hour: Floats
    """Of the day, 0 to 24."""
    intent: NDArray[np.intp]
    sure: Floats
    score: Floats
    foreign: NDArray[np.bool_]
    words: NDArray[np.intp]
    """Shape (N, words of a question)."""

    def part(self, which: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Questions:
        """Return some of them."""
        return Questions(*(getattr(self, name)[which] for name in self.__struct_fields__))

    @property
    def slots(self) -> NDArray[np.intp]:
        """The half hour of each, from the first Monday on."""
        found: NDArray[np.intp] = self.day * 48 + (self.hour * 2).astype(np.intp)
        return found


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A line of windows: after how many the questions shift, and how."""

    windows: int = 60
    window: int = 500
    shift: Shift = Shift.NONE
    at: int = 10
    """So many windows after the first are as before."""
    calendar: Calendar = Calendar.NONE
    a_day: int = 100
    """Conversations of a working day."""
    fixed: bool = False
    """Compare with the first window alone, as one would."""
    weekly: bool = True
    """Compare each question with those of the same part of the week; else with all."""


def questions(rng: np.random.Generator, stream: Stream) -> Questions:
    """Return what customers ask in all of the windows."""
    count = (stream.windows + 1) * stream.window
    day, hour = _times(rng, stream, count)
    odd = _is_odd(stream.calendar, day, hour)
    later = np.arange(count) >= (stream.at + 1) * stream.window
    intent = np.zeros(count, np.intp)
    for is_odd in (False, True):
        for is_later in (False, True):
            here = (odd == is_odd) & (later == is_later)
            share = _shares(stream.calendar if is_odd else Calendar.NONE)
            if is_later and stream.shift is Shift.MIX:
                share[[3, 7, 12]] *= 2
            intent[here] = rng.choice(_INTENTS, int(here.sum()), p=share / share.sum())
    is_new = (rng.random(count) < 0.07) & later & (stream.shift is Shift.NEW)
    easy = 2 + 6 * np.linspace(1, 0, _INTENTS)[intent] - 1.0 * is_new
    common = rng.random((count, _LONG)) < 0.6
    own = (np.where(is_new, _INTENTS, intent) * _OF_INTENT)[:, None] + rng.integers(
        0, _OF_INTENT, (count, _LONG)
    )
    usual = (_INTENTS + 1) * _OF_INTENT + (rng.power(2, (count, _LONG)) * _COMMON).astype(int)
    other = (rng.random((count, _LONG)) < 1 / 3) & (later & (stream.shift is Shift.STYLE))[:, None]
    words = np.where(common, usual + _COMMON * other, own)
    if stream.calendar is Calendar.WEEKEND:  # shorter: the last words are the first ones again
        words[odd, _LONG // 2 :] = words[odd, : _LONG - _LONG // 2]
    return Questions(
        day=day,
        hour=hour,
        intent=intent,
        sure=rng.beta(easy, 2),
        score=rng.beta(easy, 3),
        foreign=rng.random(count) < _FOREIGN,
        words=words,
    )


def _times(rng: np.random.Generator, stream: Stream, count: int) -> tuple[NDArray[np.intp], Floats]:
    """Days, from a day of the week and month drawn by chance on, and hours, in order."""
    first = int(rng.integers(7 * 30))
    days = np.arange(first, first + 4 * count // stream.a_day + 14)
    weekend = (stream.calendar is Calendar.WEEKEND) & (days % 7 >= 5)
    asked = rng.poisson(np.where(weekend, 0.3, 1.0) * stream.a_day)
    day = np.repeat(days, asked)[:count]
    hour = rng.choice(24, count, p=_BY_HOUR / _BY_HOUR.sum()) + rng.random(count)
    order = np.lexsort((hour, day))
    return day[order], hour[order]


def _is_odd(calendar: Calendar, day: NDArray[np.intp], hour: Floats) -> NDArray[np.bool_]:
    odd = {
        Calendar.NONE: day < 0,
        Calendar.WEEKEND: day % 7 >= 5,
        Calendar.NIGHT: (hour < _OPENS) | (hour >= _CLOSES),
        Calendar.MONTH: day % 30 < 3,
    }
    return odd[calendar]


def _shares(calendar: Calendar) -> Floats:
    share: Floats = 1 / np.arange(1, _INTENTS + 1)
    if calendar in (Calendar.WEEKEND, Calendar.NIGHT):
        share[:10] = share[9::-1]
    elif calendar is Calendar.MONTH:
        share[4] *= 4
    return share


def window_p(before: Questions, now: Questions, read: Questions) -> dict[str, float]:
    """Return the p-values of a window; of what was before, the words of `read` are looked at."""
    parts = drift.Parts.of(np.unique(now.slots).tolist())
    before, read = (q.part(_earlier(q, parts)) for q in (before, read))
    words = np.vstack([read.words, now.words])
    is_now = np.arange(len(words)) >= len(read.words)
    of_week = np.concatenate([parts.of_week(q.slots) for q in (read, now)])
    every = drift.HALF_HOURS // parts.length

    def counted(
        values: Callable[[Questions], NDArray[np.intp]], kinds: Sequence[Kind]
    ) -> drift.Beside[Kind]:
        was, new = (
            np.bincount(
                parts.of_week(q.slots) * len(kinds) + values(q), minlength=every * len(kinds)
            ).reshape(every, len(kinds))
            for q in (before, now)
        )
        both = was.any(axis=1) & new.any(axis=1)
        return drift.Beside(kinds, was[both].astype(float), new[both].astype(float))

    stretches = range(drift.BINS)
    return {
        "intents": drift.mix_p(counted(lambda q: q.intent, [*map(str, range(_INTENTS))])),
        "languages": drift.mix_p(counted(lambda q: q.foreign.astype(np.intp), ["no", "yes"])),
        "sureness": drift.values_p(counted(lambda q: drift.stretches(q.sure), stretches)),
        "retrieval": drift.values_p(counted(lambda q: drift.stretches(q.score), stretches)),
        "words": drift.words_apart(_rows(words), is_now, of_week).p,
    }


def _rows(words: NDArray[np.intp]) -> csr_array:
    rows = np.repeat(np.arange(len(words)), words.shape[1])
    made = csr_array((np.ones(words.size), (rows, words.ravel())), shape=(len(words), _WORDS))
    made.data[:] = 1.0
    return made


def alarm(stream: Stream, seed: int, bar: float) -> int | None:
    """Return the place of the first window with an alarm, None for none.

    The words of four windows before are read, drawn by chance of those that have most at its
    times of the week.
    """
    rng = np.random.default_rng(seed)
    every, evidence, size = questions(rng, stream), 1.0, stream.window
    if not stream.weekly:  # each window in a week of its own, all at one time of it
        every = msgspec.structs.replace(
            every, day=np.arange(len(every.day)) // size * 7, hour=np.zeros(len(every.day))
        )
    for place in range(stream.windows):
        start = (place + 1) * size
        past = every.part(slice(0, size if stream.fixed else start))
        now = every.part(slice(start, start + size))
        shared = _shared(past, now, size)
        if not shared.any():
            continue
        fit = rng.permutation(np.flatnonzero(shared >= max(1.0, shared.max() / 2)))[:4]
        read = past.part(np.concatenate([np.arange(size) + k * size for k in fit]))
        evidence = drift.gathered(evidence, min(drift.holm(window_p(past, now, read)).values()))
        if evidence >= bar:
            return place
    return None


def _earlier(asked: Questions, parts: drift.Parts) -> NDArray[np.bool_]:
    """Which questions are not of a part of the week that goes on."""
    found: NDArray[np.bool_] = ~np.isin(asked.slots // parts.length, [*parts.own])
    return found


def _shared(past: Questions, now: Questions, size: int) -> NDArray[np.intp]:
    """How many questions of each window of the past are at the times of the week of now."""
    parts = drift.Parts.of(np.unique(now.slots).tolist())
    number, counts = np.arange(len(past.day)) // size, _earlier(past, parts)
    each = np.zeros((len(past.day) // size, drift.HALF_HOURS), np.intp)
    np.add.at(each, (number[counts], parts.of_week(past.slots[counts])), 1)
    wanted = np.bincount(parts.of_week(now.slots), minlength=drift.HALF_HOURS)
    found: NDArray[np.intp] = np.minimum(each, wanted).sum(axis=1)
    return found


LOOKED_EVERY = 20
"""Verdicts from one look for harm to the next."""


class Verdicts(msgspec.Struct, frozen=True, kw_only=True):
    """A line of verdicts: how many, from which place on more is wrong, and how much."""

    count: int = 1_000
    wrong: float = 0.06
    """Of what is sent; a seventh of all is held back."""
    at: int = 300
    later: float = 0.06
    budget: float = 0.08


def judged(world: Verdicts, seed: int) -> drift.Judged:
    """Return the verdicts on what was drawn, more often where the assistant is unsure."""
    rng = np.random.default_rng(seed)
    total = int(world.count / world.budget * 1.3)
    unsure = rng.random(total)
    probability = world.budget * (0.5 + 0.5 * unsure / 0.5)
    drawn = np.flatnonzero(rng.random(total) < probability)[: world.count]
    wrong = np.where(np.arange(len(drawn)) < world.at, world.wrong, world.later)
    right = rng.random(len(drawn)) >= wrong * 2 * unsure[drawn]
    alone = np.arange(len(drawn))
    return drift.Judged(
        sent=rng.random(len(drawn)) >= 1 / 7,
        right=right,
        probability=probability[drawn],
        clusters=(alone, alone),
    )


def harm_noticed(world: Verdicts, seed: int, spec: drift.HarmSpec | None = None) -> int | None:
    """Return after how many verdicts there is an alarm, None for none."""
    spec = spec or drift.HarmSpec()
    looks = range(spec.fewest + 1, world.count + 1, LOOKED_EVERY)
    standing = drift.harm(judged(world, seed), spec, looks)
    assert standing is not None
    above = np.flatnonzero(standing.log_evidence >= standing.bar)
    return looks[int(above[0])] if len(above) else None
