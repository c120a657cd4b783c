"""Answers a person vouched for, served word for word to the same question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from northloop.core.interaction import ApprovedAnswer, Asking
from northloop.core.question import normalised
from northloop.core.tenants import bound_by


class ApprovedAnswers:
    """Looks approved answers up by their normalised question; the newest wins. Never changes."""

    def __init__(self, answers: Iterable[ApprovedAnswer]) -> None:
        """`answers` with their tenants, in the order they were approved, redacted as asked."""
        self._by_question: defaultdict[str, dict[str, ApprovedAnswer]] = defaultdict(dict)
        for answer in answers:
            of_question = self._by_question[normalised(answer.question)]
            tenant = answer.tenant or ""
            of_question.pop(tenant, None)
            of_question[tenant] = answer

    def __len__(self) -> int:
        return sum(map(len, self._by_question.values()))

    def find(self, asking: Asking) -> ApprovedAnswer | None:
        """Return the approved answer to what was asked, None if there is none.

        The tenant's own comes before what else it may have.
        """
        by_tenant = self._by_question.get(normalised(asking.question), {})
        may_have = [a for t, a in by_tenant.items() if bound_by(asking.tenant, t)]
        return by_tenant.get(asking.tenant) or (may_have[-1] if may_have else None)
