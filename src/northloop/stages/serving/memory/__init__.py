"""Memory: what agents answered to the like of a question, and what people say of it, at once.

rows of the training split → learn → files → load → Memory.answer
verdict → Memory.with_ / Memory.without → the next Memory
"""

from northloop.stages.serving.memory.cases import (
    APPROVED,
    Case,
    Refused,
    case_of,
    looked_up,
    refused_id,
)
from northloop.stages.serving.memory.fit import learn
from northloop.stages.serving.memory.learner import Recalling
from northloop.stages.serving.memory.memory import Memory, load

__all__ = [
    "APPROVED",
    "Case",
    "Memory",
    "Recalling",
    "Refused",
    "case_of",
    "learn",
    "load",
    "looked_up",
    "refused_id",
]
