"""Checks the exercises of the lessons on what the running release really did.

Each check is a pure function of what the learner handed in and of the interaction that came of
it. A check looks for what the lesson teaches and says what is missing; it does not judge style,
and where the release rather than the learner falls short, it says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from northloop.core.interaction import HandoffReason, Interaction, Source, VerdictKind
from northloop.stages.people.lessons import Exercise

_FEWEST_WORDS = 4
_QUESTION_WORDS = (10, 70)
_CORRECTION_WORDS = (8, 120)
_REASON_WORDS = 3


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What a learner handed in."""

    text: str
    """The question that was put to the release, or the correction of its answer."""
    verdict: VerdictKind | None = None
    reason: str = ""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the exercise is passed, and what to do next."""

    passed: bool
    feedback: str


def check(exercise: Exercise, submission: Submission, interaction: Interaction) -> Result:
    """Check a submission; `interaction` is the release's answer to what was asked."""
    return _CHECKS[exercise.check](exercise, submission, interaction)


# --- lesson 1: an answer with a source -----------------------------------------------------------


def _cited_answer(_exercise: Exercise, submission: Submission, interaction: Interaction) -> Result:
    if len(_words(submission.text)) < _FEWEST_WORDS:
        return _not_yet("Ask a whole sentence, as you would ask a colleague.")
    if interaction.source is Source.HANDOFF:
        return _not_yet(_about_handoff(interaction.handoff))
    if interaction.source is Source.APPROVED:
        return _not_yet(
            "That is an answer a colleague approved word for word, so there is no source to "
            "follow. Well found; now ask something nobody has approved yet."
        )
    if not interaction.citations:
        return _not_yet(
            "The assistant answered without naming a source. Do not rely on such an answer; ask "
            "about something that your documents describe."
        )
    sources = len(interaction.citations)
    found = "one source" if sources == 1 else f"{sources} sources"
    return _passed(f"It answered from {found}. Now open it and check every number against it.")


def _about_handoff(reason: HandoffReason | None) -> str:
    told = {
        HandoffReason.ASKED_FOR_HUMAN: "You asked for a person, and got one.",
        HandoffReason.NOTHING_RETRIEVED: "No document answers this question.",
        HandoffReason.NOT_CONFIDENT: "The assistant found something but was not sure enough.",
        HandoffReason.TOO_LONG: "It was more than the assistant can read at once.",
        HandoffReason.NOT_GROUNDED: "What it would have said did not stand in the documents.",
    }
    opening = told[reason] if reason else "The assistant handed over to a person."
    return f"{opening} That is a hand-off, not an answer: ask something your documents describe."


# --- lesson 2: a question that can be answered ---------------------------------------------------


def _specific_question(
    exercise: Exercise, submission: Submission, interaction: Interaction
) -> Result:
    missing = list(_question_faults(exercise, submission.text))
    if missing:
        return _not_yet(_listed(missing))
    if interaction.source is Source.HANDOFF:
        return _passed(
            "Well asked: whole, specific and without a name. Your assistant handed it over, so "
            "either no document answers it or it was not sure; that is worth telling whoever "
            "looks after the documents."
        )
    return _passed("Well asked: whole, specific and without a name. Compare the answer with yours.")


def _question_faults(exercise: Exercise, text: str) -> Iterator[str]:
    questions, words = text.count("?"), len(_words(text))
    if questions != 1:
        yield f"Ask exactly one question: there are {questions} question marks."
    fewest, most = _QUESTION_WORDS
    if not fewest <= words <= most:
        yield f"Use {fewest} to {most} words: there are {words}."
    for group in exercise.mentions:
        if not any(_says(text, word) for word in group):
            yield f"A fact that decides the case is missing: something like “{group[0]}”."
    if any(_says(text, word) for word in exercise.avoids):
        yield "The customer's name does not help to find the answer: leave it out."


# --- lesson 3: what is kept -----------------------------------------------------------------------

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d[\d\s()/.-]{6,}\d")
_PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*(?::[0-9A-Za-z]+)?\]")


