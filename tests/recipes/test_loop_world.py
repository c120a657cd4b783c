from __future__ import annotations

import pytest
from worlds.loops import (
    Asked,
    Became,
    Gold,
    Near,
    Received,
    Reviewers,
    World,
    cluster_of,
    gained,
    opinion,
    share,
)

from northloop.core.interaction import VerdictKind

REPLIES = [
    ("You can cancel order [ORDER] under My orders, as long as it has not been sent.", "cancel"),
    ("Our refunds take 5 days to reach the account that you paid from.", "refund"),
]


def asked(number: int = 0, about: str = "cancel") -> Asked:
    return Asked(id=f"q{number}", question="Cancel it?", about=about, reply=REPLIES[0][0])


def received(number: int, cluster: str, became: Became) -> Received:
    return Received(
        id=f"q{number}",
        cluster=cluster,
        question="",
        about="",
        answer="",
        source="memory",
        became=became,
    )


def test_paraphrases_by_the_same_telling_words_are_one_cluster() -> None:
    assert cluster_of("Please, can you cancel order 4711?") == cluster_of(
        "I want to cancel order 2"
    )
    assert cluster_of("cancel my order") != cluster_of("cancel my account")
    assert cluster_of("Can you?") == cluster_of("you can"), (
        "what has idle words alone is told by them"
    )


def test_near_is_three_quarters_of_the_words_in_common() -> None:
    near = Near(["which payment methods are accepted abroad"])
    assert near("are these payment methods accepted abroad") is False
    assert near("payment methods accepted abroad, please") is True, "four of five"
    assert near("Which payment methods do you have, please?") is False, "three of five"
    assert near("refund") is False


def test_gold_knows_replies_whatever_stands_in_their_gaps() -> None:
    gold = Gold(REPLIES)
    said = "you can cancel order 4711 under My orders, as long as it has not been sent"
    assert gold.right(said, asked())
    assert not gold.right(said, asked(about="refund"))
    nearly = "Our refunds take 9 days to reach the account you paid from."
    assert gold.abouts(nearly) == {"refund"}
    assert gold.abouts("Could you tell me your name?") == frozenset()
    assert not gold.right("", asked())


def test_reviewers_err_and_skip_as_often_as_stated() -> None:
    who = Reviewers(error=0.2, skips=0.1, hard=2.0)
    said = [
        opinion(who, f"a{n}", asked(), "Something else.", right=n % 2 == 0) for n in range(8_000)
    ]
    easy, hard = said[::2], said[1::2]
    assert sum(o.skip is not None for o in easy) / 4_000 == pytest.approx(0.1, abs=0.02)
    assert sum(o.skip is not None for o in hard) / 4_000 == pytest.approx(0.2, abs=0.02)
    judged = [o for o in said if o.skip is None]
    assert sum(o.slip for o in judged) / len(judged) == pytest.approx(0.2, abs=0.02)
    wrongly = {o.correction for o in easy if o.slip and o.skip is None}
    assert wrongly == {"Something else."}
    caught = [o for o in hard if not o.slip and o.skip is None]
    assert {(o.kind, o.correction) for o in caught} == {(VerdictKind.INCORRECT, REPLIES[0][0])}
    again = opinion(who, "a0", asked(), "Something else.", right=True)
    assert again == said[0]


def test_the_company_answers_otherwise_from_a_turn_on() -> None:
    world = World(
        name="w",
        history=(),
        live=(),
        held_out=(),
        also_said=(("Refunds take 9 days.", "cancel (new)"),),
        new={"cancel": "cancel (new)"},
        changes_in=2,
    )
    assert world.at(1, asked()) == asked()
    changed = world.at(2, asked())
    assert (changed.about, changed.reply) == ("cancel (new)", "Refunds take 9 days.")
    assert world.at(2, asked(about="refund")) == asked(about="refund")


def test_shares_are_clustered_and_differences_paired() -> None:
    before = [received(n, f"c{n // 2}", Became.HANDED_OFF) for n in range(200)]
    now = [
        received(n, f"c{n // 2}", Became.RIGHT if n % 4 < 2 else Became.WRONG) for n in range(200)
    ]
    right = share(now, Became.RIGHT)
    assert right.value == 0.5
    # 100 clusters of two that go together: .5 ± 1.96 · .5 / 10, not · .5 / 14.
    assert 0.39 < right.low < 0.42
    assert 0.58 < right.high < 0.61
    assert gained(now, before[::-1], Became.RIGHT) == right
    fewer = gained(now, before, Became.HANDED_OFF)
    assert fewer.value == fewer.low == fewer.high == -1.0
    with pytest.raises(ValueError, match="same questions"):
        gained(now, before[1:], Became.RIGHT)
