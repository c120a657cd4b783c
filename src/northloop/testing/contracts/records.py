"""What every record store does."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from northloop.core.errors import InputError, NotFound
from northloop.core.interaction import (
    Feedback,
    HandoffReason,
    Interaction,
    Outcome,
    ReviewItem,
    Source,
    Step,
)
from northloop.ports.catalogue import TEXT, note
from northloop.ports.stores import Containing, Records, TimeSpan

INTERACTION = Interaction(
    interaction_id="i1",
    conversation_id="c1",
    customer_id="Żółć 🙂",
    tenant="default",
    release="0" * 64,
    at="2026-01-02T03:04:05Z",
    question='"quotes", \\ and a\nnew line, \u0000',
    answer="",
    source=Source.HANDOFF,
    citations=("returns#1", "returns#2"),
    confidence=0.1 + 0.2,
    handoff=HandoffReason.NOT_GROUNDED,
    intent="",
    latency_ms=1e-9,
    trace=(Step(name="retrieve", ms=1.5, decision="hit", evidence={"ids": ("a", "b"), "n": 2.0}),),
)


def asked(name: str, question: str, answer: str = "Yes.") -> Interaction:
    """Return an answer by the model to a question."""
    return msgspec.structs.replace(
        INTERACTION,
        interaction_id=name,
        question=question,
        answer=answer,
        source=Source.GENERATED,
        handoff=None,
    )


@note(found_by="page")
class Jotting(msgspec.Struct, frozen=True):
    """A small record that is found by its page."""

    jotting_id: str
    page: str
    number: int


@note()
class Measured(msgspec.Struct, frozen=True):
    """A small record that is found by its id alone."""

    measured_id: str
    seconds: float


def feedback(number: int, comment: str = "") -> Feedback:
    """Return the feedback of a number; the same number, the same id."""
    return Feedback(
        feedback_id=f"f{number}",
        interaction_id=f"i{number % 2}",
        at="2026-01-01T00:00:00Z",
        rating=1,
        comment=comment,
    )


class RecordsContract:
    """Subclass it and give it a fixture `records`: an empty store."""

    def test_a_record_comes_back_as_it_was(self, records: Records) -> None:
        assert records.add(INTERACTION)
        assert records.get(Interaction, "i1") == records.find(Interaction, "i1") == INTERACTION
        assert records.query(Interaction).rows == [INTERACTION]

    def test_missing_optional_fields_stay_missing(self, records: Records) -> None:
        outcome = Outcome(outcome_id="o", conversation_id="c", at="", resolved=False)
        records.add(outcome)
        assert records.get(Outcome, "o") == outcome

    def test_whoever_looks_for_long_sees_what_is_there(self, records: Records) -> None:
        records.add(feedback(1))
        with records.looking():
            before = records.changes(Feedback), records.changes(Outcome)
            assert records.find(Feedback, "f1") == feedback(1)
            elsewhere = threading.Thread(target=records.add, args=(feedback(2),))
            elsewhere.start()
            elsewhere.join()
            assert records.find(Feedback, "f2") == feedback(2), "at once"
            assert records.query(Feedback, newest=True, limit=1).rows == [feedback(2)]
            with records.looking():
                records.add(feedback(3))
            assert records.count(Feedback) == 3, "its own are seen"
            assert records.changes(Feedback) > before[0]
            with records.transaction():
                records.remove(Feedback, "f3")
                assert records.find(Feedback, "f3") is None
            assert records.count(Feedback) == 2
        assert records.changes(Feedback) > before[0]
        assert records.changes(Outcome) == before[1]
        with pytest.raises(KeyError), records.looking():
            raise KeyError
        elsewhere = threading.Thread(target=records.add, args=(feedback(4),))
        elsewhere.start()
        elsewhere.join()
        assert records.count(Feedback) == 3, "nothing is left of the look"

    def test_adding_the_same_id_again_changes_nothing(self, records: Records) -> None:
        assert records.add(feedback(1, "first"))
        assert not records.add(feedback(1, "second"))
        assert records.query(Feedback).rows == [feedback(1, "first")]

    def test_many_are_added_at_once_and_known_ones_left_alone(self, records: Records) -> None:
        records.add(feedback(3, "first"))
        assert records.add_all([feedback(n) for n in range(2_500)]) == 2_499
        assert records.count(Feedback) == 2_500
        assert records.get(Feedback, "f3").comment == "first"
        assert records.add_all([]) == 0

    def test_unknown_is_not_found(self, records: Records) -> None:
        records.add(feedback(1))
        with pytest.raises(NotFound, match="f2"):
            records.get(Feedback, "f2")
        with pytest.raises(NotFound):
            records.get(Outcome, "f1")
        assert records.find(Outcome, "f1") is None

    def test_several_are_found_by_their_ids(self, records: Records) -> None:
        records.add_all([feedback(n) for n in range(5)])
        wanted = ["f3", "f1", "f1", "unknown", *(f"x{n}" for n in range(1_500))]
        assert records.get_all(Feedback, wanted) == {"f1": feedback(1), "f3": feedback(3)}
        assert records.get_all(Feedback, []) == {}

    def test_replacing_keeps_the_place_and_is_found_by_what_it_is_now(
        self, records: Records
    ) -> None:
        records.add_all([feedback(n) for n in range(3)])
        changed = msgspec.structs.replace(feedback(1, "new"), interaction_id="i9")
        assert records.replace(changed)
        assert [f.comment for f in records.query(Feedback).rows] == ["", "new", ""]
        assert records.query(Feedback, {"interaction_id": "i9"}).rows == [changed]
        assert records.count(Feedback, {"interaction_id": "i1"}) == 0

    def test_replacing_what_is_not_there_adds_it(self, records: Records) -> None:
        assert records.replace(feedback(1))
        assert records.query(Feedback).rows == [feedback(1)]
        assert records.count(Feedback) == 1

    def test_many_are_replaced_or_added_and_keep_their_places(self, records: Records) -> None:
        records.add_all([feedback(n) for n in range(3)])
        before = records.changes(Feedback)
        records.replace_all([])
        assert records.changes(Feedback) == before
        records.replace_all([feedback(3, "x"), feedback(1, "lost"), feedback(4), feedback(1, "b")])
        assert [(f.feedback_id, f.comment) for f in records.query(Feedback).rows] == [
            *(("f0", ""), ("f1", "b"), ("f2", "")),
            *(("f3", "x"), ("f4", "")),
        ]
        assert records.count(Feedback) == 5
        assert records.changes(Feedback) != before

    def test_compare_and_set_changes_only_what_was_expected(self, records: Records) -> None:
        records.add(feedback(1, "a"))
        assert not records.replace(feedback(1, "c"), expected=feedback(1, "b"))
        assert records.get(Feedback, "f1").comment == "a"
        assert records.replace(feedback(1, "c"), expected=feedback(1, "a"))
        assert records.get(Feedback, "f1").comment == "c"
        assert not records.replace(feedback(2), expected=feedback(2)), "there is none"
        assert records.count(Feedback) == 1

    def test_listing_is_in_the_order_of_adding(self, records: Records) -> None:
        numbers = [5, 3, 9, 1, 7]
        for number in numbers:
            records.add(feedback(number))
        assert records.query(Feedback).rows == [feedback(n) for n in numbers]
        assert records.query(Feedback, newest=True).rows == [feedback(n) for n in numbers[::-1]]
        assert records.query(Feedback, newest=True, limit=2).rows == [feedback(7), feedback(1)]
        assert records.query(Feedback, limit=0).rows == []

    def test_order_outlives_removal(self, records: Records) -> None:
        for number in range(4):
            records.add(feedback(number))
        records.remove(Feedback, "f3")
        records.add(feedback(0, "ignored"))
        records.add(feedback(9))
        assert [f.feedback_id for f in records.query(Feedback).rows] == ["f0", "f1", "f2", "f9"]

    def test_conditions_hold_together(self, records: Records) -> None:
        records.add_all([feedback(n) for n in range(6)])
        records.add(msgspec.structs.replace(feedback(7), rating=-1, at="2026-02-01T00:00:00Z"))
        found = records.query(Feedback, {"interaction_id": "i1", "rating": 1}).rows
        assert found == [feedback(1), feedback(3), feedback(5)]
        either = {"interaction_id": ["i1", "i0"], "rating": (1, -1)}
        assert records.count(Feedback, either) == 7
        assert records.count(Feedback, {"interaction_id": []}) == 0
        assert records.count(Feedback, {"at": TimeSpan(since="2026-02-01")}) == 1
        assert records.count(Feedback, {"at": TimeSpan(until="2026-02-01")}) == 6
        day = TimeSpan(since="2026-01-01T00:00:00Z", until="2026-02-01T00:00:00Z")
        assert records.count(Feedback, {"at": day, "rating": 1}) == 6

    def test_enumerations_flags_and_nothing_are_conditions(self, records: Records) -> None:
        answered = msgspec.structs.replace(
            INTERACTION, interaction_id="i2", source=Source.GENERATED, handoff=None
        )
        records.add_all([INTERACTION, answered])
        found = records.query(Interaction, {"handoff": HandoffReason.NOT_GROUNDED}).rows
        assert found == [INTERACTION]
        assert records.query(Interaction, {"handoff": None}).rows == [answered]
        for number, uniform in enumerate((True, False)):
            records.add(
                ReviewItem(
                    review_id=f"r{number}",
                    interaction_id="i1",
                    at="",
                    probability=0.1,
                    uniform=uniform,
                )
            )
        assert [r.review_id for r in records.query(ReviewItem, {"uniform": True}).rows] == ["r0"]

    def test_words_are_searched_for_in_question_and_answer(self, records: Records) -> None:
        tent = asked("tent", "MAY I return a 100% Größe? (Really)", answer="Yes, the o'Neil!")
        records.add_all([INTERACTION, tent])
        for words in (
            "may return",
            "RETURN  yes",
            "größe",
            "GRÖSSE",
            "100%",
            "turn",
            "o'neil",
            "(r",
        ):
            assert records.query(Interaction, {TEXT: Containing(words)}).rows == [tent], words
        for words in ("boots", "return boots", "_", "a%b", "returns", "NEAR(may return)", "*"):
            assert records.query(Interaction, {TEXT: Containing(words)}).rows == [], words
        assert records.count(Interaction, {TEXT: Containing("")}) == 2
        assert records.count(Interaction, {TEXT: Containing("a")}) == 2, "and, a"

    def test_a_word_of_a_letter_or_two_is_found_where_a_word_begins(self, records: Records) -> None:
        texts = ("to be", "a boot (torn)", "into", "x-to", "Żółć")
        records.add_all([asked(text, text) for text in texts])

        def found(words: str) -> set[str]:
            page = records.query(Interaction, {TEXT: Containing(words)})
            return {interaction.interaction_id for interaction in page.rows}

        assert found("to") == {"to be", "a boot (torn)", "x-to"}
        assert found("b") == {"to be", "a boot (torn)"}
        assert found("ż") == found("żó") == found("ółć") == {"Żółć"}
        assert found("ół") == set()
        assert found("to b") == {"to be", "a boot (torn)"}

    def test_scripts_without_spaces_are_found_anywhere(self, records: Records) -> None:
        texts = ("我想退货,谢谢", "テントを返品したい", "ขอคืนสินค้า", "abc退货def", "возврат 退 货")
        records.add_all([asked(text, text) for text in texts])

        def found(words: str) -> list[str]:
            page = records.query(Interaction, {TEXT: Containing(words)})
            return [interaction.interaction_id for interaction in page.rows]

        assert found("退货") == [texts[0], texts[3], texts[4]]
        assert found("货") == [texts[0], texts[3], texts[4]]
        assert found("返品") == [texts[1]]
        assert found("คืน") == [texts[2]]
        assert found("bc退货de") == [texts[3]]
        assert found("ВОЗВРАТ") == found("озвр") == [texts[4]]
        assert found("退品") == []

    def test_words_and_other_conditions_hold_together(self, records: Records) -> None:
        days = [f"2026-01-{day:02}T00:00:00Z" for day in range(1, 21)]
        for number, day in enumerate(days):
            name = f"n{number}"
            tenant = "north" if number % 2 else "south"
            changed = {"tenant": tenant, "at": day, "reviewed": number % 5 == 0}
            records.add(msgspec.structs.replace(asked(name, f"tent {number}"), **changed))
        tents = {TEXT: Containing("tent")}

        def found(**where: object) -> list[str]:
            page = records.query(Interaction, {**tents, **where}, newest=True)
            return [interaction.interaction_id for interaction in page.rows]

        assert found(tenant="north", reviewed=True) == ["n15", "n5"]
        assert found(tenant=["north", "south"], reviewed=True) == ["n15", "n10", "n5", "n0"]
        assert found(tenant=()) == found(tenant="west") == []
        assert found(handoff=HandoffReason.NOT_GROUNDED) == []
        assert found(at=TimeSpan(since=days[17])) == ["n19", "n18", "n17"]
        assert found(at=TimeSpan(since=days[3], until=days[5]), tenant="north") == ["n3"]
        assert found(at=TimeSpan(until=days[2])) == ["n1", "n0"]
        assert found(at=TimeSpan(since="2027")) == []
        assert records.count(Interaction, {**tents, "source": Source.GENERATED}) == 20
        page = records.query(Interaction, tents, newest=True, limit=2)
        page = records.query(Interaction, tents, newest=True, limit=2, after=page.last)
        assert [i.interaction_id for i in page.rows] == ["n17", "n16"]
        page = records.query(Interaction, tents, limit=2, after=page.last)
        assert [i.interaction_id for i in page.rows] == ["n17", "n18"]

    def test_words_follow_what_is_changed_removed_and_taken_back(self, records: Records) -> None:
        tent = asked("tent", "about a tent")
        records.add(tent)

        def count(words: str) -> int:
            return records.count(Interaction, {TEXT: Containing(words)})

        records.replace(msgspec.structs.replace(tent, answer="It is a lantern."))
        assert (count("lantern"), count("tent")) == (1, 1)
        with pytest.raises(KeyError), records.transaction():
            records.replace(msgspec.structs.replace(tent, question="about boots"))
            assert (count("boots"), count("tent")) == (1, 0)
            raise KeyError
        assert (count("boots"), count("lantern")) == (0, 1)
        records.remove(Interaction, "tent")
        assert count("tent") == count("lantern") == 0

    def test_what_is_no_column_cannot_be_asked_for(self, records: Records) -> None:
        for where in ({"comment": "x"}, {"": "x"}, {TEXT: "x"}):
            with pytest.raises(InputError, match=r"Feedback cannot be found by .*interaction_id"):
                records.query(Feedback, where)

    def test_a_type_that_is_not_declared_is_refused(self, records: Records) -> None:
        class Undeclared(msgspec.Struct):
            undeclared_id: str

        with pytest.raises(InputError, match=r"Undeclared is no record.*catalogue"):
            records.add(Undeclared("u"))
        with pytest.raises(InputError, match="is no record"):
            records.count(Undeclared)

    def test_small_records_of_one_module_are_found_by_id_and_subject(
        self, records: Records
    ) -> None:
        records.add_all([Jotting(f"j{n}", f"page {n % 2}", n) for n in range(4)])
        assert records.get(Jotting, "j2") == Jotting("j2", "page 0", 2)
        found = records.query(Jotting, {"page": "page 1"}).rows
        assert [j.number for j in found] == [1, 3]
        records.add(Measured("j1", 0.5))
        assert records.remove(Measured, "j1")
        assert (records.count(Jotting), records.count(Measured)) == (4, 0)
        with pytest.raises(InputError, match="Measured cannot be found by 'page'"):
            records.query(Measured, {"page": "x"})

    def test_pages_are_stable_while_records_come_and_go(self, records: Records) -> None:
        records.add_all([feedback(n) for n in range(10)])
        seen: list[str] = []
        page = records.query(Feedback, newest=True, limit=3)
        extra = 100
        while True:
            seen += [f.feedback_id for f in page.rows]
            if not page.more:
                break
            records.add(feedback(extra))
            extra += 1
            records.remove(Feedback, seen[-1])
            page = records.query(Feedback, newest=True, limit=3, after=page.last)
        assert seen == [f"f{n}" for n in reversed(range(10))]

    def test_what_came_since_a_place_can_be_asked_for(self, records: Records) -> None:
        records.add_all([feedback(n) for n in range(4)])
        page = records.query(Feedback)
        assert (page.more, len(page.rows)) == (False, 4)
        assert records.query(Feedback, after=page.last).rows == []
        assert records.query(Feedback, after=page.last).last == page.last
        records.add(feedback(4))
        assert records.query(Feedback, after=page.last).rows == [feedback(4)]
        assert records.count(Feedback, after=page.last) == 1
        assert records.query(Outcome).last == ""

    @pytest.mark.parametrize("place", ["x", "-1", "1; DROP TABLE", "9" * 30, "²"])
    def test_what_is_no_place_is_refused(self, records: Records, place: str) -> None:
        with pytest.raises(InputError, match="no place in a list"):
            records.query(Feedback, after=place)

    def test_kinds_do_not_mix(self, records: Records) -> None:
        records.add(Outcome(outcome_id="same", conversation_id="c", at="", resolved=True))
        records.add(msgspec.structs.replace(feedback(1), feedback_id="same"))
        records.remove(Outcome, "same")
        assert (records.count(Outcome), records.count(Feedback)) == (0, 1)

    def test_removing_forgets_one_record_and_twice_is_fine(self, records: Records) -> None:
        records.add(feedback(1))
        records.add(feedback(2))
        assert records.remove(Feedback, "f1")
        assert not records.remove(Feedback, "f1")
        assert records.query(Feedback).rows == [feedback(2)]
        assert records.add(feedback(1))

    def test_hostile_ids_and_values_are_only_text(self, records: Records) -> None:
        hostile = "'; DROP TABLE northloop_feedback; -- %_\\"
        evil = msgspec.structs.replace(feedback(1), feedback_id=hostile, interaction_id=hostile)
        records.add(evil)
        records.add(feedback(2))
        assert records.get(Feedback, hostile) == evil
        assert records.query(Feedback, {"interaction_id": hostile}).rows == [evil]
        assert records.count(Feedback, {"interaction_id": "%"}) == 0

    def test_a_closed_store_can_be_used_again(self, records: Records) -> None:
        records.add(feedback(1))
        records.close()
        records.add(feedback(2))
        records.close()
        assert records.query(Feedback).rows == [feedback(1), feedback(2)]

    def test_every_change_of_a_type_shows_in_its_number(self, records: Records) -> None:
        seen = [records.changes(Feedback)]
        others = records.changes(Outcome)

        def changed() -> bool:
            seen.append(records.changes(Feedback))
            return seen[-1] not in seen[:-1]

        records.add(feedback(1))
        assert changed()
        records.replace(feedback(1, "other"))
        assert changed()
        records.add_all([feedback(2), feedback(3)])
        assert changed()
        records.remove(Feedback, "f1")
        assert changed()
        with records.transaction():
            records.add(feedback(9))
        assert changed()
        records.add(feedback(9))
        records.remove(Feedback, "unknown")
        assert records.changes(Feedback) == seen[-1], "nothing happened"
        assert records.changes(Outcome) == others
        assert records.changes(Feedback, Outcome) == seen[-1] + others
        assert records.count(Feedback) == 3

    def test_counters_count(self, records: Records) -> None:
        assert records.number("seen") == 0
        assert records.increment("seen") == 1
        assert records.increment("seen", 5) == 6
        assert records.increment("other", -2) == -2
        assert (records.number("seen"), records.number("other")) == (6, -2)

    def test_a_transaction_happens_whole(self, records: Records) -> None:
        records.add(feedback(1))
        with records.transaction():
            records.add(feedback(2))
            records.remove(Feedback, "f1")
            records.increment("seen")
            assert records.query(Feedback).rows == [feedback(2)], "inside, it is done already"
            assert (records.count(Feedback), records.number("seen")) == (1, 1)
        assert records.query(Feedback).rows == [feedback(2)]
        assert (records.count(Feedback), records.number("seen")) == (1, 1)

    def test_a_transaction_that_fails_leaves_nothing(self, records: Records) -> None:
        records.add(feedback(1))
        before = records.changes(Feedback)
        with pytest.raises(KeyError), records.transaction():
            records.add(feedback(2))
            records.replace(feedback(1, "new"))
            records.remove(Feedback, "f1")
            records.increment("seen")
            raise KeyError
        assert records.query(Feedback).rows == [feedback(1)]
        assert (records.number("seen"), records.changes(Feedback)) == (0, before)
        assert records.add(feedback(2)), "and the store goes on"
        assert records.count(Feedback) == 2

    def test_a_transaction_inside_another_is_part_of_it(self, records: Records) -> None:
        with pytest.raises(KeyError), records.transaction():
            with records.transaction():
                records.add(feedback(1))
            raise KeyError
        assert records.count(Feedback) == 0

    def test_of_a_failed_transaction_inside_another_only_it_is_taken_back(
        self, records: Records
    ) -> None:
        with records.transaction():
            records.add(feedback(1))
            with pytest.raises(KeyError), records.transaction():
                records.add(feedback(2))
                raise KeyError
            records.add(feedback(3))
        assert records.query(Feedback).rows == [feedback(1), feedback(3)]
        assert records.count(Feedback) == 2

    def test_readers_see_nothing_half_done(self, records: Records) -> None:
        inside, seen = threading.Event(), threading.Event()

        def change() -> None:
            with records.transaction():
                records.add_all([feedback(1), feedback(2)])
                inside.set()
                seen.wait(0.3)
                records.add(feedback(3))

        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(change)
            assert inside.wait(10)
            found = records.count(Feedback, {"rating": 1})
            seen.set()
            done.result()
        assert found in (0, 3)
        assert records.count(Feedback) == 3

    def test_of_many_threads_that_add_one_id_exactly_one_succeeds(self, records: Records) -> None:
        with ThreadPoolExecutor(8) as pool:
            added = list(pool.map(lambda n: records.add(feedback(n % 25)), range(200)))
        assert sum(added) == records.count(Feedback) == 25

    def test_no_thread_s_transaction_is_lost(self, records: Records) -> None:
        records.add(feedback(1, "0"))

        def raised(_: int) -> None:
            with records.transaction():
                so_far = int(records.get(Feedback, "f1").comment)
                records.replace(feedback(1, str(so_far + 1)))

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(raised, range(60)))
        assert records.get(Feedback, "f1").comment == "60"
