"""The golden exports of help desks, and what an import makes of a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from northloop.core.conversation import Quarantined, RawTicket, Ticket
from northloop.stages.data.clean import Cleaner, CleanSpec, survey
from northloop.stages.data.sources import SourceFile, layout, read

FOLDER = Path(__file__).parents[4] / "fixtures" / "exports"
GOLDEN = sorted(p for p in FOLDER.glob("*/*") if p.parent.name in {
    "zendesk", "freshdesk", "intercom", "salesforce", "help_scout", "hubspot", "gorgias", "front",
    "request_tracker", "slack", "chatwoot", "livechat", "servicenow", "zoho_desk", "crisp",
    "tawk", "zammad", "freescout", "gitlab", "glpi", "discord", "dynamics", "telegram"
})  # fmt: skip
SECRET = "SECRET-"
"""Stands in every private text of the golden exports."""


def documents(path: Path) -> list[Any]:
    """Return the JSON documents of a file: its lines, or the file as one."""
    text = path.read_text("utf-8-sig")
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def written(folder: Path, value: object, name: str = "export.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return path


def lines(folder: Path, values: list[Any], name: str = "export.ndjson") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values), "utf-8")
    return path


def shape_of(path: Path) -> str:
    return layout(SourceFile(path)).shape


def found(path: Path) -> list[RawTicket | Quarantined]:
    return list(read(SourceFile(path)))


def raws(path: Path) -> list[RawTicket]:
    return [row for row in found(path) if isinstance(row, RawTicket)]


def refused(path: Path) -> list[Quarantined]:
    return [row for row in found(path) if isinstance(row, Quarantined)]


def learnt(path: Path) -> list[Ticket]:
    """Return the tickets as they are cleaned."""
    rows = raws(path)
    cleaners = {file: Cleaner(CleanSpec(), orders) for file, orders in survey(rows).items()}
    made = (cleaners[row.source].clean(row) for row in rows)
    return [ticket for ticket in made if isinstance(ticket, Ticket)]


def pairs(path: Path) -> list[tuple[str, str]]:
    return [(ticket.question, ticket.reply) for ticket in learnt(path)]
