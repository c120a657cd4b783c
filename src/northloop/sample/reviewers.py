"""A SIMULATION of human reviewers, for the demo and for tests. No person has seen the answers.

The simulated reviewer knows the facts of each question and checks them by pattern. It accepts
paraphrases as long as the facts stand there, in the notation of the document or a usual one.
"""

from __future__ import annotations

import re
from functools import cache

from northloop.sample.library import documents, intent_specs, section_text
from northloop.sample.records import LiveQuestion, SimulatedVerdict

_NUMBER_WORDS = (
    "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_UNITS = (
    r"working day|business day|day|hour|minute|month|week|year|point|canister|photo|wash|km|kg"
    r"|mm|cm|g|°c|%"
)
_QUANTITY = re.compile(rf"(€)?((?<![\w.])-?\d+(?:[.,:]\d+)*)\s?((?:{_UNITS})\b|%|°c)?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LEFTOVERS = re.compile(r"<\|?/?\w|\{\w+\}|&\w+;|\[[A-Z_]+\d*\]|\[/?INST|###|�")
_IDLE_WORDS = frozenset(["the", "a", "an", "of", "per", "at", "in", "on"])
_MOST_WORDS = 120


def _plain(text: str) -> str:
    """The text in one notation: €3.90, 12%, 30 °c, 45 day, digits for number words."""
    text = text.casefold().replace("\u00a0", " ").replace("−", "-")
    for number, word in enumerate(_NUMBER_WORDS, 1):
        text = re.sub(rf"\b{word}\b", str(number), text)
    text = re.sub(r"(\d),(?=\d{3}\b)", r"\1", text)
    text = re.sub(r"€\s+", "€", text)
    text = re.sub(r"(\d[\d.]*)\s?(?:€|euros?\b|eur\b)", r"€\1", text)
    text = re.sub(r"\b(?:eur|euro)\s?(?=\d)", "€", text)
    text = re.sub(r"(\d)\s?(?:percent|per cent|%)", r"\1%", text)
    text = re.sub(r"(\d)\s?(?:°\s?c|degrees celsius|degrees)\b", r"\1 °c", text)
    text = re.sub(r"(\d)-(?=[a-z])", r"\1 ", text)
    text = re.sub(r"(\d)\s?[-–]\s?(?=\d)", r"\1 to ", text)
    text = re.sub(r"\b1 ?(?:pm|p\.m\.|o'clock)(?!\w)", "13:00", text)
    text = re.sub(r"business day", "working day", text)
    text = re.sub(r"\b(washe|photo|week|day|hour|minute|month|year|point|canister|item|order)s\b",
                  lambda m: m[1].removesuffix("e") if m[1] == "washe" else m[1], text)  # fmt: skip
    return re.sub(r"\s+", " ", text)


def _states(fact: str, answer: str) -> bool:
    """Whether a plain answer holds a plain fact: numbers word for word, other words anywhere."""
    if re.search(r"\d", fact.replace("1 ", "")):
        return bool(re.search(rf"(?<![\w.€\-]){re.escape(fact)}(?![\w]|[.,:]\d)", answer))
    words = set(re.findall(r"[\w€%]+", answer))
    return set(re.findall(r"[\w€%]+", fact)) - _IDLE_WORDS <= words


def _quantities(text: str) -> set[tuple[str, str]]:
    """The numbers in a plain text with their kind: currency, unit, clock time or none."""
    found = set()
    for currency, number, unit in _QUANTITY.findall(text):
        kind = currency or unit or ("clock" if ":" in number else "")
        if kind:
            found.add((kind, number.rstrip(".,")))
    return found


@cache
def _background(intent: str) -> str:
    """What else may be said on an intent with one case: its section and its answers, plain."""
    spec = intent_specs()[intent]
    if len(spec.cases) > 1 or not spec.document:
        return ""
    return _plain(" ".join((section_text(spec.document, spec.section), *spec.answers)))


@cache
def _written() -> frozenset[str]:
    """Every sentence of the documents, plain. It names what its own values belong to."""
    lines = (line.strip("-#*| ") for document in documents() for line in document.text.split("\n"))
    return frozenset(_plain(s).strip() for line in lines for s in _SENTENCE_END.split(line) if s)


def _contradicts(question: LiveQuestion, answer: str) -> bool:
    """Whether a number of the facts' kind is another one, outside what is quoted whole."""
    sentences = (s.strip() for line in answer.split("\n") for s in _SENTENCE_END.split(line))
    answer = " ".join(s for s in sentences if s not in _written())
    right = _plain(" ".join((*question.facts, question.answer)))
    known = _quantities(f"{right} {_background(question.intent)} {_plain(question.text)}")
    kinds = {kind for kind, _ in _quantities(_plain(" ; ".join(question.facts)))}
    return any(kind in kinds and (kind, n) not in known for kind, n in _quantities(answer))


def _fault_of_form(question: LiveQuestion, answer: str) -> str | None:
    words = answer.split()
    if _LEFTOVERS.search(answer):
        return "leftovers of markup or placeholders"
    if len(words) > max(_MOST_WORDS, 2 * len(question.answer.split())):
        return "too long"
    if answer.rstrip()[-1:] not in (".", "!", "?", ")", '"'):
        return "breaks off"
    lowered = [word.casefold() for word in words]
    runs = [tuple(lowered[i : i + 6]) for i in range(len(lowered) - 5)]
    return "repeats itself" if len(set(runs)) < len(runs) else None


def review(question: LiveQuestion, answer: str, handed_off: bool) -> SimulatedVerdict:
    """The SIMULATED verdict of a reviewer on one answer; the same for the same arguments.

    Correct: all facts stand in the answer and no number of the same kind contradicts them; or
    the question was rightly handed off. Needs rephrasing: the facts are right, the form is not.
    Incorrect: everything else, also handing off what a document answers. Unless the verdict is
    correct, `correction` is the reference answer.
    """
    if not question.in_scope or handed_off:
        if handed_off != question.in_scope:
            return SimulatedVerdict("correct", None, "rightly handed off")
        reason = "handed off although a document answers it" if handed_off else "not handed off"
        return SimulatedVerdict("incorrect", question.answer, reason)
    plain = "\n".join(_plain(line) for line in answer.split("\n"))
    lacking = [fact for fact in question.facts if not _states(_plain(fact), plain)]
    if lacking:
        return SimulatedVerdict("incorrect", question.answer, f"lacks: {', '.join(lacking)}")
    if _contradicts(question, plain):
        return SimulatedVerdict("incorrect", question.answer, "contradicts the document")
    fault = _fault_of_form(question, answer)
    if fault:
        return SimulatedVerdict("needs_rephrasing", question.answer, fault)
    return SimulatedVerdict("correct", None, "facts are right")
