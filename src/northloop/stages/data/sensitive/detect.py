"""All detectors over one text, behind cheap gates: text with nothing in it costs little."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from northloop.core.patterns import lazy
from northloop.stages.data.languages import UNDERSTOOD, language_of
from northloop.stages.data.sensitive import (
    addresses,
    answers,
    bare,
    births,
    credentials,
    eastern,
    fields,
    identifiers,
    internet,
    mailboxes,
    names,
    numbers,
    spoken,
    tagger,
    things,
    unspaced,
)
from northloop.stages.data.sensitive.folding import folded
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS, FOREIGN_WORDS
from northloop.stages.data.sensitive.numbers import DATE
from northloop.stages.data.sensitive.spans import (
    PART,
    PLACEHOLDER,
    Sensitive,
    Span,
    resolved,
    united,
)
from northloop.stages.data.sensitive.technical import in_identifier, is_technical
from northloop.stages.data.wording import words

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "AU", "IN")
"""Countries whose national phone formats are read when a number has no country code."""


class Context(msgspec.Struct, frozen=True):
    """What is known besides the text; `detect` says what it is for."""

    known_names: Sequence[str]
    regions: Sequence[str]
    asked: str


_NOT_IN_PROSE = lazy(
    rf"[_=<>{{}}\[\]|@\\*↑]| - |//|,\w[^,]{{0,40}},\w|{DATE.pattern}|\d:\d|\d/(?:19|20)\d\d"
)
_OF_A_CODE = lazy(r"[A-Z]{2}-$")
"""Before it: the letters of a code, `CVE-2022-40149`."""
_DIGIT = lazy(r"\d")


def detect(text: str, known_names: Sequence[str] = (), *, asked: str = "") -> list[Span]:
    """Return the sensitive stretches of a text, in order, none overlapping another.

    `known_names` are people the row itself names (its customer, its agent): they are found in any
    case, whole or in part. `asked` is what the other side said just before: it tells that a bare
    answer is a name, an address, a number. Placeholders that stand in the text already are left
    alone.
    """
    plain, places = folded(text)
    context = Context(known_names, REGIONS, folded(asked)[0])
    read = _unspaced if unspaced.has_letters(plain) else _spaced
    found = read(plain, context)
    return found if plain is text else [_unfolded(span, text, places) for span in found]


def _unspaced(text: str, context: Context) -> list[Span]:
    """Return the sensitive stretches of a text with letters of scripts without spaces."""
    read, places = unspaced.parted(text)
    own = [*eastern.births(text), *eastern.names(text, context.known_names)]
    own += [*eastern.addresses(text), *eastern.answers(text, context.asked)]
    own += [*eastern.plates(text), *eastern.within(text)]
    local = unspaced.regions(text)
    more = [*(_refolded(span, read, places) for span in own), *eastern.national_ids(read, local)]
    here = msgspec.structs.replace(context, regions=(*context.regions, *local))
    spans = _spaced(read, here, more)
    # What lies within an English cue stands for nothing in the text.
    return [s for s in (_unfolded(span, text, places) for span in spans) if s.text]


def _spaced(text: str, context: Context, more: Sequence[Span] = ()) -> list[Span]:
    """Return the sensitive stretches of a folded text; `more` are stretches found before."""
    digits, places, said = spoken.in_digits(text)
    more = [_refolded(span, digits, places) for span in more]
    blocked = [m.span() for m in PLACEHOLDER.finditer(digits)] if "[" in digits else []
    has_digit = _DIGIT.search(digits) is not None
    found = list(_candidates(digits, digits.lower(), context, has_digit))
    found += list(names.companions(digits, found))
    found += _bare(digits, found) if has_digit else ()
    spans = resolved([*more, *united(found, digits)], blocked)
    if said:
        taken = [*blocked, *((span.start, span.end) for span in spans)]
        spans = sorted([*spans, *resolved(spoken.unknown(digits, said), taken)], key=_start)
        spans = [_unfolded(span, text, places) for span in spans]
    return spans


def _start(span: Span) -> int:
    return span.start


def _unfolded(span: Span, text: str, places: Sequence[int]) -> Span:
    start, end = places[span.start], places[span.end]
    value = text[start:end].rstrip()
    return Span(start, start + len(value), span.type, value)


def _refolded(span: Span, text: str, places: Sequence[int]) -> Span:
    """Return where a stretch of the text that `places` lead to stands in the text read for it."""
    start, end = bisect_left(places, span.start), bisect_left(places, span.end)
    return Span(start, end, span.type, text[start:end])


def _stands_alone(text: str, span: Span) -> bool:
    """Whether a stretch is made of whole words that no machine wrote."""
    start, end = span.start, span.end
    if start == end:
        return False
    cut = text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
    odd = _NOT_IN_PROSE.search(text, start, end) is not None
    number = span.type is Sensitive.ADDRESS and _OF_A_CODE.search(text, max(0, start - 4), start)
    return not cut and not odd and not number and not in_identifier(text, start, end)


def _bare(text: str, found: Sequence[Span]) -> list[Span]:
    """Return the bare numbers and codes of a text that nothing else but a name is known for."""
    told = [span for span in found if span.type is not Sensitive.NAME]
    return [
        span
        for span in bare.bare(text)
        if all(_goes_before(span, other) for other in told)
        and not identifiers.is_nobodys(text, span)
    ]


def _goes_before(span: Span, other: Span) -> bool:
    """Whether a bare code may stand beside another stretch: apart from it or all around it."""
    apart = span.end <= other.start or other.end <= span.start
    around = (
        span.start <= other.start and other.end <= span.end and len(span.text) > len(other.text)
    )
    return apart or (around and other.type is not Sensitive.ADDRESS)


SURE_NATS = (6.0, 9.0)
"""So much likelier a name of several words, or of one, is in other languages than English."""
_FOREIGN = frozenset(UNDERSTOOD) - {"English"}
_SMALL = lazy(r"(?!(?:de|del|la|las|los|le|les|di|da|do|dos|van|von|den|der|el|al) [A-Z])[^\W\d_]+")
_SMALL_WORDS = FOREIGN_WORDS - COMMON_WORDS
_TELLING_WORDS = frozenset(w for w in _SMALL_WORDS if len(w) > 2) - addresses.PARTICLES | {"bis"}
_LETTERS = lazy(r"[^\W\d_]+")
_ENGLISH = COMMON_WORDS - FOREIGN_WORDS
_SAID_BESIDE = words(
    """
    ja oui sí si sì sim tak nee nein non nie nej hola hallo bonjour bonsoir ciao olá hej cześć merci
    gracias grazie danke bedankt tack obrigado obrigada y e et und en och i el señor señora
    monsieur madame
    """
)
"""What stands beside a name in whatever language: `oui, dupont`."""


def _is_foreign(text: str, spans: Sequence[Span]) -> bool:
    """Whether a text is written in a language of its own, and does not only name foreign people.

    What is left of it without names and addresses tells; if that is a word or two, a small word.
    """
    told = language_of(text)
    if told and told not in _FOREIGN:
        return False
    pieces, at = [], 0
    for span in spans:
        pieces.append(text[at : span.start])
        at = span.end
    rest = " ".join([*pieces, text[at:]])
    small = {word.lower() for word in _SMALL.findall(rest)}
    if not told:
        return not _SMALL_WORDS.isdisjoint(small - _SAID_BESIDE) and _ENGLISH.isdisjoint(small)
    told = language_of(rest)
    return told in _FOREIGN or (not told and not _SMALL_WORDS.isdisjoint(small))


def _is_elsewhere(text: str, spans: Sequence[Span]) -> bool:
    """Whether a text is in another language, be it that a stretch covers nearly all it says.

    An address alone may look like any language: then a small word of one has to stand there, or
    words with capitals beside others, and hardly an English word.
    """
    if _is_foreign(text, spans):
        return True
    told = language_of(text)
    said = {word.lower() for word in _LETTERS.findall(text)}
    english, small = len(said & _ENGLISH), len(said & _SMALL_WORDS)
    if (told and told not in _FOREIGN) or (english and (text.islower() or small < 2 * english)):
        return False
    return (bool(told) and not text.islower()) or not _TELLING_WORDS.isdisjoint(said)


def _trimmed(text: str, span: Span) -> Span:
    """Return what is left of a tagged stretch, which is nothing if it is nobody's."""
    if span.type is Sensitive.NAME:
        start, end = names.without_everyday_words(text, span.start, span.end)
    else:
        start, end = addresses.without_marks(text, span.start, span.end)
        end = end if addresses.is_place(text, start, end) else start
    return Span(start, end, span.type, text[start:end])


