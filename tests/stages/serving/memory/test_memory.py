from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from bounded import bounded
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Example, Message
from northloop.core.errors import CorruptArtefact
from northloop.core.question import TWO_WAYS
from northloop.core.treatment import Treatment
from northloop.stages.serving.memory import Case, Memory, Refused, learn, load, refused_id
from northloop.stages.serving.memory import memory as as_module
from stages.serving.memory import desk
from stages.serving.memory.conftest import Desk

WRONG = "You may return goods within 14 days."
RIGHT = "Returns are possible for 60 days now."


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("how many days do i have to return a jacket", "45 days"),
        ("What is the price of shipping?", "€5.50"),
        ("at what time does the shop open", "10:00"),
        ("Reset my password please", "20 minutes"),
    ],
)
def test_what_agents_answered_is_answered_again(shop: Desk, question: str, fact: str) -> None:
    found = shop.memory.answer(desk.ask(question))
    assert found is not None
    assert fact in found.text
    assert found.treatment is Treatment.MEMORY
    assert found.cases
    assert found.vouching == (found.text,)
    assert 0 <= found.confidence <= 1


def test_a_known_question_is_surer_than_nonsense(shop: Desk) -> None:
    known = shop.memory.answer(desk.ask("What is your return period?"))
    strange = shop.memory.answer(desk.ask("Which wine goes with roast rabbit and prunes?"))
    assert known is not None
    assert strange is None or strange.confidence < known.confidence


def test_the_values_of_another_product_are_not_said(shop: Desk) -> None:
    found = shop.memory.answer(desk.ask("How heavy is the Skarn tent?"))
    assert found is not None
    assert "1250" in found.text
    other = shop.memory.answer(desk.ask("How heavy is the Larch tent?"))
    assert other is None or not any(weight in other.text for weight in desk.WEIGHTS.values())


def test_what_was_done_for_one_customer_is_told_to_others_by_people_alone(shop: Desk) -> None:
    asked = "My coffee grinder hums and grinds nothing."
    done = Case(case_id="c", asked=asked, reply="I have sent you a new one.", judged=True)
    rule = msgspec.structs.replace(done, reply="Send it in: it is exchanged within 5 days.")
    held, said = (shop.memory.with_([case]).answer(desk.ask(asked)) for case in (done, rule))
    assert held is not None and said is not None
    assert (held.text, held.confidence) == (done.reply, 0.0)
    assert held.as_draft == said.confidence > 0


@pytest.mark.parametrize("messages", [[], [Message("user", "  ")], [Message("assistant", "Hi")]])
def test_without_a_question_there_is_no_answer(shop: Desk, messages: list[Message]) -> None:
    assert shop.memory.answer(messages) is None


@pytest.mark.parametrize(
    "text",
    ["?!", "x" * 200_000, "退货期限是多久？", "كم يوما للإرجاع؟", "🙂" * 50, "[NAME] [ORDER]"],
)
def test_strange_texts_do_no_harm(shop: Desk, text: str) -> None:
    found = shop.memory.answer(desk.ask(text))
    assert found is None or 0 <= found.confidence <= 1


def test_what_a_person_says_works_at_once(shop: Desk) -> None:
    before = shop.memory
    asked = "Do you sell gift cards?"
    after = before.with_([desk.verdict("v1", asked, "Yes, gift cards from €10 to €200.")])
    for question in (asked, "do you sell gift cards", "Hello, do you sell gift cards?"):
        found = after.answer(desk.ask(question))
        assert found is not None
        assert "€200" in found.text
        assert found.cases[0] == "v1"
    assert len(after) == len(before) + 1
    unchanged = before.answer(desk.ask(asked))
    assert unchanged is None or "€200" not in unchanged.text


def test_a_verdict_stands_above_many_agents(shop: Desk) -> None:
    after = shop.memory.with_([desk.verdict("v1", "What is your return period?", RIGHT)])
    found = after.answer(desk.ask("what is your return period"))
    assert found is not None
    assert found.text == RIGHT


