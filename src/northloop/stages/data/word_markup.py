"""What a Word document's own markup hides from its readers, and what stands around its text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

TEXT, _STYLES = "word/document.xml", "word/styles.xml"
_MAY_HIDE = (b"vanish", b"w:sdt", b"w:fldSimple")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off")
_CONTENTS = "Table of Contents"
_STYLED = {f"{_W}r": f"{_W}rPr/{_W}rStyle", f"{_W}p": f"{_W}pPr/{_W}pStyle"}


def as_read(content: bytes) -> bytes:
    """Return a DOCX without what its readers do not see: hidden text, controls that nobody has
    filled in, lists of the headings below. What simple fields show is text like any other."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in (TEXT, _STYLES) if name in packed.namelist()}
        if not any(mark in part for part in parts.values() for mark in _MAY_HIDE):
            return content
        body = ElementTree.fromstring(parts[TEXT])
        styles = parts.get(_STYLES)
        hidden = _hidden_styles(ElementTree.fromstring(styles)) if styles else frozenset[str]()
        _show(body, hidden)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
            for entry in packed.infolist():
                is_text = entry.filename == TEXT
                changed.writestr(
                    entry, ElementTree.tostring(body) if is_text else packed.read(entry)
                )
    return out.getvalue()


def _show(body: Element, hidden: frozenset[str]) -> None:
    for above in list(body.iter()):
        for one in list(above):
            if _is_unseen(one) or _style(one) in hidden:
                above.remove(one)
        if any(one.tag == f"{_W}fldSimple" for one in above):
            above[:] = list(_shown(above))


def _shown(above: Element) -> Iterator[Element]:
    """Yield what stands in an element, simple fields as what they show."""
    for one in above:
        if one.tag == f"{_W}fldSimple":
            yield from _shown(one)
        else:
            yield one


def _is_unseen(one: Element) -> bool:
    if one.tag == f"{_W}r":
        return _vanishes(one)
    if one.tag != f"{_W}sdt":
        return False
    own = one.find(f"{_W}sdtPr")
    if own is None:
        return False
    gallery = own.find(f"{_W}docPartObj/{_W}docPartGallery")
    is_list = gallery is not None and gallery.get(f"{_W}val") == _CONTENTS
    return is_list or own.find(f"{_W}showingPlcHdr") is not None


def _vanishes(one: Element) -> bool:
    """Whether the properties of a run or style hide its text."""
    mark = one.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in _OFF


def _hidden_styles(styles: Element) -> frozenset[str]:
    """Return the ids of styles whose text is hidden."""
    found = (style for style in styles.iter(f"{_W}style") if _vanishes(style))
    return frozenset(style.get(f"{_W}styleId", "") for style in found)


def _style(one: Element) -> str | None:
    """Return the id of the style of a run or a paragraph; None of anything else."""
    kind = _STYLED.get(one.tag)
    named = None if kind is None else one.find(kind)
    return None if named is None else named.get(f"{_W}val")
