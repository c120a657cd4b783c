"""The stream of customers' questions after go-live, from the `live` pool."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from random import Random

from msgspec.structs import replace

from northloop.sample.library import follow_ups, near_misses
from northloop.sample.questions import (
    OUT_OF_SCOPE,
    TALK_TO_HUMAN,
    Question,
    compose,
    draw_intents,
    scene,
)
from northloop.sample.records import LiveQuestion, PlantedSpan, Pool
from northloop.sample.replies import reference_answer
from northloop.sample.wording import expand, wear

_REPEAT_SHARE = 0.47  # of the questions in scope; others repeat by chance
_HEAD = 4  # flattens the top of the Zipf curve: no question has more than a few per cent
LATER = 100
"""So many questions after a conversation's first one comes the next, at the earliest."""
_GOES_ON, _ANOTHER_MATTER, _NEAR_MISS = 0.2, 0.3, 0.05


def _asked(question: Question, customer: str) -> LiveQuestion:
    intent = question.intents[0]
    return LiveQuestion(
        id="",
        customer_id=customer,
        text=question.text,
        intent=intent,
        document="".join(question.documents),
        facts=question.facts,
        answer=reference_answer(question),
        asks_human=intent == TALK_TO_HUMAN,
        in_scope=intent not in (OUT_OF_SCOPE, TALK_TO_HUMAN),
        spans=tuple(PlantedSpan("question", span.type, span.text) for span in question.spans),
    )


def _ask(
    customer_index: int, intents: tuple[str, ...], seed: int, rng: Random
) -> tuple[LiveQuestion, bool]:
    """A new question, and whether others may ask the same in the same words."""
    question = compose(scene("live", customer_index, seed, rng), intents, rng)
    asked = _asked(question, _customer(customer_index))
    plain = not question.worn and not question.spans and len(question.text) < 110
    return asked, plain and asked.in_scope


def _customer(index: int) -> str:
    return f"C-{index + 1:06d}"


def live_questions(count: int, seed: int) -> tuple[LiveQuestion, ...]:
    """`count` questions in the order in which they arrive; the same for the same arguments.

    About 45 % repeat an earlier question word for word, the popular ones most (Zipf); a
    question with personal data is never repeated. About 3 % are out of scope and 3 % ask for a
    human. Customers are those of `customers(…, seed)`.
    """
    rng = Random(f"{seed}/live")
    asked: list[LiveQuestion] = []
    popular: list[LiveQuestion] = []
    weight_up_to: list[float] = []
    seen: set[str] = set()
    while len(asked) < count:
        customer_index = rng.randrange(max(1, count // 2))
        drawn = draw_intents(rng, pair_share=0.0)
        special = drawn[0] in (OUT_OF_SCOPE, TALK_TO_HUMAN)
        if popular and not special and rng.random() < _REPEAT_SHARE:
            at = bisect_left(weight_up_to, rng.random() * weight_up_to[-1])
            question = replace(popular[at], customer_id=_customer(customer_index))
        else:
            question, repeatable = _ask(customer_index, drawn, seed, rng)
            if question.text in seen and (question.spans or not special):
                continue
            seen.add(question.text)
            if repeatable:
                popular.append(question)
                weight_up_to.append(sum(weight_up_to[-1:]) + 1 / (len(popular) + _HEAD))
        asked.append(replace(question, id=f"Q-{len(asked) + 1:06d}"))
    return tuple(asked)


def live_conversations(count: int, seed: int) -> tuple[LiveQuestion, ...]:
    """Return `count` questions in the order in which they arrive; the same for the same arguments.

    They are those of `live_questions`, and what customers ask next: one in five of those that a
    document answers is followed by another question in its conversation (`follows`), mostly about
    the same matter. One in twenty is about what the shop nearly has.
    """
    rng = Random(f"{seed}/conversations")
    firsts, asked = iter(live_questions(count, seed)), list[LiveQuestion]()
    due = deque[tuple[int, LiveQuestion]]()
    while len(asked) < count:
        if due and due[0][0] <= len(asked):
            then = another_matter if rng.random() < _ANOTHER_MATTER else same_matter
            question = then(due.popleft()[1], "live", seed, rng)
        elif rng.random() < _NEAR_MISS:
            question = near_miss("live", rng.randrange(max(1, count // 2)), seed, rng)
        else:
            question = next(firsts)
        asked.append(question := replace(question, id=f"Q-{len(asked) + 1:06d}"))
        if question.facts and not question.follows and rng.random() < _GOES_ON:
            due.append((len(asked) + LATER, question))
    return tuple(asked)


def same_matter(before: LiveQuestion, pool: Pool, _seed: int, rng: Random) -> LiveQuestion:
    """What the customer asks next about the matter of an answerable question, mostly in few words
    that hang on the answer to it; without an id."""
    chosen = rng.choice(follow_ups()[before.intent])
    return LiveQuestion(
        id="",
        customer_id=before.customer_id,
        text=wear(expand(rng.choice(chosen.phrasings(pool)), rng), rng),
        intent=before.intent,
        document=chosen.document,
        facts=chosen.facts,
        answer=chosen.answer,
        asks_human=False,
        in_scope=bool(chosen.document),
        spans=(),
        follows=before.id,
    )


def another_matter(before: LiveQuestion, pool: Pool, seed: int, rng: Random) -> LiveQuestion:
    """What the customer asks next about something else; without an id."""
    intents: tuple[str, ...] = (before.intent,)
    while intents[0] in (before.intent, OUT_OF_SCOPE, TALK_TO_HUMAN):
        intents = draw_intents(rng, pair_share=0.0)
    index = int(before.customer_id.removeprefix("C-")) - 1
    terse = replace(scene(pool, index, seed, rng), terse=True)
    return replace(_asked(compose(terse, intents, rng), before.customer_id), follows=before.id)


def near_miss(pool: Pool, customer_index: int, seed: int, rng: Random) -> LiveQuestion:
    """A question about what the shop has not, but something like it; without an id."""
    core = rng.choice(near_misses(pool))
    question = compose(scene(pool, customer_index, seed, rng), (OUT_OF_SCOPE,), rng, core)
    return _asked(question, _customer(customer_index))
