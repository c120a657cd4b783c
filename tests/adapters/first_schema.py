"""A database as it was before there were migrations: one table for all records."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from northloop.core.conversation import Message
from northloop.core.ids import derived_id
from northloop.core.question import name_of, words_of

AT = "2026-01-01T00:00:00+00:00"
AFTER_OTHERS = name_of([Message("user", "Tents?"), Message("user", "And boots?")])


def interaction(number: int, **changed: object) -> dict[str, Any]:
    question = f"Question {number}?"
    return {
        "interaction_id": f"i{number}",
        "conversation_id": f"c{number // 2}",
        "customer_id": f"u{number % 5}",
        "tenant": "default",
        "release": "r" * 64,
        "at": f"2026-01-01T00:{number // 60:02}:{number % 60:02}+00:00",
        "question": question,
        "answer": "No\u0000, Żółć 🙂.",
        "source": "generated",
        "citations": ["returns#1"],
        "confidence": 0.1 + 0.2,
        "handoff": None,
        "intent": "",
        "latency_ms": 1e-9,
        "trace": [{"name": "approved", "ms": 1.5, "decision": "none", "evidence": {"n": 2.0}}],
        "review_span": [number * 0.1, number * 0.1 + 0.1],
        "review_probability": 0.1,
        "draft": "",
        "asked": words_of(question),
        **changed,
    }


def rows() -> list[tuple[str, str, str, str, str]]:
    """Kind, id, subject, time and body of each record, in the order of adding."""
    found: list[tuple[str, str, dict[str, Any]]] = []

    def add(kind: str, subject: str, body: dict[str, Any]) -> None:
        found.append((kind, subject, body))

    playground = interaction(0, tenant="playground")
    add("Interaction", "playground", playground)
    for number in range(1, 3_000):
        changed: dict[str, object] = {}
        if number == 7:
            changed = {"asked": AFTER_OTHERS, "question": "And boots?"}
        if number == 8:  # from before conversations were named
            step = {"name": "approved", "ms": 0.1, "decision": "follow-up question", "evidence": {}}
            changed = {"asked": "", "trace": [step]}
        body = interaction(number, **changed)
        if number == 9:  # from before there was any of it
            for name in ("draft", "asked", "review_span", "review_probability"):
                del body[name]
        add("Interaction", body["conversation_id"], body)
    for number in (7, 11, 12, 13, 14):
        item = {
            "review_id": f"r{number}",
            "interaction_id": f"i{number}",
            "at": AT,
            "probability": 0.1,
            "uniform": number % 2 == 0,
        }
        add("ReviewItem", f"i{number}", item)
    given = [
        (7, "ana", "incorrect", "As boots."),
        (11, "ana", "incorrect", "Yes."),
        (11, "ben", "correct", ""),
        (12, "ana", "correct", ""),
    ]
    for number, reviewer, kind, correction in given:
        verdict = {
            "verdict_id": derived_id("verdict", f"r{number}", reviewer),
            "review_id": f"r{number}",
            "interaction_id": f"i{number}",
            "at": AT,
            "kind": kind,
            "correction": correction,
            "reason": "",
            "reviewer": reviewer,
            "skipped": False,
        }
        add("Verdict", f"r{number}", verdict)
        if number == 11 and correction:
            name = verdict["verdict_id"]
            approved = {
                "approved_id": derived_id("approved", name),
                "question": "Question 11?",
                "answer": correction,
                "origin": f"verdict:{name}",
                "at": AT,
            }
            add("ApprovedAnswer", name, approved)
            rejection = {
                "rejection_id": derived_id("rejection", name),
                "at": AT,
                "asked": words_of("Question 11?"),
                "answer": "No\u0000, Żółć 🙂.",
                "verdict_id": name,
            }
            add("Rejection", words_of("Question 11?"), rejection)
    add("Promotion", "live", _promotion("p1", "a" * 64))
    proposal = {
        "proposal_id": "turn1",
        "at": AT,
        "reason": "why",
        "state": "refused",
        "verdicts": [derived_id("verdict", "r11", "ana")],
        "decision": "d",
        "release": "",
        "against": "",
    }
    add("Proposal", "", proposal)
    add("Feedback", "i1", {"feedback_id": "f", "interaction_id": "i1", "at": AT, "rating": -1})
    add("Carrier", "", {"proposal_id": "turn1", "host": "h", "token": "t"})
    add(
        "_JournalEntry",
        "turn1",
        {"entry_id": "e", "run_id": "turn1", "step": "dataset", "added": {"dataset": "x"}},
    )
    add("Timing", "", {"report": "rep", "scores": []})
    encoded = [
        (kind, next(iter(body.values())), subject, body.get("at", ""), _json(body))
        for kind, subject, body in found
    ]
    return [*encoded, ("Outcome", "broken", "c1", AT, "{")]


def make(engine: sa.Engine) -> list[tuple[str, str, str, str, str]]:
    """Make the database; return its rows."""
    place = "INTEGER PRIMARY KEY"
    if engine.dialect.name == "postgresql":
        place = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    kept = rows()
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE northloop_schema (part TEXT PRIMARY KEY, version INTEGER NOT NULL)",
            "INSERT INTO northloop_schema VALUES ('records', 1)",
            f"CREATE TABLE northloop_records (seq {place}, kind TEXT NOT NULL, id TEXT NOT NULL,"
            " subject TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))",
            "CREATE INDEX northloop_records_by_subject ON northloop_records (kind, subject, seq)",
        ):
            connection.execute(sa.text(statement))
        connection.execute(
            sa.text(
                "INSERT INTO northloop_records (kind, id, subject, at, body)"
                " VALUES (:kind, :id, :subject, :at, :body)"
            ),
            [dict(zip(("kind", "id", "subject", "at", "body"), row, strict=True)) for row in kept],
        )
    return kept


def _promotion(name: str, release: str) -> dict[str, Any]:
    return {
        "promotion_id": name,
        "at": AT,
        "release": release,
        "decision": "",
        "action": "promote",
    }


def _json(body: dict[str, Any]) -> str:
    return msgspec.json.encode(body).decode()
