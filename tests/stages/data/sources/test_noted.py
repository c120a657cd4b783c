"""Notes among agents by what their texts say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from bounded import bounded
from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.sources.noted import without_notes


@pytest.mark.parametrize(
    "label",
    ["[internal] ", "Internal note: ", "INTERN: ", "Interner Vermerk: ", "Note interne : ",
     "Nota interna - ", "#internal ", "(nur intern) ", "*** Internal ***\n", "Staff only: ",
     "Private note for Ben: ", "【社内メモ】", "内部备注：", "**Internal comment**: ",
     "Notatka wewnętrzna: ", "Interne notitie: ", "!note ", "/note ", "/internal: ", "!whisper ",
     "🔒 "],
)  # fmt: skip
def test_what_is_labelled_as_a_note_in_its_text_is_one(label: str) -> None:
    assert without_notes(f"{label}Do not tell him.") == ""
    if label not in ("INTERN: ", "内部备注："):
        assert without_notes(f"It comes.\n\n{label}Do not tell him.\nNever.") == "It comes."


@pytest.mark.parametrize(
    "text",
    ["Note: please wait for two days.", "It has\nInternal: 128 GB",
     "Private customers: 5 euros", "Internal parts: none", "Note to customer: wait.",
     "Our team: Anna, Ben", "The internal team - we told it - calls.", "Confidential: this mail",
     "Nota: interno 12", "International: 5 euros", "/notes/2024 has it", "!nothing is lost"],
)  # fmt: skip
def test_other_labels_are_of_public_messages(text: str) -> None:
    assert without_notes(text) == text


@pytest.mark.parametrize(
    "note",
    ["<p>Internal note: say no.</p>", "<div><b>Internal note:</b> say no.</div>",
     "<p><strong>[intern]</strong> say no.</p>", "<!-- internal --> say no.",
     "<div class='x internal-note'>say no.</div>", '<div data-visibility="internal">say no.</div>'],
)  # fmt: skip
def test_markup_may_label_a_note(note: str) -> None:
    assert without_notes(note) == ""
    assert without_notes(f"<p>It comes.</p>{note}") == "<p>It comes.</p>"


@pytest.mark.parametrize("line", ["internal comment", "PRIVATE NOTE", "Interne Notiz"])
def test_a_first_line_may_be_nothing_but_a_label(line: str) -> None:
    assert without_notes(f"{line}\nSay no.") == ""
    assert without_notes(f"<p>{line}</p><p>Say no.</p>") == ""


@pytest.mark.parametrize(
    "text",
    ['<p class="note">Wait two days.</p>', '<a class="internal" href="x">See</a> the page.',
     '<div class="internal-link">Here.</div>', "Internal parts\nThe pump has two.",
     "Team\nWe come.", "<p>It has</p><p>Internal: 128 GB</p>", '<p data-id="internal">Yes.</p>'],
)  # fmt: skip
def test_other_markup_and_lines_are_of_public_messages(text: str) -> None:
    assert without_notes(text) == text


@pytest.mark.parametrize("unit", [" ", "<b>", "<b> \t", "<p>team </p>\n", "Internal: 1\n"])
def test_labels_are_looked_for_in_bounded_time(unit: str) -> None:
    text = f"Our internal team: {unit * 20_000} yours"
    with bounded():
        assert without_notes(text) in (text, "")


@pytest.mark.parametrize(
    "note",
    ["(intern: say no.)", "(note interne : say no.)", "[nota interna: say no.]",
     "（社内メモ：no.）",
     "[wewnętrzne: say no.]", "[private]say no.[/private] Regards", "[internal note] say no.",
     "\n--- Internal use only ---\nsay no.", "\n----- Internal -----\nsay no.",
     "\n--- intern ---\nno.",
     "\n=== USO INTERNO ===\nsay no.", "\n[USO INTERNO] say no.",
     "\n(merged into #12, internal) no.",
     "<details><summary>Internal</summary>say no.</details>", "\nNicht für den Kunden: say no.",
     "\nDo not send to the customer: say no.", "\nNe pas transmettre au client : say no.",
     "\nHandover summary: say no.", "\nRésumé pour le conseiller : say no.",
     "\n*Anna flüstert* say no."],
)  # fmt: skip
def test_a_label_within_a_text_begins_a_note(note: str) -> None:
    assert without_notes(f"It comes. {note}") == "It comes."


@pytest.mark.parametrize("tag", [" #internal", " (nur intern)", " [internal note]", " [intern]\n"])
def test_a_text_that_ends_with_a_label_is_a_note(tag: str) -> None:
    assert without_notes(f"Say no.{tag}") == ""


@pytest.mark.parametrize(
    "text",
    ["It has two drives (internal: 128 GB, external: none).",
     "Take the drive called HD2 (internal)",
     "The (internal) battery lasts.", "Ask our [Team] today.", "--- Original message ---\nHello",
     "Not for business customers: five euros.", "Not sold here: ask a customer.",
     "Summary for you: it comes.", "Summary: it comes with our team.", "Handover: at your door.",
     "<h3>Internal parts</h3> Two.", "Hello [NAME], our team [PRIVATE_PERSON] calls.",
     "It weighs 2 kg [internal volume: 30 litres]"],
)  # fmt: skip
def test_what_only_looks_like_a_label_is_kept(text: str) -> None:
    assert without_notes(text) == text


@pytest.mark.parametrize(
    "unit", ["(intern", "--- ", "[internal ", "not for customer ", "<summary>", "# ", "(a, team "]
)
def test_labels_within_texts_are_looked_for_in_bounded_time(unit: str) -> None:
    text = f"Our internal team does not tell the client {unit * 20_000} yours"
    with bounded():
        without_notes(text)


def test_a_writer_who_is_called_a_note_is_none_of_the_customers(tmp_path: Path) -> None:
    rows = ["Dossier;Qui;Texte"]
    for n in range(6):
        rows += [f"{n};Client;Où est le colis {n} ?", f"{n};Note interne;SECRET il est perdu.",
                 f"{n};Nous;Il arrive demain matin."]  # fmt: skip
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(rows))
    found = list(read(SourceFile(path, agents=("Nous",))))
    assert "SECRET" not in str(found)
    assert found[0].question == "Où est le colis 0 ?"  # type: ignore[union-attr]
