"""Who of those who write in conversations answers, where no field of a message says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from northloop.core.conversation import Role
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.notes import KNOWN_NAMES
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.wording import words

_AUTOMATA = words("automation bot chatbot autoresponder")
"""What the name of an automaton begins or ends with: `Automation for Jira`."""
_BOTS = re.compile(
    "(?:support|help|chat|service|welcome|info|faq|auto|assist|ticket|desk|care)bot$"
)
"""What the handle of one is: `@supportbot:shop.example`."""
_PROGRAM = re.compile(r"-\d+")
_INSIDERS = frozenset(words_of(name) for name in (
    "supervisor", "supervisors", "manager", "team lead", "team leader", "teamlead", "coach", "qa",
    "quality assurance", "back office", "backoffice",
    "teamleiter", "teamleiterin", "teamleitung", "vorgesetzter", "vorgesetzte", "superviseur",
    "superviseuse", "chef d'équipe", "responsable", "supervisora", "supervisore",
    "responsabile", "leidinggevende", "teamleider", "przełożony", "kierownik", "gruppchef",
    "teamledare", "上司", "主管", "スーパーバイザー", "管理者", "組長",
))  # fmt: skip
"""Who reads along and tells agents what to do: as a rule not the customer."""
NO_ID = "0"
"""What stands where an id would, of somebody who has none."""
NO_IDS = frozenset((NO_ID, "-1"))
"""What ids say of whom the other side's stand in another field, and of programs."""
FEW_TALKS = 3
MOST_ALIKE_AUTHORS = 0.8
"""In so many conversations, those taken for agents and the others both say something."""


@lru_cache(KNOWN_NAMES)
def is_automaton(name: str) -> bool:
    """Whether somebody is called after an automaton, `Automation for Jira`, or has the id of one:
    `-1` what the system noted, `-2` a bot."""
    said = words_of(name).split()
    is_handle = "@" in name and bool(_BOTS.match(said[0])) if said else False
    is_called_so = is_handle or bool(_AUTOMATA & {*said[:1], *said[-1:]})
    return is_called_so or bool(_PROGRAM.fullmatch(name.strip()))


@lru_cache(KNOWN_NAMES)
def is_insider(name: str) -> bool:
    """Whether somebody is called after who reads along and tells agents what to do."""
    return words_of(name) in _INSIDERS


def is_nobody(name: str) -> bool:
    """Whether somebody is called after an automaton, after the system, or after who reads along."""
    is_told = role_of(name) in (Role.SYSTEM, Role.BOT)
    return is_told or is_automaton(name) or is_insider(name)


def is_named_nobody(name: str) -> bool:
    """Whether what stands where somebody is named names nobody."""
    return is_missing(name) or name.strip() in NO_IDS


def is_agent(name: str, agents: frozenset[str]) -> bool:
    """Whether a name, id or address is among the agents; `@shop.example` means all of a domain."""
    said = name.strip().lower()
    return bool(said) and (said in agents or ("@" in said and f"@{said.split('@')[-1]}" in agents))


def named_agents(given: Iterable[str]) -> frozenset[str]:
    """Return agents as they are compared: in lower case, a domain with its @."""
    return frozenset(name.strip().lower() for name in given if name.strip())


def who_answers_askers(talks: Iterable[tuple[str, Sequence[str]]]) -> tuple[frozenset[str], str]:
    """Return who of the authors of conversations are agents, and why, where each conversation names
    who asked: those who write in several of others and ask in few, or are the only others in one
    and ask nowhere.
    """
    asked, others = Counter[str](), list[set[str]]()
    for asker, authors in talks:
        asked[asker.strip().lower()] += 1
        people = {a.strip().lower() for a in authors if not is_nobody(a)}
        others.append(people - {asker.strip().lower()})
    times = Counter(name for said in others for name in said)
    often = {name for name, count in times.items() if count > 1 and count > 2 * asked[name]}
    alone = (said - asked.keys() for said in others if not said & often)
    agents = frozenset(often.union(*alone))
    return agents, "they answer those whom the cases name as asking"


def who_answers_others(talks: Sequence[tuple[str, frozenset[str]]]) -> frozenset[str]:
    """Return who of those who wrote in cases answers: nobody who asks in any, but who writes in
    cases of several people, or alone in one. Cases come as who asked and who wrote.
    """
    asked = {asker for asker, _ in talks}
    others = [(asker, wrote - asked) for asker, wrote in talks]
    times = Counter(one for _, one in {(asker, one) for asker, wrote in others for one in wrote})
    often = frozenset(one for one, count in times.items() if count > 1)
    return often.union(*(wrote for _, wrote in others if len(wrote) == 1))


def who_answers(talks: Iterable[Sequence[str]]) -> tuple[frozenset[str], str]:
    """Return who of the authors of conversations are agents, and why; nobody where it is not sure.

    Agents come back in many conversations and open few of them; customers open theirs, or are all
    called so, `Kunde`, or have no id, `0`: then the others are agents. Authors come in the order
    they spoke.
    """
    opened, answered, talked = Counter[str](), Counter[str](), list[set[str]]()
    for authors in talks:
        said = [a.strip().lower() for a in authors if not (is_missing(a) or is_nobody(a))]
        if said:
            opened[said[0]] += 1
            answered.update(set(said[1:]) - {said[0]})
            talked.append(set(said))
    agents = frozenset(
        name for name, times in answered.items() if times > 1 and times >= 2 * opened[name]
    )
    customers = opened.keys() - agents
    if customers and all(n == NO_ID or role_of(n) is Role.CUSTOMER for n in customers):
        agents = frozenset(name for said in talked for name in said if name not in customers)
        sure = len(talked) >= FEW_TALKS
    else:
        sure = len(talked) >= FEW_TALKS and len(agents) < len(customers)
    both = sum(bool(said & agents) and bool(said - agents) for said in talked)
    if not sure or both < MOST_ALIKE_AUTHORS * sum(len(said) > 1 for said in talked) or not both:
        return frozenset(), ""
    return agents, f"they answer in {both} of {len(talked)} conversations and open hardly any"
