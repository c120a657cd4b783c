"""Ratings and corrected answers beside logs of language models, as each tool writes them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, opened, read
from stages.data.sources.shapes.exported import lines, raws, written

NAME = "Logs of a language model"
ASKED, WRONG, RIGHT = "Where is parcel {}?", "It is lost, sorry.", "It is in town {}."
CALLS = range(3)


def asked(n: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": ASKED.format(n)}]


def traces() -> list[dict[str, Any]]:
    return [{"id": f"t{n}", "timestamp": f"2026-11-02T10:0{n}:00Z", "name": "chat", "sessionId": "",
             "userId": f"u{n}", "input": {"messages": asked(n)},
             "output": {"role": "assistant", "content": WRONG}} for n in CALLS]  # fmt: skip


def inferences() -> list[dict[str, Any]]:
    return [{"id": f"i{n}", "episode_id": f"e{n}", "function_name": "support",
             "timestamp": f"2026-11-02T10:0{n}:00Z",
             "input": {"messages": [{"role": "user", "content": [
                 {"type": "text", "text": ASKED.format(n)}]}]},
             "output": [{"type": "text", "text": WRONG}]} for n in CALLS]  # fmt: skip


def runs() -> list[dict[str, Any]]:
    return [{"id": f"r{n}", "run_type": "chain", "session_id": "project", "trace_id": f"r{n}",
             "start_time": f"2026-11-02T10:0{n}:00Z", "inputs": {"messages": asked(n)},
             "outputs": {"output": WRONG}} for n in CALLS]  # fmt: skip


def score(n: int, name: str, value: object, **more: object) -> dict[str, Any]:
    return {"id": f"s{name}{n}", "traceId": f"t{n}", "observationId": None, "name": name,
            "value": value, "stringValue": None, "dataType": "NUMERIC", "source": "API",
            "comment": "SECRET", "timestamp": "2026-11-02T12:00:00Z", **more}  # fmt: skip


def metric(n: int, name: str, value: object) -> dict[str, Any]:
    return {"id": f"f{name}{n}", "target_id": f"i{n}", "metric_name": name, "value": value,
            "tags": {}, "timestamp": "2026-11-02T12:00:00Z"}  # fmt: skip


def feedback(n: int, key: str, value: object, **more: object) -> dict[str, Any]:
    return {"id": f"f{key}{n}", "run_id": f"r{n}", "trace_id": f"r{n}", "session_id": "project",
            "key": key, "score": value, "value": None, "comment": "SECRET", "correction": None,
            "feedback_source": {"type": "api"}, **more}  # fmt: skip


def packed(folder: Path, files: Mapping[str, list[dict[str, Any]]]) -> list[RawTicket]:
    """Return what is learnt of an archive, a file each, as JSON lines or CSV."""
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in files.items():
            archive.writestr(name, _csv(rows) if name.endswith("csv") else _lines(rows))
    (place,) = opened(path).places
    source = SourceFile(path, member=place.member)
    assert layout(source).shape == NAME
    found = list(read(source))
    assert "SECRET" not in str(found)
    return [row for row in found if isinstance(row, RawTicket)]


def _lines(rows: list[dict[str, Any]]) -> str:
    return "\n".join(map(json.dumps, rows))


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, [*rows[0]])
    table.writeheader()
    for row in rows:
        plain = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in row.items()}
        table.writerow(plain)
    return text.getvalue()


def rated(rows: list[RawTicket]) -> list[tuple[str, str]]:
    return sorted((row.question[-2], row.csat) for row in rows)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_scores_of_langfuse_are_ratings_by_their_traces(ending: str, tmp_path: Path) -> None:
    scores = [score(0, "user-feedback", 1), score(2, "user-feedback", 0),
              score(1, "hallucination", 0.4, source="EVAL"),
              score(1, "user-feedback", 0, source="ANNOTATION")]  # fmt: skip
    found = packed(tmp_path, {f"traces.{ending}": traces(), f"scores.{ending}": scores})
    assert rated(found) == [("0", "5"), ("1", ""), ("2", "1")]
    assert {row.reply for row in found} == {WRONG}


def test_a_corrected_output_of_langfuse_is_learnt(tmp_path: Path) -> None:
    right = score(1, "output", 0, dataType="CORRECTION", longStringValue=RIGHT.format(1))
    found = packed(tmp_path, {"traces.jsonl": traces(), "scores.jsonl": [right]})
    assert [row.reply for row in found] == [WRONG, RIGHT.format(1), WRONG]


def test_feedback_and_demonstrations_of_tensorzero(tmp_path: Path) -> None:
    shown = [{"id": "d", "inference_id": "i2",
              "value": json.dumps([{"type": "text", "text": RIGHT.format(2)}])}]  # fmt: skip
    comment = [{"id": "c", "target_type": "inference", "target_id": "i1", "value": "SECRET"}]
    metrics = [metric(0, "thumbs_up", True), metric(1, "thumbs_up", False), metric(1, "cost", 4)]
    episode = [metric(2, "user_rating", 4) | {"target_id": "e2"}, metric(0, "user_rating", 9)]
    found = packed(tmp_path, {
        "ChatInference.jsonl": inferences(), "BooleanMetricFeedback.jsonl": metrics,
        "FloatMetricFeedback.jsonl": episode[:1], "DemonstrationFeedback.jsonl": shown,
        "CommentFeedback.jsonl": comment})  # fmt: skip
    assert rated(found) == [("0", "5"), ("1", "1"), ("2", "4")]
    assert [row.reply for row in found] == [WRONG, WRONG, RIGHT.format(2)]


def test_feedback_of_langsmith_and_what_it_corrects(tmp_path: Path) -> None:
    given = [feedback(0, "user_score", 1.0), feedback(1, "user_score", 0.0),
             feedback(2, "correctness", 0, feedback_source={"type": "model"}),
             feedback(2, "user_score", 0.5, correction={"output": RIGHT.format(2)})]  # fmt: skip
    found = packed(tmp_path, {"runs.jsonl": runs(), "feedback.jsonl": given})
    assert [row.reply for row in found] == [WRONG, WRONG, RIGHT.format(2)]
    assert rated(found) == [("0", "5"), ("1", "1"), ("2", "3")]


def test_what_names_a_part_of_a_call_is_of_the_call(tmp_path: Path) -> None:
    part = {"id": "o1", "traceId": "t1", "type": "GENERATION", "parentObservationId": None,
            "input": asked(1), "output": WRONG, "startTime": "2026-11-02T10:01:00Z"}  # fmt: skip
    scores = [score(1, "rating", 3, traceId=None, observationId="o1"), score(0, "rating", 5)]
    found = packed(
        tmp_path, {"traces.jsonl": traces(), "observations.jsonl": [part], "scores.jsonl": scores}
    )
    assert rated(found) == [("0", "5"), ("1", "3"), ("2", "")], "and it is no call by itself"


@pytest.mark.parametrize(
    ("held", "stars"),
    [
        ([{"feedback_rating": True}, {"feedback_rating": False}, {}], ["5", "1", ""]),
        ([{"scores": {"user-rating": 4}}, {"scores": {"cost": 2}}, {}], ["4", "", ""]),
        ([{"feedback_stats": {"user_score": {"n": 1, "avg": 0.75}}}, {}, {}], ["4", "", ""]),
        ([{"scores": [{"name": "csat", "value": 80}, {"name": "csat", "value": 40}]}, {}, {}],
         ["2", "", ""]),
        ([{"scores": [{"name": "stars", "value": 1}]}, {}, {}], ["", "", ""]),
        ([{"metadata": {"user_age": 4, "rating_count": 3, "feedback": "positive"}}, {}, {}],
         ["5", "", ""]),
        ([{"annotations": [{"name": "helpful", "result": {"label": "👎"}}]}, {}, {}],
         ["1", "", ""]),
        ([{"scores": [{"name": "vote", "value": -1}]}, {"scores": [{"name": "vote", "value": 1}]},
          {"scores": ["id-1"]}], ["1", "5", ""]),
    ],
)  # fmt: skip
def test_what_stands_in_a_call(
    held: list[dict[str, Any]], stars: list[str], tmp_path: Path
) -> None:
    path = lines(tmp_path, [call | more for call, more in zip(traces(), held, strict=True)])
    assert [row.csat for row in raws(path)] == stars


def test_scores_on_a_page_beside_their_traces(tmp_path: Path) -> None:
    page = {"traces": traces(), "scores": [score(1, "user-feedback", 5), score(0, "csat", 2)]}
    assert rated(raws(written(tmp_path, page))) == [("0", "2"), ("1", "5"), ("2", "")]


def test_scores_alone_are_refused_with_what_they_lack(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(_csv([score(n, "user-feedback", n) for n in range(5)]))
    found = layout(SourceFile(path))
    assert "pack it with the traces" in found.mend
    assert list(read(SourceFile(path))) == []