def test_the_newer_of_two_verdicts_stands(shop: Desk) -> None:
    asked = "What is your return period?"
    first = desk.verdict("v1", asked, WRONG, at="2026-11-02T00:00:00Z")
    later = desk.verdict("v2", asked, RIGHT, at="2026-11-03T00:00:00Z")
    for order in ((first, later), (later, first)):
        found = shop.memory.with_([order[0]]).with_([order[1]]).answer(desk.ask(asked))
        assert found is not None
        assert found.text == RIGHT


def test_what_was_refused_does_not_come_back(shop: Desk) -> None:
    asked = "What is your return period?"
    memory = shop.memory
    for _ in range(12):
        found = memory.answer(desk.ask(asked))
        if found is None:
            break
        no = Refused(refused_id=refused_id(asked, found.text), asked=asked, reply=found.text)
        memory = memory.with_(refused=[no])
        for question in (asked, "what is your return period?", "Hi, what is your return period"):
            again = memory.answer(desk.ask(question))
            assert again is None or again.text != found.text
    other = memory.answer(desk.ask("What does delivery cost?"))
    assert other is not None
    assert "€5.50" in other.text


def test_what_was_refused_does_not_come_back_by_a_row_in_almost_the_same_words(
    shop: Desk,
) -> None:
    question = "Can I have the Kestrel tent gift wrapped, and with a card?"
    twin = "Can I get the Kestrel tent gift wrapped, and with a card?"
    reply = "Yes, gift wrapping is free of charge."
    rows = [desk.row("g1", question, reply), desk.row("g2", twin, reply)]
    memory = load(learn([*desk.history(), *rows], shop.embedder), shop.embedder, None)
    before = memory.answer(desk.ask(twin))
    assert before is not None and before.text == reply
    no = Refused(refused_id=refused_id(question, reply), asked=question, reply=reply)
    after = memory.with_(refused=[no]).answer(desk.ask(twin))
    assert after is None or after.text != reply


@pytest.mark.parametrize(
    "elsewhere",
    ["Is the car park open in the evening?", "Is your hotline open on Saturday?"],
)
def test_what_is_given_to_many_is_refused_where_it_was_wrong_alone(
    shop: Desk, elsewhere: str
) -> None:
    """Replies that agents give again and again are right for their own questions, however like
    these another one is that they were refused for."""
    questions, replies = desk.MATTERS["store_hours"]
    said = [f"{manner} {reply}" for manner in desk.MANNERS for reply in replies]
    memory = shop.memory.with_(
        refused=[
            Refused(refused_id=refused_id(elsewhere, text), asked=elsewhere, reply=text)
            for text in said
        ]
    )
    for question in (*questions, "What time does the store close?"):
        found = memory.answer(desk.ask(question))
        assert found is not None and "10:00 to 19:00" in found.text, question
    there = memory.answer(desk.ask(elsewhere))
    assert there is None or "10:00 to 19:00" not in there.text


def test_a_verdict_does_not_stand_above_the_vote_for_another_question(shop: Desk) -> None:
    other = desk.verdict("v1", "Is there a deadline for the photo contest?", "Send it by May.")
    memory = shop.memory.with_([other])
    for question in desk.MATTERS["return_window"][0]:
        found = memory.answer(desk.ask(question))
        assert found is not None and "45 days" in found.text, question


def test_a_correction_stands_where_it_was_made(shop: Desk) -> None:
    """Refused for another question it is still the answer to its own; refused there it is gone."""
    asked, other = "What is your return period?", "How many days do I have for a return?"
    memory = shop.memory.with_([desk.verdict("v1", asked, RIGHT)])
    later = "2026-11-05T00:00:00Z"
    no = [
        Refused(refused_id=refused_id(text, RIGHT), asked=text, reply=RIGHT, at=later)
        for text in (other, asked)
    ]
    memory = memory.with_(refused=no[:1])
    found = memory.answer(desk.ask(asked))
    assert found is not None
    assert found.text == RIGHT
    there = memory.answer(desk.ask(other))
    assert there is None or there.text != RIGHT
    gone = memory.with_(refused=no[1:]).answer(desk.ask(asked))
    assert gone is None or gone.text != RIGHT


