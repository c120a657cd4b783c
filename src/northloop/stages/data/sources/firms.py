"""What businesses are called, in whose name somebody answers: nobody's name."""

from __future__ import annotations

from northloop.core.conversation import Role
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.sources.sides import HOUSES
from northloop.stages.data.wording import typed_words

_FIRMS = HOUSES | typed_words(
    """
    gmbh ag kg ug ohg ltd limited llc inc corp sarl sas eurl sl slu srl spa bv nv ab oy aps zoo ltda
    online official hotel restaurant pension studio atelier werkstatt verleih praxis apotheke
    rental rentals clinic salon garage bikes tours travel viajes viagens viaggi voyages reisen
    turismo agencia agência agenzia agence hostal albergo tienda loja negozio boutique
    """
)
"""What the last word of a business's name is, or the last but one: `Alpen Shop`, `Zelt GmbH`."""


def is_firm(name: str) -> bool:
    """Whether somebody is called as a business is, or as a part of one: `Alpen Shop`, `Support`."""
    said = words_of(name.lower()).split()
    last = said[-1] if said else ""
    return not _FIRMS.isdisjoint(said[-2:]) or role_of(last) is Role.AGENT
