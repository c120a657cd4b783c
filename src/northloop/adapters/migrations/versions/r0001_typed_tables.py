"""A table for each type of record, with columns to find it by, in place of the one for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

# What names a question is kept in records, so it cannot change without a migration of its own.
from northloop.core.question import saying, words_of

revision = "0001"
down_revision = None

Row = dict[str, Any]

_PORTION = 5_000
_TEXTS = {
    "interaction": "tenant customer_id conversation_id at release source handoff origin",
    "feedback": "interaction_id at",
    "outcome": "tenant conversation_id at",
    "review": "interaction_id at",
    "verdict": "review_id interaction_id at kind said",
    "dispute": "at",
    "approved": "origin words tenant at",
    "withdrawal": "at",
    "rejection": "words verdict_id tenant at",
    "promotion": "release decision at",
    "proposal": "state decision release at",
    "cluster": "",
}
_NUMBERS = {
    "feedback": "rating",
    "review": "uniform judged",
    "verdict": "skipped teaches corrects",
    "cluster": "judged",
}
_INDEXES = {
    "interaction": (
        *("conversation_id", "tenant customer_id", "at"),
        *("release", "source", "handoff", "origin"),
    ),
    "feedback": ("interaction_id",),
    "outcome": ("conversation_id",),
    "review": ("interaction_id", "judged"),
    "verdict": ("review_id", "interaction_id", "said", "kind", "teaches", "corrects"),
    "approved": ("origin", "words"),
    "rejection": ("words", "verdict_id"),
    "promotion": ("release", "decision"),
    "proposal": ("state", "decision"),
    "cluster": ("judged",),
}
_TABLE_OF = {
    "Interaction": "interaction",
    "Feedback": "feedback",
    "Outcome": "outcome",
    "ReviewItem": "review",
    "Verdict": "verdict",
    "ApprovedAnswer": "approved",
    "Withdrawal": "withdrawal",
    "Rejection": "rejection",
    "Promotion": "promotion",
    "Proposal": "proposal",
}
_PLAYGROUND = "playground"
_FOLLOW_UP = "follow-up question"


def upgrade() -> None:
    for name in _TEXTS:
        _make(name)
    _make_common()
    inspector = sa.inspect(op.get_bind())
    if inspector.has_table("northloop_records"):
        _Move(op.get_bind()).everything()
        op.drop_table("northloop_records")
    # After the rows, for that is several times faster than with each of them.
    for name in _INDEXES:
        _index(name)
    if not inspector.has_table("northloop_schema"):
        op.create_table(
            "northloop_schema",
            sa.Column("part", sa.Text, primary_key=True),
            sa.Column("version", sa.Integer, nullable=False),
        )
        op.execute("INSERT INTO northloop_schema (part, version) VALUES ('records', 1)")
    # Releases from before there were migrations look here, and refuse what they cannot read.
    op.execute("UPDATE northloop_schema SET version = 2")


def _place() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("seq", number, sa.Identity(), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _make(name: str) -> None:
    table = f"northloop_{name}"
    texts = _TEXTS[name].split()
    op.create_table(
        table,
        _place(),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        *(_text(column) for column in texts),
        *(sa.Column(n, sa.Integer, nullable=False) for n in _NUMBERS.get(name, "").split()),
        *((_text("text"),) if name == "interaction" else ()),
        _text("body"),
        sqlite_autoincrement=True,
    )


def _index(name: str) -> None:
    table = f"northloop_{name}"
    for index in _INDEXES[name]:
        columns = index.split()
        op.create_index(f"{table}_by_{'_'.join(columns)}", table, [*columns, "seq"])


def _make_common() -> None:
    op.create_table(
        "northloop_note",
        _place(),
        *(_text(name) for name in ("kind", "id", "subject", "at", "body")),
        sa.UniqueConstraint("kind", "id", name="northloop_note_kind_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("northloop_note_by_subject", "northloop_note", ["kind", "subject", "seq"])
    op.create_table(
        "northloop_change",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("held", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "northloop_counter",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )


class _Move:
    """Brings the rows of the one table into those of their types, each with its place."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._held: Counter[str] = Counter()
        found = self._all("SELECT subject, id, seq FROM northloop_records WHERE kind = 'Verdict'")
        self._judged = Counter(subject for subject, _, _ in found)
        self._place_of = {verdict_id: seq for _, verdict_id, seq in found}
        self._opinions: dict[str, _Opinions] = {}
        self._changed: dict[str, Callable[[Row, str], None]] = {
            "Interaction": _interaction,
            "ReviewItem": self._review,
            "Verdict": self._verdict,
            "ApprovedAnswer": self._approved,
            "Rejection": self._rejection,
            "Proposal": self._proposal,
        }

    def everything(self) -> None:
        """Move every row; the answers first, for what was said of them refers to them."""
        kinds = [kind for (kind,) in self._all("SELECT DISTINCT kind FROM northloop_records")]
        for kind in sorted(kinds, key=lambda kind: (kind != "Interaction", kind)):
            for rows in self._portions(kind):
                self._insert(_TABLE_OF.get(kind, "note"), [self._row(kind, row) for row in rows])
                self._held[kind] += len(rows)
        disputes = [(s, o) for s, o in self._opinions.items() if len(o.kinds) > 1]
        for seq, (said, opinions) in enumerate(disputes, 1):
            body = {"said": said, "at": opinions.at, "interaction_id": opinions.interaction_id}
            row = {"seq": seq, "id": said, "at": opinions.at, "body": _encoded(body)}
            self._insert("dispute", [row])
            self._held["Dispute"] += 1
        for kind, held in self._held.items():
            row = {"kind": kind, "number": 1, "held": held}
            self._connection.execute(
                sa.text("INSERT INTO northloop_change VALUES (:kind, :number, :held)"), row
            )
        if self._connection.dialect.name == "postgresql":
            for name in (*_TEXTS, "note"):
                self._connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('northloop_{name}', 'seq'),"
                    f" (SELECT COALESCE(MAX(seq), 0) + 1 FROM northloop_{name}), false)"
                )

    def _all(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(sa.text(statement), values)]

    def _portions(self, kind: str) -> Iterator[list[tuple[Any, ...]]]:
        last = -1
        # Of most rows the index by kind would be sorted again for each portion.
        of_kind = "kind || ''" if kind == "Interaction" else "kind"
        while rows := self._all(
            "SELECT seq, id, subject, at, body FROM northloop_records"
            f" WHERE {of_kind} = :kind AND seq > :last ORDER BY seq LIMIT {_PORTION}",
            kind=kind,
            last=last,
        ):
            yield rows
            last = rows[-1][0]

    def _insert(self, name: str, rows: list[Row]) -> None:
        columns = [*rows[0]]
        statement = (
            f"INSERT INTO northloop_{name} ({', '.join(columns)})"
            f" VALUES ({', '.join(':' + column for column in columns)})"
        )
        self._connection.execute(sa.text(statement), rows)

    def _row(self, kind: str, kept: tuple[Any, ...]) -> Row:
        seq, record_id, subject, at, body = kept
        row: Row = {"seq": seq, "id": record_id}
        if kind not in _TABLE_OF:
            return {**row, "kind": kind, "subject": subject, "at": at, "body": body}
        fields = _decoded(body)
        change = self._changed.get(kind)
        if fields and change:
            change(fields, subject)
        name = _TABLE_OF[kind]
        row |= {column: fields.get(column) or "" for column in _TEXTS[name].split()}
        row |= {column: int(fields.get(column) or 0) for column in _NUMBERS.get(name, "").split()}
        if name == "interaction":
            said = " ".join(fields.get(name, "") for name in ("question", "answer", "draft"))
            row["text"] = " ".join(said.replace("\0", " ").casefold().split())
        # What cannot be read is kept as it was: reading it says so, as before.
        return {**row, "body": _encoded(fields) if fields else body}

    def _review(self, fields: Row, _: str) -> None:
        fields["judged"] = self._judged[fields.get("review_id", "")]

    def _verdict(self, fields: Row, _: str) -> None:
        found = self._all(
            "SELECT body FROM northloop_interaction WHERE id = :id",
            id=fields.get("interaction_id", ""),
        )
        judged = _decoded(found[0][0]) if found else {}
        if not judged:
            return
        answer = judged.get("draft") or judged["answer"]
        said = fields["said"] = saying(judged["question"], judged.get("asked", ""), answer)
        right = fields["kind"] == "correct"
        corrected = bool(fields.get("correction"))
        own = judged["source"] in ("generated", "cache") and bool(judged["answer"])
        taught = corrected if not right else own and not corrected
        skipped = bool(fields.get("skipped"))
        fields["teaches"] = taught and not skipped and judged["turn"] == 1
        fields["corrects"] = fields["teaches"] and corrected
        if not skipped:
            opinions = self._opinions.setdefault(said, _Opinions())
            opinions.kinds.add(right)
            opinions.at, opinions.interaction_id = fields["at"], fields["interaction_id"]

    def _approved(self, fields: Row, _: str) -> None:
        fields["words"] = words_of(fields["question"])
        fields["tenant"] = self._tenant(fields["origin"].removeprefix("verdict:"))

    def _rejection(self, fields: Row, subject: str) -> None:
        fields["words"] = subject
        fields["tenant"] = self._tenant(fields["verdict_id"])

    def _tenant(self, verdict_id: str) -> str:
        """Whose answer a verdict judged; the answers were moved before what followed from them."""
        verdicts = self._all(
            "SELECT body FROM northloop_records WHERE kind = 'Verdict' AND id = :id", id=verdict_id
        )
        judged = _decoded(verdicts[0][0]).get("interaction_id", "") if verdicts else ""
        found = self._all("SELECT tenant FROM northloop_interaction WHERE id = :id", id=judged)
        return found[0][0] if found else "default"

    def _proposal(self, fields: Row, _: str) -> None:
        places = [self._place_of.get(name, 0) for name in fields.get("verdicts", ())]
        fields["through"] = str(max(places)) if places else ""


class _Opinions:
    """What was said of one answer."""

    def __init__(self) -> None:
        self.kinds: set[bool] = set()
        self.at = ""
        self.interaction_id = ""


def _interaction(fields: Row, _: str) -> None:
    """Who asked and whether the question followed others was told from words until now."""
    if fields["tenant"] == _PLAYGROUND:
        fields["tenant"], fields["origin"] = "default", "playground"
    else:
        fields["origin"] = "customer"
    if fields.get("asked"):
        follows = fields["asked"] != words_of(fields["question"])
    else:
        follows = any(step["decision"] == _FOLLOW_UP for step in fields["trace"])
    fields["turn"] = 2 if follows else 1


def _decoded(body: str) -> Row:
    try:
        fields = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _encoded(fields: Row) -> str:
    return msgspec.json.encode(fields).decode()
