from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from bounded import bounded
from northloop.adapters.embedded import linear_heads
from northloop.adapters.embedded.linear_heads import HEAD, WEIGHTS, LinearHeads, tokens
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.errors import ConfigurationError, CorruptArtefact, InputError
from northloop.statistics import softmax
from northloop.testing.models import HashEmbedder

ABOUT = {
    "refund": ("my money back", "the refund", "a reimbursement", "the sum I paid"),
    "parcel": ("my parcel", "the delivery", "the shipment", "what I ordered"),
    "size": ("boots one size up", "a larger jacket", "the right size", "smaller gloves"),
}
FORMS = ("Where is {}?", "I am still waiting for {}.", "Please help me with {}", "{}, when?")
ROWS = [
    (form.format(what), label)
    for (label, whats), form in product(ABOUT.items(), FORMS)
    for what in whats
]
TEXTS, LABELS = [text for text, _ in ROWS], [label for _, label in ROWS]


@pytest.fixture(scope="module")
def heads() -> LinearHeads:
    return LinearHeads(WordEmbedder())


@pytest.fixture(scope="module")
def files(heads: LinearHeads) -> dict[str, bytes]:
    return heads.fit(TEXTS, LABELS)


def told(heads: LinearHeads, files: dict[str, bytes], *texts: str) -> list[str]:
    head = heads.load(files)
    return [head.labels[row.argmax()] for row in head.probabilities(texts)]


def test_it_tells_what_it_has_learnt(heads: LinearHeads, files: dict[str, bytes]) -> None:
    asked = ("I want a refund, please", "has the parcel left?", "these boots are a size too small")
    assert told(heads, files, *asked) == ["refund", "parcel", "size"]


def test_probabilities_are_of_its_labels_in_order(
    heads: LinearHeads, files: dict[str, bytes]
) -> None:
    head = heads.load(files)
    assert head.labels == ("parcel", "refund", "size")
    found = head.probabilities(["Where is the parcel?", "size"])
    assert found.shape == (2, 3) and found.dtype == np.float64
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert head.probabilities([]).shape == (0, 3)


def test_the_same_rows_give_the_same_bytes(heads: LinearHeads, files: dict[str, bytes]) -> None:
    assert heads.fit(TEXTS, LABELS) == files
    assert heads.fit(TEXTS[1:], LABELS[1:]) != files


def test_a_text_does_not_depend_on_its_neighbours(
    heads: LinearHeads, files: dict[str, bytes]
) -> None:
    head = heads.load(files)
    together = head.probabilities(TEXTS[:20])
    apart = np.concatenate([head.probabilities([text]) for text in TEXTS[:20]])
    np.testing.assert_allclose(together, apart, atol=1e-5)


@pytest.mark.parametrize("text", ["", "  ?!", "где мой заказ", "注文", "zzqx wvut", "🙂"])
def test_without_a_known_word_all_labels_are_equally_likely(
    heads: LinearHeads, files: dict[str, bytes], text: str
) -> None:
    np.testing.assert_allclose(heads.load(files).probabilities([text]), 1 / 3)


def test_a_huge_text_is_read_in_part(heads: LinearHeads, files: dict[str, bytes]) -> None:
    assert told(heads, files, "where is my parcel " * 50_000) == ["parcel"]


CHINESE = {
    "退款": ["我要退款", "退款什么时候到", "申请退款"],
    "物流": ["快递到哪里了", "物流信息", "快递很慢"],
}
RUSSIAN = {
    "возврат": ["хочу вернуть деньги", "верните деньги"],
    "адрес": ["смените адрес", "новый адрес"],
}


@pytest.mark.parametrize(
    ("rows", "asked", "label"),
    [(CHINESE, "什么时候退款？", "退款"), (RUSSIAN, "верните мои деньги", "возврат")],
)
def test_other_languages(
    heads: LinearHeads, rows: dict[str, list[str]], asked: str, label: str
) -> None:
    texts = [text for own in rows.values() for text in own]
    labels = [name for name, own in rows.items() for _ in own]
    assert told(heads, heads.fit(texts, labels), asked) == [label]


def test_two_rows_are_enough(heads: LinearHeads) -> None:
    files = heads.fit(["where is my parcel", "refund me"], ["parcel", "refund"])
    assert told(heads, files, "my parcel", "a refund") == ["parcel", "refund"]


def test_one_group_is_enough(heads: LinearHeads) -> None:
    files = heads.fit(TEXTS, LABELS, ["all"] * len(TEXTS))
    assert told(heads, files, "the refund") == ["refund"]


def test_a_label_with_one_row_is_known(heads: LinearHeads) -> None:
    files = heads.fit([*TEXTS, "the voucher code is refused"], [*LABELS, "voucher"])
    assert told(heads, files, "my voucher code is refused") == ["voucher"]


