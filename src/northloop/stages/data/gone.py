"""What the state of a case says of it: that it is closed, or none any more: merged into another,
deleted, spam.

Help desks say it in few words, and in the language that they are set to. A state that says more
than these words, and a word or two beside them, says something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from northloop.core.interaction import Gone
from northloop.stages.data.wording import typed_words

_WORD = re.compile(r"[^\W_]+")
_WORDS: Mapping[Gone, frozenset[str]] = {
    Gone.SPAM: typed_words(
        """
        spam junk spamverdacht indésirable pourriel skräppost søppelpost ongewenst
        スパム 迷惑メール 垃圾邮件 垃圾郵件 스팸
        """
    ),
    Gone.DELETED: typed_words(
        """
        deleted trashed trash removed bin gelöscht papierkorb supprimé supprimée corbeille eliminado
        eliminada borrado borrada papelera eliminato eliminata cestino excluído excluída apagado
        apagada lixeira verwijderd prullenbak usunięto usunięte usunięty kosz raderad raderat
        borttagen borttaget papperskorg slettet silindi 削除 削除済み 削除済 ごみ箱 ゴミ箱
        删除 已删除 刪除 已刪除 삭제 삭제됨
        """
    ),
    Gone.MERGED: typed_words(
        """
        merged merge duplicate duplicated zusammengeführt zusammengefügt zusammengelegt duplikat
        dublette fusionné fusionnée doublon fusionado fusionada combinado combinada duplicado
        duplicada unito unita accorpato accorpata duplicato mesclado mesclada unificado unificada
        fundido samengevoegd duplicaat scalono scalone scalony połączono połączone duplikat
        sammanfogad sammanfogat sammanslagen sammanslaget dubblett flettet sammenflettet
        sammenslått slått duplikat birleştirildi 統合 統合済み 統合済 結合済み
        マージ マージ済み 重複 合并 已合并 合併 已合併 병합 병합됨
        """
    ),
}
"""Which word says what; where two stand there, the first here counts."""
_CLOSED = typed_words(
    """
    closed resolved solved completed complete done finished ended fixed
    geschlossen gelöst erledigt abgeschlossen beendet
    fermé fermée résolu résolue clôturé clôturée clos terminé terminée
    cerrado cerrada resuelto resuelta solucionado solucionada finalizado finalizada
    chiuso chiusa risolto risolta fechado fechada resolvido resolvida encerrado encerrada concluído
    concluída gesloten opgelost afgesloten afgerond
    zamknięte zamknięty zamknięto rozwiązane rozwiązano stängd stängt löst avslutad avslutat
    lukket løst kapalı kapandı kapatıldı çözüldü
    完了 完了済み 解決 解決済み クローズ 対応済み 終了
    已关闭 已解决 已完成 已關閉 已解決 완료 해결됨 종료
    """
)
_ALL = frozenset[str]().union(*_WORDS.values())
_NOT_WANTED = ("no deseado", "no deseada", "não desejado", "nicht erwünscht", "niet gewenst")
_STANDS = ("merge request",)
"""Phrases of a case that is there: one about a proposed change."""
_BESIDE = typed_words(
    """
    ticket case conversation request issue chat thread marked as is was been has a an the in into to
    with of by and customer agent system auto automatically closed close resolved solved done state
    status canceled cancelled rejected recycle mail email e
    geschlossen abgeschlossen gelöst mit in als und von erledigt vorgang anfrage
    fermé fermée résolu résolue clos comme avec dans et par le la de du un
    cerrado cerrada resuelto como con en y por el los correo
    chiuso chiusa risolto come con e da il
    fechado fechada resolvido com em por o
    gesloten opgelost als met en door zamknięte zamknięto jako z i
    stängd löst som med och lukket løst sammen og
    """
)
"""What may stand beside such a word: `Closed (merged)`, `Merged into ticket #12`."""


def gone(state: str) -> Gone | None:
    """Return why a case in a state is none any more, by the state's words; None for one that is."""
    said = _WORD.findall(state.lower())
    if any(phrase in " ".join(said) for phrase in _NOT_WANTED):
        return Gone.SPAM
    if any(phrase in " ".join(said) for phrase in _STANDS):
        return None
    rest = {word for word in said if not word.isdecimal()} - _BESIDE
    for why, telling in _WORDS.items():
        if rest & telling and rest <= _ALL:
            return why
    return None


def is_closed(state: str) -> bool:
    """Whether a state says that its case is closed, and nothing beside that: not `Closed: 0`."""
    words = _WORD.findall(state.lower())
    said = {word for word in words if not word.isdecimal()}
    is_no = any(word.isdecimal() and not int(word) for word in words)
    return not is_no and bool(said & _CLOSED) and said <= _CLOSED | _BESIDE
