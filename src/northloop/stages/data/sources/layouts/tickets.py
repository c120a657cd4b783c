"""What rows are taken for that hold a question and its reply.

What this module does not know is messages, nor whether the columns can be learnt from.
"""

from __future__ import annotations

from collections.abc import Mapping

from northloop.core.conversation import Role
from northloop.stages.data.sources import mapping
from northloop.stages.data.sources.layouts.addressed import speaks_to_nobody
from northloop.stages.data.sources.layouts.conversations import told_in_lists
from northloop.stages.data.sources.layouts.layout import (
    A_LIST_A_ROW,
    A_TICKET_A_ROW,
    Layout,
    overruled,
)
from northloop.stages.data.sources.layouts.sample import Sample, item_names
from northloop.stages.data.sources.messages import PRIVATE
from northloop.stages.data.sources.notes import flag_of, says_private
from northloop.stages.data.sources.numbered import are_signed_items
from northloop.stages.data.sources.paths import JOINED
from northloop.stages.data.sources.plausible import are_signed
from northloop.stages.data.sources.roles import role_of, words_of

_NOTED = "by its name {!r} holds notes, which may be among agents"
_TO_NOBODY = "{!r} speaks to nobody, as what agents note for one another does"
_SAY_THAT_THEY_READ = (
    'if customers could read them, say so: --map reply="{}"; --map reply= for none'
)
_BY_AGENTS = "by {!r} agents wrote every row, so that no row is a question"
_SAY_THAT_THEY_ASK = (
    'leave the file out, or name what customers asked in it: --map question="<column>"'
)
_WRITERS = frozenset(("from", "sender", "author", "author type", "author role", "sender type",
                      "sender role", "user type", "speaker", "written by"))  # fmt: skip
_SAY_WHO_MAY_READ = (
    "export the comments with what says who may read each, as JSON (of Jira by its REST API)"
)


def tickets_layout(sample: Sample, given: Mapping[str, str]) -> Layout:
    detected = mapping.from_columns(sample.values)
    taken = told_in_lists(sample.rows, given) | overruled(detected, given)
    noted = "" if "reply" in given else _noted(taken.get("reply", ""), sample)
    if noted:  # written down as a source's column it would be given
        del taken["reply"]
    if PRIVATE not in given and (note := _note_column(sample)) and note not in taken.values():
        taken[PRIVATE] = note
    why = mapping.reasons({f: c for f, c in taken.items() if f in mapping.CASE_FIELDS})
    told = {PRIVATE: "it tells notes among agents from tickets"}
    told |= dict.fromkeys(given, "as you said")
    by_agents = "" if "reply" in taken or "question" in given else _by_agents(sample)
    if by_agents:
        taken.pop("question", None)
    signed = _signed(sample, taken)
    inside = any("[" in taken.get(field, "") for field in ("question", "reply"))
    return Layout(
        kind=A_LIST_A_ROW if inside else A_TICKET_A_ROW,
        why="a row holds a question and its reply" if "reply" in taken else "",
        mapping=taken,
        names=(*sample.names, *item_names(sample)),
        reasons={f: told.get(f, why.get(f, "")) for f in taken},
        lists=tuple(sample.lists),
        unsure=f"column {signed!r} holds comments behind their dates and authors, and nothing "
        "tells notes among agents from replies"
        if signed
        else (_NOTED if _is_called_a_note(noted) else _TO_NOBODY).format(noted)
        if noted
        else _BY_AGENTS.format(by_agents)
        if by_agents
        else "",
        mend=_SAY_WHO_MAY_READ
        if signed
        else _SAY_THAT_THEY_READ.format(noted)
        if noted
        else _SAY_THAT_THEY_ASK
        if by_agents
        else "",
    )


def _by_agents(sample: Sample) -> str:
    """Return a column that says that agents wrote every row: nobody asks in it; "" for none."""
    for name, values in sample.values.items():
        said = {v.strip() for v in values if v.strip()}
        if words_of(name) in _WRITERS and said and all(role_of(v) is Role.AGENT for v in said):
            return name
    return ""


def _noted(reply: str, sample: Sample) -> str:
    """Return a column of replies that is called after notes, as `Resolution notes` is, or is a
    `Resolution` that speaks to nobody; else ""."""
    texts = sample.values.get(reply, ())
    return reply if _is_called_a_note(reply) or speaks_to_nobody(reply, texts) else ""


def _is_called_a_note(name: str) -> bool:
    return flag_of(name) in ("private", "note") or mapping.names_apart(name)


def _signed(sample: Sample, taken: Mapping[str, str]) -> str:
    """Return a column of comments that several wrote, where no other holds the replies."""
    signed = [name for name, values in sample.values.items() if are_signed(values)]
    signed += [name for name in sample.lists if are_signed_items(sample.items(name))]
    reply = [name for name in taken.get("reply", "").split(JOINED) if name in sample.values]
    question = taken.get("question", "").split(JOINED)
    return next((n for n in signed if not reply or n in (*reply, *question)), "")


def _note_column(sample: Sample) -> str:
    """Return a column that tells notes from tickets, where it holds nothing but that."""
    for name, values in sample.values.items():
        present = {v.strip().lower() for v in values if v.strip()}
        flag = flag_of(name) in ("private", "surely public", "note") or "visib" in name.lower()
        told = any(says_private(name, v) for v in present)
        if flag and told and 1 < len(present) <= 3 and max(map(len, present)) < 20:
            return name
    return ""