def test_contradicting_labels_make_it_less_sure(heads: LinearHeads) -> None:
    turned = [*LABELS[16:], *LABELS[:16]]
    clear = heads.load(heads.fit(TEXTS * 2, LABELS * 2)).probabilities(TEXTS).max(axis=1)
    torn = heads.load(heads.fit(TEXTS * 2, LABELS + turned)).probabilities(TEXTS).max(axis=1)
    assert torn.mean() < 0.8 < clear.mean()


@pytest.mark.parametrize("labels", [[], ["one"] * len(TEXTS)])
def test_one_label_tells_nothing_apart(heads: LinearHeads, labels: list[str]) -> None:
    with pytest.raises(InputError, match="nothing can be told apart"):
        heads.fit(TEXTS[: len(labels)], labels)


def test_sequences_must_fit_one_another(heads: LinearHeads) -> None:
    with pytest.raises(InputError, match="2 labels"):
        heads.fit(["a"], ["x", "y"])
    with pytest.raises(InputError, match="1 groups"):
        heads.fit(["a", "b"], ["x", "y"], ["g"])


def test_a_thousand_labels(heads: LinearHeads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_heads, "MOST_WEIGHTS", 500_000)
    names = [f"intent {n}" for n in range(1000)]
    with bounded(60.0):
        files = heads.fit([f"word{n} please {n % 7}" for n in range(1000)], names)
    assert len(json.loads(files[HEAD])["tokens"]) == 500, "not all that were seen"
    assert heads.load(files).probabilities(["word7 please"]).shape == (1, 1000)


def test_of_too_many_rows_some_of_the_commonest_are_learnt(
    heads: LinearHeads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear_heads, "MOST_CELLS", 300)
    many = [f"where is parcel number {n} now" for n in range(2000)]
    files = heads.fit([*many, *TEXTS], ["parcel"] * 2000 + LABELS)
    asked = ("Where is the refund?", "a larger jacket", "where is my parcel")
    assert told(heads, files, *asked) == ["refund", "size", "parcel"]


def test_files_on_disk_are_read_too(
    heads: LinearHeads, files: dict[str, bytes], tmp_path: Path
) -> None:
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    head = heads.load({name: tmp_path / name for name in files})
    np.testing.assert_array_equal(
        head.probabilities(TEXTS[:3]), heads.load(files).probabilities(TEXTS[:3])
    )


def test_a_head_of_other_vectors_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(ConfigurationError, match="hash-64"):
        LinearHeads(HashEmbedder()).load(files)


def test_a_head_of_before_reads_by_the_embedder_it_was_fitted_on(
    heads: LinearHeads, files: dict[str, bytes]
) -> None:
    words = WordEmbedder()
    later = LinearHeads(HashEmbedder(), {words.name: words}.get)
    head = later.load(files)
    assert head.embedder == words.name
    np.testing.assert_array_equal(
        head.probabilities(TEXTS[:3]), heads.load(files).probabilities(TEXTS[:3])
    )
    again = later.relearning(head, TEXTS, LABELS, words.embed(TEXTS))
    assert set(again(["Is there a lift?"], ["lift"]).labels) == {*head.labels, "lift"}


@pytest.mark.parametrize("name", [HEAD, WEIGHTS, "words.npy", "centre.npy"])
@pytest.mark.parametrize("data", [None, b"", b"{}", b"\x93NUMPY rubbish"])
def test_a_broken_file_is_named_so(
    heads: LinearHeads, files: dict[str, bytes], name: str, data: bytes | None
) -> None:
    broken = {key: value for key, value in files.items() if key != name}
    with pytest.raises(CorruptArtefact):
        heads.load(broken if data is None else {**broken, name: data})


def test_its_name_follows_from_the_vectors(heads: LinearHeads) -> None:
    assert heads.name != LinearHeads(HashEmbedder()).name


def test_tokens_of_any_script() -> None:
    assert set(tokens("Returning it")) == {"~retu", "returning", "it", "returning it"}
    assert set(tokens("退货 ok")) == {"退", "货", "ok", "退 货", "货 ok"}
    assert list(tokens(" ?! ")) == []


def test_a_head_like_another_takes_its_calibration_over(
    heads: LinearHeads, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    like = heads.load(files)
    tried: list[int] = []
    fitted = softmax.fitted
    monkeypatch.setattr(softmax, "fitted", lambda *of: tried.append(1) or fitted(*of))
    other = heads.load(heads.fit(TEXTS[3:], LABELS[3:], (), like))
    assert len(tried) == 1
    own = [(c.temperature, c.doubt, c.strength) for c in (other.card, like.card)]
    assert own[0] == own[1]
    assert not np.array_equal(other.arrays.weights, like.arrays.weights)