def _placeholders_only(
    exercise: Exercise, submission: Submission, interaction: Interaction
) -> Result:
    absent = [group[0] for group in exercise.mentions if not _mentioned(submission.text, group)]
    if absent:
        return _not_yet(f"Put the invented data into your question: {' and '.join(absent)}.")
    leaked = [value for value in _personal(submission.text) if _kept(value, interaction)]
    if leaked:
        return _not_yet(
            f"The store still holds {' and '.join(leaked)}. That is not your mistake: tell your "
            f"administrator, with the id {interaction.interaction_id}."
        )
    placeholders = sorted(set(_PLACEHOLDER.findall(interaction.question)))
    if not placeholders:
        return _not_yet(
            "The stored question has no placeholder: it is not the one you wrote. Ask it again."
        )
    return _passed(
        f"Kept is: “{interaction.question}” What identified her has become "
        f"{' and '.join(placeholders)}."
    )


def _personal(text: str) -> list[str]:
    return [*_EMAIL.findall(text), *(match.strip() for match in _PHONE.findall(text))]


def _kept(value: str, interaction: Interaction) -> bool:
    """Tell whether a value is in anything that was kept, however it is spaced."""
    wanted = _bare(value)
    return any(wanted in _bare(text) for text in _kept_texts(interaction))


def _kept_texts(interaction: Interaction) -> Iterator[str]:
    yield interaction.question
    yield interaction.answer
    for step in interaction.trace:
        yield step.decision
        for evidence in step.evidence.values():
            if isinstance(evidence, str):
                yield evidence
            elif isinstance(evidence, tuple):
                yield from evidence


def _mentioned(text: str, group: tuple[str, ...]) -> bool:
    return any(_bare(value) in _bare(text) for value in group)


def _bare(text: str) -> str:
    return re.sub(r"[\s()/.+-]", "", text).casefold()


# --- lesson 4: a verdict that teaches -------------------------------------------------------------

_REMARK = re.compile(
    r"\b(?:the (?:answer|reply|assistant|bot|model) (?:should|must|is|was|says?)|"
    r"should (?:say|have said|mention|have mentioned)|(?:this|that|it) is (?:wrong|incorrect)|"
    r"tell (?:the customer|them|her|him)\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def _usable_correction(
    _exercise: Exercise, submission: Submission, interaction: Interaction
) -> Result:
    missing = list(_verdict_faults(submission, interaction.answer))
    if missing:
        return _not_yet(_listed(missing))
    return _passed("A customer could be sent this, and the next release can learn from it.")


def _verdict_faults(submission: Submission, answer: str) -> Iterator[str]:
    if submission.verdict is None:
        yield "Choose a verdict: incorrect or needs rephrasing."
    elif submission.verdict is VerdictKind.CORRECT:
        yield (
            "You found it correct. Leave it so, if it is; for this exercise ask something harder, "
            "until there is something to mend."
        )
        return
    if len(_words(submission.reason)) < _REASON_WORDS:
        yield f"Say in at least {_REASON_WORDS} words what is wrong with the answer."
    yield from _correction_faults(submission.text, answer)
    new = set(_NUMBER.findall(submission.text)) - set(_NUMBER.findall(answer))
    if submission.verdict is VerdictKind.NEEDS_REPHRASING and new:
        numbers = ", ".join(sorted(new))
        yield (
            f"Your correction brings a number that the answer does not have ({numbers}): "
            f"if the facts change, the verdict is “incorrect”."
        )


def _correction_faults(text: str, answer: str) -> Iterator[str]:
    words = len(_words(text))
    fewest, most = _CORRECTION_WORDS
    if not fewest <= words <= most:
        yield f"Write the whole answer, in {fewest} to {most} words: there are {words}."
    if _words(text) == _words(answer):
        yield "Your correction says the same as the answer, word for word."
    if _REMARK.search(text):
        yield "Write to the customer, not about the answer: what should they have read?"
    if _personal(text):
        yield "Leave out e-mail addresses and phone numbers: the correction is said to strangers."


# --- what the checks share ------------------------------------------------------------------------

_Check = Callable[[Exercise, Submission, Interaction], Result]

_CHECKS: Mapping[str, _Check] = MappingProxyType(
    {
        "cited_answer": _cited_answer,
        "specific_question": _specific_question,
        "placeholders_only": _placeholders_only,
        "usable_correction": _usable_correction,
    }
)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’-]\w+)*", text.casefold())


def _says(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def _listed(missing: list[str]) -> str:
    return " ".join(missing)


def _passed(feedback: str) -> Result:
    return Result(passed=True, feedback=feedback)


def _not_yet(feedback: str) -> Result:
    return Result(passed=False, feedback=feedback)