def test_a_refusal_can_be_taken_back(shop: Desk) -> None:
    asked = "What is your return period?"
    said = shop.memory.answer(desk.ask(asked))
    assert said is not None
    no = Refused(refused_id=refused_id(asked, said.text), asked=asked, reply=said.text)
    memory = shop.memory.with_(refused=[no, no]).with_(refused=[no])
    assert memory.without(refused=[no.refused_id]).answer(desk.ask(asked)) == said


def test_a_verdict_that_is_taken_back_leaves_what_was_learnt(shop: Desk) -> None:
    asked = "What is your return period?"
    said = shop.memory.answer(desk.ask(asked))
    assert said is not None
    instead = desk.verdict(said.cases[0], asked, RIGHT)
    memory = shop.memory.saying([instead], [])
    assert len(memory) == len(shop.memory)
    found = memory.answer(desk.ask(asked))
    assert found is not None
    assert found.text == RIGHT
    assert memory.saying([], []).answer(desk.ask(asked)) == said


def test_only_what_is_new_is_laid_out(shop: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each verdict would keep the next customer waiting for all the verdicts before it."""
    cases = [desk.verdict(f"v{n}", f"Do you sell {n} lamps?", f"Yes, {n}.") for n in range(30)]
    no = [
        Refused(refused_id=f"r{n}", asked=f"Do you buy {n} lamps?", reply="Yes.") for n in range(30)
    ]
    before = shop.memory.saying(cases[:29], no[:29])
    laid_out: list[str] = []
    embed = WordEmbedder.embed

    def counting(self: WordEmbedder, texts: Sequence[str]) -> NDArray[np.float32]:
        laid_out.extend(texts)
        return embed(self, texts)

    monkeypatch.setattr(WordEmbedder, "embed", counting)
    after = before.saying(cases[1:], no[1:])
    assert {"Do you sell 29 lamps?", "Do you buy 29 lamps?"} >= set(laid_out)
    monkeypatch.undo()
    whole = shop.memory.saying(cases[1:], no[1:])
    for n in (0, 1, 29):
        question = desk.ask(f"Do you sell {n} lamps?")
        assert after.answer(question) == whole.answer(question)


def test_removed_cases_are_gone_at_once(shop: Desk) -> None:
    asked = "What is your return period?"
    memory = shop.memory.with_([desk.verdict("v1", asked, RIGHT)])
    mine = memory.of_origin(["verdict:v1", "desk.csv:return_window-4"])
    assert sorted(mine) == ["return_window-4", "v1"]
    after = memory.without(mine)
    found = after.answer(desk.ask(asked))
    assert found is not None
    assert found.text != RIGHT
    assert not set(mine) & set(found.cases)
    assert len(after) == len(memory) - 2
    assert memory.without(["nobody"]).answer(desk.ask(asked)) == memory.answer(desk.ask(asked))


def test_a_case_of_a_known_id_takes_its_place(shop: Desk) -> None:
    asked = "Do you sell gift cards?"
    memory = shop.memory.with_([desk.verdict("v1", asked, "No gift cards.")])
    memory = memory.with_([desk.verdict("v1", asked, "Yes, gift cards from €10.")])
    found = memory.answer(desk.ask(asked))
    assert found is not None
    assert found.text == "Yes, gift cards from €10."
    assert memory.of_origin(["verdict:v1"]) == ["v1"]


def test_placeholders_are_filled_from_the_question_or_not_said(shop: Desk) -> None:
    asked = "Where is my parcel [ORDER:3f2a91]?"
    memory = shop.memory.with_([desk.verdict("v1", asked, "[ORDER:3f2a91] is on its way.")])
    found = memory.answer(desk.ask("Where is my parcel [ORDER:77aa01]?"))
    assert found is not None
    assert found.text == "[ORDER:77aa01] is on its way."
    without = memory.answer(desk.ask("Where is my parcel?"))
    assert without is None or "[ORDER" not in without.text


def test_a_follow_up_is_looked_up_with_what_was_said(shop: Desk) -> None:
    talk = [
        Message("user", "What does delivery cost?"),
        Message("assistant", "It depends on the country."),
        Message("user", "And to Austria?"),
    ]
    found = shop.memory.answer(talk)
    assert found is not None
    assert "€5.50" in found.text


@pytest.mark.parametrize(
    ("question", "factor"),
    [("When are you open?", TWO_WAYS), ("And on Saturday?", 1.0), ("Is it free?", 1.0)],
)
def test_where_a_few_words_read_alone_get_another_answer_neither_is_sure(
    shop: Desk, question: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be of what was said before, or of another matter: a person sees which."""
    talk = [
        Message("user", "What does delivery cost, please, and is it free from some sum on?"),
        Message("assistant", "Delivery costs €5.50 and is free from €80."),
        Message("user", question),
    ]
    found = shop.memory.answer(talk)
    monkeypatch.setattr(as_module, "TWO_WAYS", 1.0)
    as_one = shop.memory.answer(talk)
    assert found is not None and as_one is not None and as_one.confidence > 0
    assert found.text == as_one.text
    assert found.confidence == pytest.approx(factor * as_one.confidence)
    alone = shop.memory.answer(talk[-1:])
    first, second, *_ = shop.memory.candidates(talk)
    assert first.text == found.text and alone is not None
    assert (second.text == alone.text) == (factor < 1), "the desk is offered both readings"


def test_an_empty_history_learns_from_verdicts_alone(shop: Desk) -> None:
    memory = load(learn([], shop.embedder), shop.embedder, None)
    assert memory.answer(desk.ask("What does delivery cost?")) is None
    memory = memory.with_([desk.verdict("v1", "What does delivery cost?", "It costs €5.50.")])
    near = memory.answer(desk.ask("what does the delivery cost?"))
    far = memory.answer(desk.ask("Is there a dentist in Bristol?"))
    assert near is not None
    assert near.confidence > 0.5
    assert far is None or far.confidence < 0.1


def test_verdicts_are_taken_in_quickly(shop: Desk) -> None:
    memory = shop.memory
    with bounded():
        for i in range(20):
            said = desk.verdict(f"v{i}", f"Question {i} about kayaks?", "No kayaks.")
            memory = memory.with_([said])


def test_other_languages(shop: Desk) -> None:
    rows = [
        desk.row("d1", "Wie lange kann ich die Jacke zurückgeben?", "Sie haben 45 Tage Zeit."),
        desk.row("d2", "Was kostet der Versand?", "Der Versand kostet 5,50 €."),
        desk.row("c1", "退货期限是多久？", "您可以在45天内退货。"),
        desk.row("c2", "运费是多少？", "运费是5.50欧元。"),
    ]
    memory = load(learn(rows, shop.embedder), shop.embedder, None)
    for question, reply in (
        ("Wie lange darf ich eine Jacke zurückgeben?", rows[0].reply),
        ("was kostet versand", rows[1].reply),
        ("请问退货期限多久？", rows[2].reply),
        ("运费多少？", rows[3].reply),
    ):
        found = memory.answer(desk.ask(question))
        assert found is not None
        assert found.text == reply


@pytest.mark.parametrize("name", ["cases.jsonl", "vectors.npy", "rarity.npy", "learnt.json"])
def test_a_broken_memory_is_told(shop: Desk, name: str) -> None:
    with pytest.raises(CorruptArtefact):
        load({**shop.files, name: b"{"}, shop.embedder, shop.head)
    with pytest.raises(CorruptArtefact):
        load({k: v for k, v in shop.files.items() if k != name}, shop.embedder, shop.head)


def test_another_head_is_taken_at_once(shop: Desk) -> None:
    rows = [*desk.history(), *(desk.row(f"g{i}", f"gift card {i}", "Yes.", "gift") for i in "abc")]
    head = shop.heads.load(shop.heads.fit([r.question for r in rows], [r.intent for r in rows]))
    case = desk.verdict("v1", "Do you sell gift cards?", "Yes, from €10.", intent="gift")
    memory = shop.memory.with_([case]).with_head(head)
    for question, fact in (("a gift card please", "€10"), ("What does delivery cost?", "€5.50")):
        found = memory.answer(desk.ask(question))
        assert found is not None
        assert fact in found.text
    plain = memory.with_head(None).answer(desk.ask("What does delivery cost?"))
    assert plain is not None
    assert "€5.50" in plain.text


class _Elsewhere:
    """A head that takes every question to be about another matter."""

    def __init__(self, labels: Sequence[str], about: str) -> None:
        self.labels = tuple(labels)
        self._about = self.labels.index(about)

    def probabilities(
        self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        found = np.full((len(texts), len(self.labels)), 0.1 / len(self.labels))
        found[:, self._about] += 0.9
        return found


def test_where_the_head_names_another_matter_the_reply_is_a_draft_at_best(shop: Desk) -> None:
    asked = desk.ask("What does delivery cost?")
    sure = shop.memory.answer(asked)
    doubted = shop.memory.with_head(_Elsewhere(shop.head.labels, "weight"))
    found = doubted.answer(asked)
    assert sure is not None and found is not None
    assert sure.confidence > 0.5
    assert ("€5.50" in found.text, found.confidence) == (True, 0.0)
    verdict = desk.verdict("v1", asked[0].content, "From €5.50.", intent="delivery_cost")
    judged = doubted.with_([verdict]).answer(asked)
    assert judged is not None
    assert judged.text == "From €5.50."
    assert judged.confidence > 0, "what a person said stands"


def test_where_the_head_names_another_matter_a_reply_to_that_is_said(shop: Desk) -> None:
    """Many who asked about one thing do not outvote the few who asked about the other."""
    asked = desk.ask("Is the shop open, and is shipping free?")
    named = {
        about: shop.memory.with_head(_Elsewhere(shop.head.labels, about)).answer(asked)
        for about in ("store_hours", "delivery_cost")
    }
    hours, cost = named["store_hours"], named["delivery_cost"]
    assert hours is not None and cost is not None
    assert "19:00" in hours.text and "€5.50" in cost.text


def test_a_memory_of_an_earlier_version_answers_as_people_decided_on(shop: Desk) -> None:
    asked = desk.ask("Is the shop open, and is shipping free?")
    told = msgspec.json.decode(shop.files["learnt.json"])
    assert told.pop("follows_head")
    earlier = {**shop.files, "learnt.json": msgspec.json.encode(told)}
    found = [
        load(files, shop.embedder, _Elsewhere(shop.head.labels, about)).answer(asked)
        for files in (shop.files, earlier)
        for about in ("store_hours", "delivery_cost")
    ]
    new, old = found[:2], found[2:]
    assert [one is not None and one.confidence > 0 for one in new] == [True, True]
    assert 0.0 in [one.confidence for one in old if one is not None]


# --- what only one customer was told --------------------------------------------------------------

CREDITED = "Thanks for writing in! We have paid you back €24.90 for the return."


def _returns(*more: Example, documents: Sequence[str] = (), shop: Desk) -> Memory:
    plain = "Thanks for writing in! We pay you back as soon as the return is with us."
    rows = [
        desk.row(f"r{i}", question, plain)
        for i, question in enumerate(
            ("When do you pay me back for the return?", "When do you pay back my return?",
             "When will you pay me back for a return?")
        )
    ]  # fmt: skip
    files = learn([*desk.history(), *rows, *more], shop.embedder, None, {}, documents)
    return load(files, shop.embedder, None, documents)


def test_the_sum_of_one_customer_is_not_told_another(shop: Desk) -> None:
    asked = "When do you pay me back for my return"
    row = desk.row("sum", asked + "?", CREDITED)
    found = _returns(row, shop=shop).answer(desk.ask(asked + "?"))
    assert found is not None and "24.90" not in found.text


@pytest.mark.parametrize(
    "allowed",
    ["the question", "a document", "another customer", "many", "a person", "a later turn"],
)
def test_a_value_that_somebody_else_says_may_be_told(shop: Desk, allowed: str) -> None:
    asked, more, documents = "When do you pay me back for my return?", list[Example](), []
    row = desk.row("sum", asked, CREDITED, origin=("desk.csv:9#1",))
    match allowed:
        case "the question":
            asked += " It was €24.90."
        case "a document":
            documents = ["Every return is paid back with €24.90."]
        case "another customer":
            more = [desk.row(f"sum {i}", f"{asked} {i}", CREDITED) for i in "ABCD"]
        case "many":  # Rows that ask in the same words are one, with the reply of the first.
            row = msgspec.structs.replace(row, count=2)
        case "a person":
            row = msgspec.structs.replace(row, origin=("confirmed:v1", "verdict:v1"))
        case _:  # The same customer, told twice: nobody else.
            again = "And when do you pay back the return?"
            more = [desk.row("sum 2", again, CREDITED, origin=("desk.csv:9#2",))]
    found = _returns(row, *more, documents=documents, shop=shop).answer(desk.ask(row.question))
    if allowed == "the question":
        memory = _returns(row, shop=shop)
        found = memory.answer(desk.ask(asked))
    assert found is not None
    assert ("24.90" in found.text) is (allowed not in {"many", "a later turn"})


def test_the_only_reply_of_its_kind_may_state_a_value(shop: Desk) -> None:
    rows = [desk.row("f1", "How long may I keep a tent on trial?", "You may keep it for 37 days.")]
    memory = load(learn([*desk.history(), *rows], shop.embedder), shop.embedder, None)
    found = memory.answer(desk.ask("how long may I keep a tent on trial"))
    assert found is not None and "37" in found.text


def test_a_confirmed_reply_is_about_what_it_was_given_for(shop: Desk) -> None:
    """Nobody had to name it; a reply that was given for two things says nothing, nor does one that
    a person wrote."""
    asked = "May I send it back?"
    reply = desk.history()[0].reply
    both = [desk.row(f"b{i}", f"Anything else? {i}", "See our site.", f"x{i}") for i in range(2)]
    memory = load(learn([*desk.history(), *both], shop.embedder), shop.embedder, None)
    said = [
        desk.verdict("v1", asked, reply),
        desk.verdict("v2", "Where do I read that?", "See our site."),
        desk.verdict("v3", "Do you sell vouchers?", "No, we sell none."),
        desk.verdict("v4", "Is it open?", reply, intent="store_hours"),
    ]
    found = memory.saying(said, ())
    assert found.named_since() == (("Is it open?", "store_hours"), (asked, "return_window"))
    assert len(found.saying(said, ())) == len(found)


def test_other_replies_come_behind_the_answer_and_none_agrees_with_another(shop: Desk) -> None:
    messages = desk.ask("What is your return period?")
    found = list(shop.memory.candidates(messages))
    assert found[0] == shop.memory.answer(messages)
    assert "45 days" in found[0].text and len(found) > 2
    assert not any("45 days" in one.text for one in found[1:])
    assert len({one.text for one in found}) == len(found)
    assert not {*found[0].cases} & {case for one in found[1:] for case in one.cases}
    assert list(shop.memory.candidates(desk.ask("  "))) == []


def test_a_reply_that_was_refused_is_not_among_them(shop: Desk) -> None:
    messages = desk.ask("What is your return period?")
    before = [one.text for one in shop.memory.candidates(messages)]
    asked = messages[-1].content
    refused = [
        Refused(refused_id=refused_id(asked, text), asked=asked, reply=text) for text in before
    ]
    after = [one.text for one in shop.memory.with_(refused=refused).candidates(messages)]
    assert not {*before} & {*after}
