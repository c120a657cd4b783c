"""Rows are made once: what stays the same is looked up, what is new is made."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

import msgspec
import pytest

from northloop.core.conversation import Quarantined, RawTicket
from northloop.core.errors import InputError
from northloop.core.ids import Hash, content_hash
from northloop.ports.workers import Done, DoneHere, Work, here
from northloop.stages.data import lots, reading
from northloop.stages.data.prepare import Prepared, PrepareSpec, prepare
from northloop.stages.data.reading import Resources
from northloop.stages.data.sources import SourceFile, read

SPEC = PrepareSpec(key=b"k" * 32)


class Shop:
    """Prepares an export again and again, and counts what the workers are given."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "export.csv"
        self.kept: dict[Hash, DoneHere] = {}
        self.given = 0

    def done(self, way: Hash) -> Done:
        return self.kept.setdefault(way, DoneHere())

    def work(self, work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Do pieces in another order than they come."""
        some = list(pieces)
        self.given = len(some)
        yield from here(work, reversed(some))

    def prepared(self, rows: Sequence[Mapping[str, str]], spec: PrepareSpec = SPEC) -> Prepared:
        with self.path.open("w", newline="") as file:
            out = csv.DictWriter(file, rows[0])
            out.writeheader()
            out.writerows(rows)
        return prepare(
            spec, [SourceFile(self.path)], resources=Resources(workers=self.work, done=self.done)
        )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def row(n: int, **more: str) -> dict[str, str]:
    return {
        "id": str(n),
        "question": f"Where is the {('tent', 'lamp', 'stove')[n % 3]} of order {n} please?",
        "reply": f"It left our store on the {n % 28 + 1}th, dear customer.",
        "created_at": f"2025-03-{n % 28 + 1:02}",
        **more,
    }


def whole(made: Prepared) -> Hash:
    return content_hash([list(made.examples), list(made.history), list(made.quarantine), made.card])


def test_the_second_time_nothing_is_made(shop: Shop) -> None:
    rows = [row(n) for n in range(30)]
    first = shop.prepared(rows)
    assert shop.given == 30
    second = shop.prepared(rows)
    assert shop.given == 0
    assert whole(first) == whole(second)


def test_of_an_export_that_grew_only_the_new_rows_are_made(shop: Shop, tmp_path: Path) -> None:
    shop.prepared([row(n) for n in range(30)])
    # In front of the others: where a row stands makes no difference.
    grown = [row(n) for n in (90, 91, *range(30))]
    made = shop.prepared(grown)
    assert shop.given == 2
    anew = Shop(tmp_path)
    assert whole(anew.prepared(grown)) == whole(made)


def test_rows_that_say_the_same_are_made_once_and_all_counted(shop: Shop) -> None:
    made = shop.prepared([row(1, id="")] * 6)
    assert shop.given == 1
    assert made.card.rows.kept + made.card.rows.merged == 6
    assert [t.ticket_id for t in made.history] == [f"export.csv:{n}" for n in range(1, 7)]


@pytest.mark.parametrize(
    "change",
    [
        {"sensitive": "pseudonymise"},
        {"public_names": ("Northpole",)},
        {"rules": {"where": ("where",)}},
        {"max_question_words": 4},
        {"zone": "Europe/Berlin"},
        {"key": b"j" * 32},
    ],
)
def test_another_way_of_making_them_makes_all_anew(shop: Shop, change: dict[str, object]) -> None:
    rows = [row(n) for n in range(12)]
    shop.prepared(rows)
    shop.prepared(rows, msgspec.structs.replace(SPEC, **change))
    assert shop.given == 12


@pytest.mark.parametrize("change", [{"test_share": 0.3}, {"min_reply_words": 5}, {"seed": 9}])
def test_what_comes_after_them_makes_none_anew(shop: Shop, change: dict[str, object]) -> None:
    rows = [row(n) for n in range(12)]
    shop.prepared(rows)
    shop.prepared(rows, msgspec.structs.replace(SPEC, **change))
    assert shop.given == 0


def test_dates_are_read_anew_where_the_column_turns_out_to_be_written_otherwise(
    shop: Shop,
) -> None:
    rows = [row(n, created_at=f"0{n}/05/2025") for n in range(1, 9)]
    shop.prepared(rows)
    assert shop.given == 8
    after = shop.prepared(
        [*rows, row(20, created_at="05/25/2025"), row(21, created_at="2025-01-02")]
    )
    assert shop.given == 10, "the old rows mean other days now"
    assert after.card.date_order == {"created_at": "month first"}
    assert {t.created_at for t in after.history if t.ticket_id == "3"} == {"2025-03-05T00:00:00Z"}


def test_rows_with_plain_dates_stay_made_when_the_order_of_others_changes(shop: Shop) -> None:
    plain = [row(n) for n in range(10)]
    shop.prepared([*plain, row(50, created_at="13/05/2025")])
    shop.prepared([*plain, row(50, created_at="05/13/2025")])
    assert shop.given == 1


def test_what_was_made_says_nothing_of_a_person(shop: Shop) -> None:
    secret = row(1, question="My mail is jo.fox@example.org, where is my tent now?")
    shop.prepared([secret, row(2)])
    (kept,) = shop.kept.values()
    for key, body in vars(kept)["_results"].items():
        assert b"jo.fox" not in key + body


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are gone through, as often as they are."""
    names: list[str] = []

    def noted(source: SourceFile) -> Iterator[RawTicket | Quarantined]:
        names.append(source.label)
        return read(source)

    monkeypatch.setattr(reading, "read", noted)
    return names


def test_a_file_that_has_not_changed_is_not_opened_again(shop: Shop, opened: list[str]) -> None:
    rows = [row(n, question=f"My name is Jo Fox. Where is order {n}?") for n in range(30)]
    first = shop.prepared(rows)
    assert opened == ["export.csv"]
    assert first.card.samples
    assert whole(shop.prepared(rows)) == whole(first)
    assert opened == ["export.csv"]
    shop.prepared([*rows, row(40)])
    assert opened == ["export.csv"] * 2


def test_a_file_beside_others_is_what_it_was_alone(
    shop: Shop, tmp_path: Path, opened: list[str]
) -> None:
    def day(n: int, written: str) -> dict[str, str]:
        return row(n, created_at=written)

    months_first = [day(n, f"0{n}/25/2025") for n in range(1, 6)]
    shop.prepared(months_first)
    other = tmp_path / "other.csv"
    shop.path.rename(other)
    open_ = [day(n, f"0{n}/03/2025") for n in range(7, 9)]
    shop.prepared(open_)
    opened.clear()

    def both(shop: Shop) -> Prepared:
        sources = [SourceFile(tmp_path / "export.csv"), SourceFile(other, name="other.csv")]
        return prepare(SPEC, sources, resources=Resources(workers=shop.work, done=shop.done))

    made = both(shop)
    assert made.card.date_order == {"created_at": "month first"}
    assert "export.csv" in opened, "what its dates mean follows from all files"
    assert whole(both(Shop(tmp_path))) == whole(made)


def test_people_are_masked_in_bad_rows_also_where_their_file_is_not_opened(
    shop: Shop, tmp_path: Path
) -> None:
    shop.prepared([row(n, agent="wim de smet") for n in range(8)])
    (tmp_path / "bad.csv").write_text('id,question,reply\n1,"wim de smet said so,unclosed\n')
    sources = [SourceFile(shop.path), SourceFile(tmp_path / "bad.csv")]
    made = prepare(SPEC, sources, resources=Resources(workers=shop.work, done=shop.done))
    assert made.quarantine
    assert "smet" not in str([*made.quarantine])


def test_a_file_that_changes_while_it_is_read_is_opened_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    rows = [row(n) for n in range(5)]
    changing = count()
    monkeypatch.setattr(reading, "file_hash", lambda _: str(next(changing)))
    shop.prepared(rows)
    shop.prepared(rows)
    assert len(opened) == 2


class Forgetful(DoneHere):
    """Loses everything while it is still needed."""

    def put(self, results: Mapping[bytes, bytes]) -> None:
        """Keep nothing."""


def test_what_is_lost_meanwhile_is_said(shop: Shop) -> None:
    shop.done = lambda way: Forgetful()  # type: ignore[method-assign]
    with pytest.raises(InputError, match="removed in the meantime"):
        shop.prepared([row(1), row(2)])


def test_what_was_lost_is_made_the_next_time(shop: Shop) -> None:
    rows = [row(1), row(2)]
    first = shop.prepared(rows)
    (kept,) = shop.kept.values()
    results = vars(kept)["_results"]
    for key in [key for key, body in results.items() if b"order" in body]:
        del results[key]
    with pytest.raises(InputError, match="do the same again"):
        shop.prepared(rows)
    assert whole(shop.prepared(rows)) == whole(first)


def test_lots_are_put_together_while_others_are_made(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.prepared([row(n) for n in range(200)])
    monkeypatch.setattr(reading, "AT_ONCE", 10)
    monkeypatch.setattr(lots, "USUAL", 10)
    handed = 0

    def work(work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal handed
        for handed, piece in enumerate(pieces, 1):  # noqa: B007
            yield from here(work, [piece])

    resources = Resources(workers=work)
    begun = reading.Reading([SourceFile(shop.path)], SPEC.making(), resources)
    stood = begun.made("1", lambda _: ())
    first = next(stood)
    assert handed < 150
    rows = [*first.rows, *(r for one in stood for r in one.rows)]
    assert rows == [*range(1, 201)]


def test_where_too_many_are_on_their_way_lots_wait_for_all(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "USUAL", 10)
    rows = [row(n) for n in range(80)]
    whole_ = whole(shop.prepared(rows))
    monkeypatch.setattr(reading, "AT_ONCE", 10)
    monkeypatch.setattr(reading, "REMEMBERED", 25)
    assert whole(Shop(tmp_path).prepared(rows)) == whole_
    assert whole(Shop(tmp_path).prepared(rows[::-1])) == whole(shop.prepared(rows[::-1]))
