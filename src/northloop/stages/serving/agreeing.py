"""A quote beside the memory: surer where both say the same, less where they do not.

The two err in different ways: a quote takes a neighbouring document, a memory a neighbouring case.
So what both say is mostly right. Their odds are multiplied, as of witnesses who know nothing of one
another; what comes of it is a rank for thresholds and certificates, no probability to be believed.
Measured in docs/log.md (29 November).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import msgspec
from scipy.special import expit, logit

from northloop.core.conversation import Message
from northloop.core.treatment import Candidate, Treatment
from northloop.ports.treatments import Treating
from northloop.stages.serving.generate import lookup_text
from northloop.stages.serving.memory import Memory
from northloop.stages.serving.quote import Quote
from northloop.stages.serving.quote.choosing import announces

AT_MOST = 0.99
"""The memory is taken to be no surer than that, nor surer of the contrary."""
EVEN = 0.5
"""A memory that is no surer than that is a witness of nothing: taken at its word, whoever disagrees
with it would be right."""
CERTAIN = 1 - 1e-9


class Agreeing:
    """Implements `ports.treatments.Treating`: a quote that hears what a memory says."""

    def __init__(self, quote: Quote, memory: Memory) -> None:
        self.quote = quote
        self._memory = memory

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        """Return the quote, as sure as both are of it together; as it alone is, where the memory
        has nothing to say, or is as likely wrong as right. Where the customer announces another
        matter it is no surer: a case that is remembered bears witness to one. Nor is it surer than
        `Candidate.most`: a case says nothing of what nobody has named. None where the memory
        would say what a person put in the place of that quote, to a question like this one; where
        people judged it wrong for one as like as that, it is a draft."""
        found = self.quote.answer(messages)
        if found is not None and self._memory.corrects(found.text, messages):
            return None
        if found is not None and self._memory.refuses(found.text, messages):
            return found.as_a_draft()
        remembered = self._memory.answer(messages) if found is not None else None
        if found is None or remembered is None or not found.confidence:
            return found
        sure = remembered.confidence
        if sure <= EVEN:
            return found
        share = self._memory.holding(found.text, remembered.text, messages)
        told = share * sure + (1 - share) * (1 - sure)
        if told > EVEN and announces(lookup_text(messages)):
            return found
        told = min(max(told, 1 - AT_MOST), AT_MOST)
        together = expit(logit(min(found.confidence, CERTAIN)) + logit(told))
        return msgspec.structs.replace(found, confidence=min(float(together), found.most))

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        """Yield `answer`, and what else the quote has to say."""
        own = self.answer(messages)
        if own is not None:
            yield own
        yield from islice(self.quote.candidates(messages), 1, None)


def together(ways: Mapping[Treatment, Treating]) -> dict[Treatment, Treating]:
    """Return treatments with a quote that hears the memory among them; with another memory than
    before, that one. As they are where one of the two is missing, or the quote was learnt without.
    """
    memory, quote = ways.get(Treatment.MEMORY), ways.get(Treatment.QUOTE)
    if isinstance(quote, Agreeing):
        quote = quote.quote
    if not isinstance(memory, Memory) or not isinstance(quote, Quote) or not quote.hears_memory:
        return dict(ways)
    return {**ways, Treatment.QUOTE: Agreeing(quote, memory)}
