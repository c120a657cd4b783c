from pathlib import Path

from worlds import traffic

from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.interaction import Interaction, ReviewItem, VerdictKind
from northloop.loop.journal import InteractionJournal, customers
from northloop.stages.monitoring import queue, review, scorecard, tally
from northloop.stages.monitoring.sampling import ReviewBudget, Traffic


def test_a_store_is_filled_as_if_each_had_been_asked(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    journal = InteractionJournal(records, ReviewBudget())
    stream = traffic.Stream(answers=5_001)
    assert journal.keep_all(traffic.interactions(stream)) == 5_001
    assert journal.keep_all(traffic.interactions(stream)) == 0, "they are known"
    kept = [*customers(records)]
    assert records.get(Traffic, "all") == Traffic.of(kept)
    drawn, given = records.count(ReviewItem), records.get(Traffic, "all").given
    assert given - 5 < drawn < given + 1, "one a unit; now and then one stretch holds two points"
    (totals,) = tally.all_totals(records).values()
    sent = [i for i in kept if tally.group_of(i) == tally.SENT]
    assert (totals.everything, totals.items(tally.SENT)) == (len(kept), len(sent))
    for item in queue.waiting(records, 120):
        said = review.Judgement(review_id=item.review_id, kind=VerdictKind.CORRECT, reviewer="a")
        review.submit(records, said, "2026-03-01")
    (card,) = scorecard.scorecards(records)
    assert card.reviewed + card.held_reviewed > 90
    assert card.accuracy is not None
    assert card.accuracy.value == 1.0
    records.close()


def test_the_same_stream_gives_the_same_traffic() -> None:
    first, again = ([*traffic.interactions(traffic.Stream(answers=50))] for _ in range(2))
    assert first == again
    assert len({i.interaction_id for i in first}) == 50
    assert isinstance(first[0], Interaction)
