"""The check of an answer before it is sent: sentence by sentence, against what the company wrote.

A claim is bound to one sentence of the evidence, with its heading, the row or list it stands in and
the name that was spoken of before. By words and numbers alone; what it means by each is said at its
`Reason`. What the company *promises* must stand in what the company *wrote*: the customer's own
words may name things (their order's number), and never prove anything. Earlier answers in a
conversation are neither: they arrive with the request, and anybody can write them.

It reads English. Of a sentence in another language only the values are held against the evidence:
they must stand together in one sentence, with their units where these are signs.
"""

from northloop.core.check.alike import Difference, Sense, difference, sense
from northloop.core.check.clauses import denies
from northloop.core.check.reasons import Reason, Verdict
from northloop.core.check.sameness import says_the_same
from northloop.core.check.verdicts import check, counted, passes

__all__ = [
    "Difference",
    "Reason",
    "Sense",
    "Verdict",
    "check",
    "counted",
    "denies",
    "difference",
    "passes",
    "says_the_same",
    "sense",
]
