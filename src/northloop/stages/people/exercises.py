"""Checks the exercises of the lessons on what the running release really did.

Each check is a pure function of what the learner handed in and of the interaction that came of
it. A check looks for what the lesson teaches and says what is missing; it does not judge style,
and where the release rather than the learner falls short, it says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from northloop.core.facts import content_stems, facts
from northloop.core.interaction import HandoffReason, Interaction, Source, VerdictKind
from northloop.core.statements import is_english, measures
from northloop.stages.people.lessons import Exercise

_FEWEST_WORDS = 4
_QUESTION_WORDS = (10, 70)
_CORRECTION_WORDS = (8, 120)
_REASON_WORDS = 3
_TOPIC_WORDS = 2
"""A correction shares so many telling words with the question or the source."""
_NEW_WORDS = 2
"""So many telling words it has that the question, or the answer it mends, has not."""
_REPHRASED_WORDS = 3
"""In so many words a rephrasing differs from the answer."""


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


def check(
    exercise: Exercise,
    submission: Submission,
    interaction: Interaction,
    evidence: Sequence[str] = (),
) -> Result:
    """Return what is right of a submission; `interaction` is the release's answer to what was
    asked.

    `evidence` are the titles and texts of the passages that the answer was made from.
    """
    if exercise.check == "usable_correction":
        return _usable_correction(submission, interaction, evidence)
    return _CHECKS[exercise.check](exercise, submission, interaction)


# --- lesson 1: an answer with a source, or an honest hand-off -------------------------------------


def _cited_answer(_exercise: Exercise, submission: Submission, interaction: Interaction) -> Result:
    if len(_words(submission.text)) < _FEWEST_WORDS:
        return _not_yet("Ask a whole sentence, as you would ask a colleague.")
    if interaction.source is Source.HANDOFF and not interaction.is_decided_on:
        return _about_handoff(submission.text, interaction)
    if interaction.source is Source.APPROVED:
        return _not_yet(
            "That is an answer a colleague approved word for word, so there is no source to "
            "follow. Well found; now ask something nobody has approved yet."
        )
    if not interaction.citations and _searched(interaction).get("passages") == ():
        return _passed(
            "It answered, but this release looks into no document, so none of its answers has a "
            "source. That is what to remember: check every word elsewhere before you send it."
        )
    if not interaction.citations:
        return _not_yet(
            "The assistant answered without naming a source. Do not rely on such an answer; ask "
            "about something that your documents describe."
        )
    sources = len(interaction.citations)
    found, them = ("one source", "it") if sources == 1 else (f"{sources} sources", "them")
    opening = f"It answered from {found}."
    if interaction.is_decided_on:
        opening = f"It drafted an answer from {found}, which waits for a person."
    return _passed(
        f"{opening} It may still be wrong: open {them} and check every number and every yes or no "
        f"against {them}."
    )


def _about_handoff(asked: str, interaction: Interaction) -> Result:
    told = {
        HandoffReason.ASKED_FOR_HUMAN: "You asked for a person, and got one.",
        HandoffReason.NOTHING_RETRIEVED: "No document answers this question.",
        HandoffReason.NOT_CONFIDENT: "The assistant found something but was not sure enough.",
        HandoffReason.UNAVAILABLE: "The model that the assistant asks does not answer just now.",
        HandoffReason.TOO_LONG: "It was more than the assistant can read at once.",
        HandoffReason.TAKEN_OVER: "A person answers this conversation.",
        HandoffReason.NOT_GROUNDED: "What it would have said did not stand in the documents.",
    }
    reason = interaction.handoff
    opening = told.get(reason) if reason else None
    opening = opening or "The assistant handed over to a person."
    if reason in (HandoffReason.NOT_CONFIDENT, HandoffReason.NOT_GROUNDED):
        return _passed(
            f"{opening} So it handed over instead of guessing, which is what it should do. Now do "
            "your part: read the passages it found and answer from them, or find that they do not "
            "say it."
        )
    if reason is HandoffReason.NOTHING_RETRIEVED and _is_near_the_documents(asked, interaction):
        return _passed(
            f"{opening} At least, none was near enough for the assistant to rely on, so it handed "
            "over, which is what it should do. If you know a document that has the answer, tell "
            "whoever looks after the documents; if there is none, one may be missing."
        )
    return _not_yet(
        f"{opening} That is a hand-off, not an answer: ask something your documents describe, in "
        "their own words."
    )


def _is_near_the_documents(asked: str, interaction: Interaction) -> bool:
    """Tell whether a question has a word of the documents, or there were none to search."""
    found = _searched(interaction)
    if len(content_stems(asked)) < _TOPIC_WORDS:
        return False
    if found.get("passages") == ():
        return True
    scores = found.get("bm25", ())
    return isinstance(scores, tuple) and any(float(score) > 0 for score in scores)


def _searched(interaction: Interaction) -> Mapping[str, str | float | tuple[str, ...]]:
    """Return what the trace says of the search, nothing if there was none."""
    return next((s.evidence for s in interaction.trace if s.name == "retrieve"), {})


# --- lesson 2: a question that can be answered ---------------------------------------------------


def _specific_question(
    exercise: Exercise, submission: Submission, interaction: Interaction
) -> Result:
    missing = list(_question_faults(exercise, submission.text))
    if missing:
        return _not_yet(_listed(missing))
    if interaction.source is Source.HANDOFF and not interaction.is_decided_on:
        return _passed(
            "Well asked: whole, specific and without a name. Your assistant handed it over, so "
            "either no document answers it or it was not sure; that is worth telling whoever "
            "looks after the documents."
        )
    what = "draft" if interaction.is_decided_on else "answer"
    return _passed(
        f"Well asked: whole, specific and without a name. Compare the {what} with yours."
    )


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
    yield interaction.draft
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
_DOCUMENT = re.compile(
    r"\b(?:documents?|passages?|sources?|polic(?:y|ies)|articles?|pages?)\b", re.IGNORECASE
)


def _usable_correction(
    submission: Submission, interaction: Interaction, evidence: Sequence[str]
) -> Result:
    missing = list(_verdict_faults(submission, interaction, evidence))
    if missing:
        return _not_yet(_listed(missing))
    if not evidence:
        return _passed(
            "It answers what was asked, in whole sentences. No document stood beside the answer, "
            "so nobody has checked your facts: be sure of them before you give it under Review."
        )
    return _passed("A customer could be sent this, and the next release can learn from it.")


def _verdict_faults(
    submission: Submission, interaction: Interaction, evidence: Sequence[str]
) -> Iterator[str]:
    answer = _said(interaction)
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
    yield from _form_faults(submission.text, answer)
    if len(_words(submission.text)) >= _CORRECTION_WORDS[0]:
        yield from _content_faults(submission, interaction, evidence)
    new = set(facts(submission.text)) - set(facts(answer))
    if submission.verdict is VerdictKind.NEEDS_REPHRASING and new:
        numbers = ", ".join(sorted(new))
        yield (
            f"Your correction brings a number that the answer does not have ({numbers}): "
            f"if the facts change, the verdict is “incorrect”."
        )


def _form_faults(text: str, answer: str) -> Iterator[str]:
    words = len(_words(text))
    fewest, most = _CORRECTION_WORDS
    if not fewest <= words <= most:
        yield f"Write the whole answer, in {fewest} to {most} words: there are {words}."
    elif is_english(answer) and not is_english(text):
        yield "Write whole sentences, as you would to a customer."
    if _words(text) == _words(answer):
        yield "Your correction says the same as the answer, word for word."
    if _REMARK.search(text):
        yield "Write to the customer, not about the answer: what should they have read?"
    if _personal(text):
        yield "Leave out e-mail addresses and phone numbers: the correction is said to strangers."


def _content_faults(
    submission: Submission, interaction: Interaction, evidence: Sequence[str]
) -> Iterator[str]:
    """Yield what is wrong with what a correction says, each with what is missing.

    A reason that speaks of the documents excuses what does not stand in them: they may be wrong,
    or the wrong ones.
    """
    said, asked = _claims(submission.text), _claims(interaction.question)
    excused = _DOCUMENT.search(submission.reason) is not None
    source = "" if excused else "\n".join(evidence)
    read = _claims(source)
    if len(said & (asked | read)) < min(_TOPIC_WORDS, len(asked | read)):
        yield "It does not speak of what was asked: answer the question, from the source."
        return
    if not _adds(said - asked, read):
        yield "It says no more than the question: add what the source says about it."
    if read:
        yield from _unsupported(submission.text, f"{interaction.question}\n{source}")
    if interaction.source is not Source.HANDOFF or interaction.is_decided_on:
        yield from _unchanged(submission, _said(interaction), read)


def _said(interaction: Interaction) -> str:
    return interaction.draft if interaction.is_decided_on else interaction.answer


def _adds(new: frozenset[str], read: frozenset[str]) -> bool:
    """Tell whether what is new in a text stands in the source: a number, or a few words."""
    supported = new & read if read else new
    return len(supported) >= _NEW_WORDS or any(
        any(c.isdigit() for c in claim) for claim in supported
    )


def _unsupported(text: str, source: str) -> Iterator[str]:
    words, known = set(content_stems(text)), _claims(source)
    measured = measures(source)
    numbers = {number for number, _ in measured}
    unknown = [fact for fact in dict.fromkeys(facts(text)) if fact not in known] + [
        f"{number} ({unit})"
        for number, unit in sorted(measures(text) - measured)
        if number in numbers
    ]
    aside = "if the document is wrong or the wrong one, say so in the reason."
    if unknown:
        yield f"The source does not have {', '.join(unknown)}: compare it once more; {aside}"
    elif 2 * len(words & known) < len(words):
        yield f"Most of what it says stands in no source: keep to what the source says; {aside}"


def _unchanged(submission: Submission, answer: str, read: frozenset[str]) -> Iterator[str]:
    """Yield what is said of a correction that leaves the answer as it was, but for a word."""
    mine, theirs = Counter(_words(submission.text)), Counter(_words(answer))
    if submission.verdict is VerdictKind.NEEDS_REPHRASING:
        if max((mine - theirs).total(), (theirs - mine).total()) < _REPHRASED_WORDS:
            yield "It differs from the answer by a word or two: write it as you would say it."
        return
    if not _adds(_claims(submission.text) - _claims(answer), read):
        yield (
            "It says what the answer said: put in the number or the condition of the source that "
            "the answer had wrong or left out."
        )


def _claims(text: str) -> frozenset[str]:
    """Return the telling words of a text and its numbers, codes and addresses."""
    return frozenset(content_stems(text)) | frozenset(facts(text))


# --- what the checks share ------------------------------------------------------------------------

_Check = Callable[[Exercise, Submission, Interaction], Result]

_CHECKS: Mapping[str, _Check] = MappingProxyType(
    {
        "cited_answer": _cited_answer,
        "specific_question": _specific_question,
        "placeholders_only": _placeholders_only,
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
