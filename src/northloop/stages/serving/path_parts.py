"""What an answer path is made of: a release with its engine, and what is asked on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import inf
from typing import NamedTuple

import msgspec

from northloop.core.artefacts import Release
from northloop.core.grounds import NO_GROUNDS, Grounds, PassagesOf
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer, Asking, CachedAnswer, Interaction, Question
from northloop.core.treatment import Mode, Treatment
from northloop.ports.cache import AnswerCache
from northloop.ports.models import Engine
from northloop.ports.retrieval import Index
from northloop.ports.treatments import Treating
from northloop.stages.serving.redaction import Redact
from northloop.stages.serving.semantic import Semantic


class Holdout(NamedTuple):
    """What was drawn for who asks."""

    chance: float = 0.0
    """The probability to be held out; 0 where nothing is drawn."""
    is_held_out: bool = False


class PathParts(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer path is made of."""

    release: Release
    release_hash: Hash
    engine: Engine
    index: Index
    treatments: Callable[[str, Collection[str]], Mapping[Treatment, Treating]] = lambda *_: {}
    """Tenant → the treatments that the release asks first, by what was said there until now, but
    for verdicts of these ids."""
    mode: Callable[[], Mode] = lambda: Mode.OPEN
    """What goes out without a person now."""
    own_mode: Callable[[Question], Mode | None] = lambda _: None
    """Who asks → what a person said of the conversation, see `core.desk.OwnMode`."""
    certified: Callable[[Treatment], float] = lambda _: inf
    """Treatment → from when on people's decisions certify what it says, inf for never."""
    favoured: Callable[[Treatment], bool | None] = lambda _: None
    """Treatment → whether what it is sure of is sent in the mode "open", None as it was sealed."""
    knowledge: Hash = ""
    """Names what the index is of."""
    passages_of: PassagesOf = lambda _: None
    grounds: Callable[[ApprovedAnswer], Grounds] = lambda _: NO_GROUNDS
    """What an approved answer was vouched for with."""
    given: Callable[[Interaction], Grounds] = lambda kept: Grounds(kept.knowledge, kept.evidence)
    """What a kept answer was made with."""
    cache: AnswerCache
    approved: Callable[[Asking], ApprovedAnswer | None]
    """What was asked → approved answer, as far as the tenant may have it."""
    redact: Redact
    heard: Callable[[str], str] = str
    """What a customer says, redacted → as much of it as is looked up and put to the model; what is
    kept, and what counts as the same question, is all of it."""
    intent: Callable[[str, str], str] = lambda *_: ""
    """Tenant, redacted question → intent, "" for none; must be quick."""
    holdout: Callable[[Question], Holdout] = lambda _: Holdout()
    """Who asks → whether people alone answer them, so that the assistant's effect shows."""
    rejected: Callable[[Asking, str, str], bool] = lambda *_: False
    """What was asked, redacted answer, a time or "" → whether a reviewer has judged the answer
    wrong since then."""
    replaced: Callable[[str, str, str], bool] = lambda *_: False
    """Tenant, redacted answer, a time or "" → whether people have replaced a sentence of it since
    then."""
    ask_back: Callable[[], bool] = bool
    """Whether a customer is asked which document is meant, where that is open."""
    was_asked_back: Callable[[Question], bool] = lambda _: False
    """Whether that was done in the conversation before, for all that is kept of it."""
    language: Callable[[str], str] = lambda _: ""
    """Text → its language, as `asking_back.LANGUAGES` names it; "" if nothing shows it."""
    house: str = ""
    """The language that the house speaks, as above."""
    own_words: Callable[[], Mapping[str, str]] = dict
    """What the team tells whom a person takes over from, by language (`handed_over.told`)."""
    cache_trouble: Callable[[], str] = str
    """Why the cache cannot be asked now, "" if it can."""
    semantic: Semantic | None = None
    """None: what was said to other words is never said again."""
    forgettings: Callable[[], int] = int
    """Another number after each customer who was forgotten, in whichever process."""
    is_kept: Callable[[CachedAnswer], bool] = lambda _: True
    """Whether what an answer was first given in still is among the records."""
