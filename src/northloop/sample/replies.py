"""Agents' replies: the core answer with the facts, in the voice of one agent."""

from __future__ import annotations

from functools import cache
from random import Random

import msgspec

from northloop.sample.library import agents, intent_specs
from northloop.sample.questions import Question
from northloop.sample.records import Agent, PlantedSpan
from northloop.sample.wording import fill, slots_of


class Reply(msgspec.Struct, frozen=True):
    """A reply as the agent wrote it."""

    agent: Agent
    text: str
    """Greeting to next step, without the signature."""
    sign_off: str
    spans: tuple[PlantedSpan, ...]
    wrong: bool


@cache
def _computed_slots(name: str) -> frozenset[str]:
    """The slots that a case fills and no question names, such as the days of a delivery."""
    spec = intent_specs()[name]
    asked = frozenset[str]().union(*map(slots_of, spec.train + spec.live + spec.held_out))
    return frozenset(slot for case in spec.cases for slot in case) - asked


def _core(question: Question, name: str, variant: int, outdated: bool) -> str:
    """One wording of the answer that names nothing which the question did not name."""
    spec = intent_specs()[name]
    templates = spec.outdated if outdated else spec.answers
    allowed = question.mentioned | _computed_slots(name)
    usable = tuple(t for t in templates if slots_of(t) <= allowed) or templates
    return fill(usable[variant % len(usable)], question.values, "reply")[0]


def reference_answer(question: Question) -> str:
    """The right answer in its first wording."""
    return " ".join(_core(question, name, 0, False) for name in question.intents)


def write_reply(question: Question, rng: Random) -> Reply:
    """The reply of one agent. In about 5 % it states an old policy (`wrong`)."""
    team = agents()
    agent = rng.choices(team, [a.share for a in team])[0]
    wrong = rng.random() < agent.wrong_share and bool(question.facts)
    cores = [
        _core(question, name, rng.randrange(12), wrong and place == 0)
        for place, name in enumerate(question.intents)
    ]
    before = [rng.choice(agent.greetings), rng.choice(agent.thanks)]
    if "{order}" in question.template and rng.random() < 0.15:
        before.append("This is about your order {order}.")
    after = rng.choice(agent.next_steps)
    greeting, spans = fill(before[0], question.values, "reply")
    middle, more = fill(" ".join(filter(None, before[1:])), question.values, "reply")
    body = " ".join(filter(None, (middle, *cores, after)))
    return Reply(agent, f"{greeting}\n\n{body}", rng.choice(agent.sign_offs), spans + more, wrong)
