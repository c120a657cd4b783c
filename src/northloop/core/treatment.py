"""Ways to answer a customer: each makes a candidate, and the policy says which may be sent."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from northloop.core.ids import Hash


class Treatment(StrEnum):
    """A way to answer. What costs least comes first."""

    MEMORY = "memory"
    """What an agent answered to the like of it."""
    QUOTE = "quote"
    """Sentences of the documents, chosen and joined, never altered."""
    GENERATED = "generated"
    """What the release's model says, with what was found."""


class Simple(StrEnum):
    """What has to be beaten: ways to answer that send all they say."""

    CONSTANT = "constant"
    """One reply for all, the commonest."""
    NEAREST = "nearest reply"
    """The reply to the nearest question."""
    LINEAR = "linear"
    """The commonest reply of the intent that a linear head names."""


class Mode(StrEnum):
    """What goes out without a person."""

    OPEN = "open"
    """What the release is sure enough of by its own thresholds."""
    CERTIFIED = "certified"
    """That, and what their decisions certify."""
    DRAFT = "draft"
    """What people have approved word for word; everything else is a draft."""

    def no_laxer_than(self, other: Mode | None) -> Mode:
        """Return the stricter of two modes: this one where there is no other."""
        return self if other is None else max(self, other, key=[*Mode].index)


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a question may be about, as the customer can be asked for it."""

    heading: str
    """The document's own."""
    share: float
    """How likely it is meant if any document answers, 0..1."""
    citation: str
    """Id of a passage of it, and the content hash of that."""
    evidence: Hash
    vouching: str
    """Title and text of that passage."""
    most: float = 1.0
    """How sure of an answer from it its treatment can be at most, 0..1."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that could be sent, with what it rests on."""

    treatment: Treatment
    text: str
    confidence: float
    """How likely it is right, 0..1, as far as its treatment can tell."""
    most: float = 1.0
    """How sure of it one can be at most, whatever else says the same."""
    citations: tuple[str, ...] = ()
    """Ids of the passages it was taken from."""
    evidence: tuple[Hash, ...] = ()
    """Content hashes of those passages."""
    vouching: tuple[str, ...] = ()
    """What the company wrote that vouches for it: titles and texts of passages, agents' replies."""
    cases: tuple[str, ...] = ()
    """Ids of the resolved cases it was taken from."""
    from_people: bool = False
    """A person approved it, or wrote it, for the like of the question since."""
    as_draft: float = 0.0
    """How likely it is right as a draft, where `confidence` says less: it is not to go out by
    itself (that is 0 then), or tickets tell nothing of what it rests on."""
    options: tuple[Option, ...] = ()
    """The two or three documents that may be meant, likeliest first, where the choice has narrowed
    down to them and none is clear; () otherwise."""

    def as_a_draft(self) -> Candidate:
        """Return what a person decides on, for it does not go out by itself."""
        return msgspec.structs.replace(
            self, confidence=0.0, as_draft=max(self.confidence, self.as_draft), options=()
        )
