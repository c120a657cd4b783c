"""Who the customer of a case is by address, where a case's mails also go to others.

A help desk writes to suppliers and colleagues from within a case: what is written to them, and what
they answer, is not for the customer to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"[^\s<>;,\"'\[\]]+@[^\s<>;,\"'\[\]]+")


def addresses_in(text: str) -> set[str]:
    """Return the e-mail addresses in a text, in lower case."""
    return {address.lower() for address in _ADDRESS.findall(text)} if "@" in text else set()


class Correspondents:
    """The addresses of a case, as its mails are gone through, oldest first."""

    def __init__(self, customers: Iterable[str]) -> None:
        self._customers = {address.lower() for address in customers if address}
        self._others: set[str] = set()

    def is_from_customer(self, writers: set[str]) -> bool:
        """Whether a mail that came in is the customer's: not of somebody written to apart."""
        if writers & self._others and not writers & self._customers:
            return False
        self._customers |= writers
        return True

    def is_to_customer(self, readers: set[str]) -> bool:
        """Whether a mail that went out went to the customer, as far as addresses tell."""
        if readers and self._customers and not readers & self._customers:
            self._others |= readers
            return False
        return True
