from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from northloop.adapters.embedded.kept import Kept


def test_the_longest_unasked_for_goes() -> None:
    kept: Kept[int] = Kept(2)
    kept.keep({"one": 1, "two": 2})
    assert kept.of(["one", "one", "none"]) == {"one": 1}
    kept.keep({"three": 3})
    assert kept.of(["one", "two", "three"]) == {"one": 1, "three": 3}


def test_what_is_kept_anew_is_the_newest() -> None:
    kept: Kept[int] = Kept(2)
    kept.keep({"one": 1, "two": 2})
    kept.keep({"one": 10})
    kept.keep({"three": 3})
    assert kept.of(["one", "two", "three"]) == {"one": 10, "three": 3}


def test_nothing_is_kept_where_there_is_no_room() -> None:
    kept: Kept[int] = Kept(0)
    kept.keep({"one": 1})
    assert not len(kept)


def test_many_threads_keep_no_more_than_the_most() -> None:
    kept: Kept[int] = Kept(50)

    def work(first: int) -> None:
        for n in range(first, first + 400):
            kept.keep({str(n): n})
            assert kept.of([str(n)]) in ({str(n): n}, {})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, (0, 100, 200, 300)))
    assert len(kept) == 50
