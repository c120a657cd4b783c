"""States that say that a case is none any more, in the words that help desks use."""

from __future__ import annotations

import pytest

from northloop.core.interaction import Gone
from northloop.stages.data.gone import gone, is_closed

SAYS = {
    Gone.MERGED: (
        "Merged", "Closed (merged)", "merged into #1234", "Closed as duplicate", "closed_by_merge",
        "Zusammengeführt", "zusammengefuehrt", "Erledigt – Duplikat", "Fusionné", "Fusionado",
        "Mesclado", "Samengevoegd", "Scalone", "Sammanslagen", "Slått sammen", "已合并", "統合済み",
    ),
    Gone.DELETED: (
        "Deleted", "Trash", "Recycle bin", "Gelöscht", "geloescht", "In Papierkorb", "Supprimée",
        "Eliminado", "Eliminato", "Excluído", "Verwijderd", "Usunięte", "Borttagen", "Slettet",
        "Silindi", "削除済み", "已删除",
    ),
    Gone.SPAM: (
        "SPAM", "marked as spam", "Closed - Spam", "Junk", "Correo no deseado", "Indésirable",
        "Skräppost", "迷惑メール", "垃圾邮件",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("state", "why"), [(s, why) for why, some in SAYS.items() for s in some])
def test_a_state_says_why_a_case_is_none(state: str, why: Gone) -> None:
    assert gone(state) is why


@pytest.mark.parametrize(
    "state",
    [
        *("", "Open", "Closed", "Solved", "Geschlossen", "Pending", "Archived", "Suspended"),
        *("Not spam", "Unmerged", "Spam check pending", "Pending deletion", "Undeleted", "CA"),
        *(
            "waiting for merge request",
            "Merge request",
            "Closed (merge request)",
            "Removed from SLA",
            "Cancelled",
            "対応中",
            "处理中",
        ),
    ],
)
def test_any_other_state_says_nothing_of_that(state: str) -> None:
    assert gone(state) is None


@pytest.mark.parametrize(
    "state",
    [
        *(
            "Closed",
            "SOLVED",
            "closed_complete",
            "Resolved by agent",
            "Auto closed",
            "Done",
            "Closed (5)",
        ),
        *("Geschlossen", "Erledigt", "geloest", "Fermé", "ferme", "Cerrado", "Chiuso", "Fechado"),
        *("Gesloten", "Zamknięte", "Stängt", "Lukket", "Kapatıldı", "完了", "已关闭", "해결됨"),
    ],
)
def test_a_state_says_that_a_case_is_closed(state: str) -> None:
    assert is_closed(state)


@pytest.mark.parametrize(
    "state",
    [
        *("", "Open", "Pending", "Not resolved", "Unresolved", "To be closed", "Waiting for close"),
        *("Closed pending survey", "Reopened", "Merged", "Spam", "Partially resolved", "5"),
        *("Closed: 0", "is_closed 0", "resolved 0/1"),
        *("Nicht gelöst", "In Bearbeitung", "No resuelto", "Non résolu", "未解決", "处理中"),
    ],
)
def test_any_other_state_does_not_say_that(state: str) -> None:
    assert not is_closed(state)
