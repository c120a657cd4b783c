"""Which encoder reads a workspace's texts: that of many languages where most are not English.

New workspaces begin with one that reads English alone (settings, serving.embedder). Nobody has to
know that: before the first release is made, texts of another language bring the other one.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from northloop import registry, setup
from northloop.app.configuration import ABOVE
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.artefacts import Kind
from northloop.core.conversation import Split
from northloop.core.errors import InputError, NorthloopError
from northloop.core.interaction import Interaction, Origin
from northloop.loop import steps
from northloop.loop.house import house_language
from northloop.stages.data.languages import language_of
from northloop.stages.data.small_words import language_said
from northloop.workspace import Workspace

T = TypeVar("T")

SETTING = "serving.embedder"
_BEGUN_WITH = ("words", "sentences")
"""What a new workspace names by itself."""
_READ = 200
"""About so many of the texts are looked at."""
_LEAST = 5
"""So many of these have to show a language."""
_NEWEST, _MANY = 500, 0.05
"""Of so many newest questions so large a share in another language is told."""
_log = logging.getLogger("northloop.languages")


def some(of: Sequence[T]) -> list[T]:
    """Return so many of them, from all over, as tell a language."""
    return [of[place] for place in range(0, len(of), len(of) // _READ + 1)]


def language(texts: Sequence[str]) -> str:
    """Return the language most of the texts are in, "" if that is English or not to be told."""
    found = Counter(filter(None, map(language_of, some(texts))))
    told, english = found.total(), found.pop("English", 0)
    if told < min(_LEAST, len(texts)) or 2 * english >= told:
        return ""
    first, times = found.most_common(1)[0]
    return first if 2 * times > told else f"{first} and other languages"


def house(workspace: Workspace, actor: Actor) -> str:
    """Return the language that most of the newest prepared conversations are in, or without any the
    documents; "" if nothing shows it, and where the documents cannot be read."""
    require_team(actor)
    newest = next((one.hash for one in workspace.artefacts.list(Kind.DATASET)[:1]), None)
    try:
        texts = [] if newest else [one.text for one in workspace.documents()]
    except InputError:
        texts = []
    return house_language(workspace.artefacts, newest, texts)


def before_others(language: str, texts: Iterable[str]) -> list[str]:
    """Return texts with those of a language first and those of others last, else as they stand."""
    rank = {language: 0, "": 1}
    return sorted(texts, key=lambda text: rank.get(language_said(text), len(rank)))


def unread(workspace: Workspace) -> str:
    """Return in which languages customers ask that the encoder does not read, and how many of
    them; "" where hardly anybody does."""
    if not registry.reads_english_alone(workspace.settings.serving.embedder):
        return ""
    this = {"origin": Origin.CUSTOMER}
    asked = workspace.records.query(Interaction, this, limit=_NEWEST, newest=True).rows
    found = Counter(filter(None, (language_said(one.question) for one in asked)))
    others = found.total() - found.pop("English", 0)
    if others < max(_LEAST, _MANY * len(asked)):
        return ""
    named = " and ".join(name for name, _ in found.most_common(2))
    return f"{others} of the newest {len(asked)} questions are in {named}"


def may_change(workspace: Workspace) -> bool:
    """Whether the settings still name what a new workspace begins with, nobody overrules the file,
    nothing was made with the encoder yet, and the other one can be read. Opens no store that is not
    there."""
    above = workspace.origins.get(SETTING, "") in ABOVE
    begins = workspace.settings.serving.embedder in _BEGUN_WITH
    if above or not begins or not registry.reads_sentences():
        return False
    return not any(workspace.state.iterdir()) or not workspace.artefacts.list(Kind.RELEASE)


def foreseen(workspace: Workspace) -> str:
    """Return which encoder the first release brings, "" for the one of the settings."""
    is_read = not registry.reads_english_alone(workspace.settings.serving.embedder)
    if is_read or not may_change(workspace):
        return ""
    found = language(_texts(workspace))
    return (
        f'most texts are in {found}: "{registry.MANY}" from the first release on' if found else ""
    )


def told(workspace: Workspace, texts: Sequence[str], will_change: bool) -> str:
    """Return a sentence on texts that the encoder of the settings does not read: what becomes of
    it, or what to do; "" where it reads them."""
    chosen = workspace.settings.serving.embedder
    found = language(texts) if registry.reads_english_alone(chosen) else ""
    if not found:
        return ""
    what = f'Most texts are in {found}, and serving.embedder = "{chosen}" reads English alone'
    if will_change:
        return (
            f'{what}: as the first release is made it becomes "{registry.MANY}", which is fetched '
            "then (91 MB, by pip)."
        )
    if not registry.reads_sentences():
        return f"{what}. In the clone: pip install -c constraints.txt '.[encoder]'."
    who = workspace.origins.get(SETTING, "")
    where = f"the {who} that names it" if who in ABOVE else "northloop.toml"
    return f'{what}: name "{registry.MANY}" in {where}, and let a turn make a release with it.'


def prepare(workspace: Workspace) -> str:
    """Before a first release: name the encoder of many languages in northloop.toml if the history,
    or without one the documents, is mostly not in English; return a sentence on it, "" for nothing.

    Where it cannot be fetched all stays as it is, which the sentence says.
    """
    if not may_change(workspace):
        return ""
    before = workspace.settings.serving.embedder
    texts = _texts(workspace)
    said = told(workspace, texts, will_change=True)
    if not said:
        return ""
    workspace.read_with(registry.MANY)
    try:
        said += f" It is: {workspace.embedder.name}."
        setup.write_settings(workspace.folder, {SETTING: registry.MANY})
    except NorthloopError as error:
        workspace.read_with(before)
        said = f"{told(workspace, texts, will_change=False)} It stays, for now: {error}"
    _log.warning("%s", said)
    return said


def _texts(workspace: Workspace) -> list[str]:
    newest = workspace.artefacts.list(Kind.DATASET)[:1]
    rows = [r for d in newest for r in steps.split_of(workspace.parts, d.hash, Split.TRAIN)]
    return [row.question for row in rows] or [one.text for one in workspace.documents()]
