"""The many ways in which an export says that there is no value."""

from __future__ import annotations

from northloop.stages.data.wording import phrases

MARKERS = frozenset(
    {
        "",
        *phrases(r"""
    - | -- | --- | – | — | . | … | ? | ?? | ??? | n/a | na | n.a. | #n/a | k.a.
    | null | <null> | (null) | \n | none | (none) | nil | nan | nat | undefined | [] | {}
    | unknown | missing | blank | (blank) | empty | (empty) | no data | not set | unspecified
    | not available | not applicable | tbd | anonymous | guest
    | nicht gesetzt | non défini | no establecido | non impostato | niet ingesteld
    | não definido | nie ustawiono
    | keine angabe | k. a. | unbekannt | nicht vorhanden | nicht verfügbar | ohne angabe
    | inconnu | non renseigné | néant | sans objet | non disponible | non applicable
    | desconocido | sin datos | ninguno | no disponible | no aplica | sin especificar
    | sconosciuto | nessuno | non disponibile | non applicabile | non specificato
    | desconhecido | nenhum | sem dados | não disponível | não aplicável | não informado
    | onbekend | n.v.t. | nvt | niet beschikbaar | niet van toepassing
    | brak | brak danych | nieznany | nie dotyczy | b/d | n/d
    | okänd | okänt | saknas | ej tillämpligt | uppgift saknas
    | なし | 無し | 不明 | 未設定 | 未入力 | 該当なし | － | ー
    | 无 | 無 | 未知 | 暂无 | 不适用 | 未填写 | 空
"""),
    }
)
"""In lower case. A broken formula (`#REF!`) is not among them: it is a value gone wrong."""
_LONGEST = max(map(len, MARKERS)) + 8


def is_missing(text: str) -> bool:
    """Whether a cell says that there is nothing in it."""
    return not text or (len(text) <= _LONGEST and text.strip().lower() in MARKERS)