def _is_sure(text: str, span: Span) -> bool:
    """Whether a stretch of a text with code in it is no code: a name of a list, a postcode."""
    if span.type is Sensitive.NAME:
        return names.has_listed(span.text)
    return not is_technical(f"{text[: span.start]} {text[span.end :]}")


def _is_sure_of(text: str, span: Span, odds: float) -> bool:
    """Whether a stretch of a text in another language is a name: introduced, or far likelier."""
    if not span.text[0].isupper():
        return False
    needed = SURE_NATS[0] if " " in span.text or "-" in span.text else SURE_NATS[1]
    return odds >= needed or names.is_introduced(text, span.start)


def _tagged(text: str) -> Iterator[Span]:
    """Yield what the tagger finds that is no part of an identifier.

    Names it knows in English: German nouns, for one, begin with capitals as names do, so that in
    other languages a name has to be far likelier. Of addresses those count that have the form of
    one.
    """
    runs = (
        [(_trimmed(text, s), odds) for s, odds in tagger.tagged(text)] if PART not in text else []
    )
    runs = [(s, odds) for s, odds in runs if s.text and not _is_doubtful(text, s, odds)]
    spans = [s for s, _ in runs]
    if any(s.type is Sensitive.NAME for s in spans) and _is_foreign(text, spans):
        spans = [
            s for s, odds in runs if s.type is not Sensitive.NAME or _is_sure_of(text, s, odds)
        ]
    if any(s.type is Sensitive.ADDRESS for s in spans) and _is_elsewhere(text, spans):
        spans = [s for s in spans if s.type is Sensitive.NAME or addresses.has_form(text, s)]
    technical = bool(spans) and is_technical(text)
    for span in spans:
        unsure = technical and not _is_sure(text, span)
        if not (unsure or names.is_a_thing(text, span)) and _stands_alone(text, span):
            yield span


def _is_doubtful(text: str, span: Span, odds: float) -> bool:
    """Whether a stretch is not likely enough to be a name, for all that is said around it."""
    return span.type is Sensitive.NAME and odds < things.odds_needed(text, span)


def _candidates(text: str, lowered: str, context: Context, has_digit: bool) -> Iterator[Span]:
    yield from mailboxes.mailboxes(text, lowered)
    yield from credentials.secrets(text, lowered)
    for span in (*names.names(text, lowered, context.known_names), *_tagged(text)):
        if not (span.type is Sensitive.NAME and fields.is_a_things(text, span.start)):
            yield span
    yield from fields.fields(text)
    yield from answers.answers(text, context.asked)
    yield from answers.within(text)
    yield from births.births(text, lowered)
    yield from internet.internet_addresses(text)
    yield from identifiers.locators(text, lowered)
    if has_digit:
        yield from numbers.cards(text)
        yield from numbers.ibans(text)
        yield from numbers.national_ids(text)
        yield from identifiers.identifiers(text, lowered)
        yield from numbers.phones(text, context.regions)
        yield from addresses.addresses(text)
