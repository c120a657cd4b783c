"""A sentence encoder of your own, from a folder as sentence-transformers writes it.

The library (Reimers & Gurevych 2019) reads what there is: BERT, MPNet, XLM-R and others, several
kinds of pooling, prompts. Nothing is fetched, and no code that lies in the folder is run. Texts are
read one at a time, so that a vector does not depend on what else was asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch import Tensor

from northloop.adapters.embedded.kept import Kept
from northloop.adapters.embedded.squeezed import DIFFERENT, in_common, unit
from northloop.core.errors import ConfigurationError
from northloop.ports.models import Embedder, Words

Floats = NDArray[np.float32]

LONGEST = 512
"""Tokens that are read of a text, or fewer where the encoder was made for fewer."""
KEPT = 16_384
"""Texts whose vectors stay at hand: the ways to answer ask for the same ones."""
OWN = "own/"
"""Begins the names of these embedders."""
_DIRECTIONS = 128
_COMMON, _LENGTH, _EVERY = 2_304, 48, 4
"""Texts of so many words, each fourth that the common words make, tell in which directions words
differ."""
_LEAST_LETTERS = 3
_BEGINS, _GOES_ON = "▁Ġ", "##"
"""How the vocabularies of sentence pieces and of byte pairs mark that a word begins, and how that
of word pieces marks that one goes on."""
_MADE_OF = (".json", ".txt", ".model", ".safetensors", ".bin")
_WHERE = "serving.embedder"


def opened(folder: Path) -> Embedder:
    """Return the encoder in a folder; one that reads word by word where its model does.

    ConfigurationError if no encoder lies there, or one that the library cannot read.
    """
    model = _model(folder)
    name = f"{OWN}{folder.name}/{_fingerprint(folder)}"
    if not hasattr(model[0], "auto_model"):
        return FolderEmbedder(name, model)
    model.max_seq_length = min(model.max_seq_length or LONGEST, LONGEST)
    reads = ReadingEmbedder(name, model)
    return reads if reads.tells_words() else FolderEmbedder(name, model)


class FolderEmbedder:
    """Implements `ports.models.Embedder`; safe for threads."""

    english_alone = False
    """That is not known; whoever names an encoder chose it for the languages they have."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        self.name = name
        self._model = model
        self._prompt = model.prompts.get(model.default_prompt_name or "") or ""
        self._vectors: Kept[Floats] = Kept(KEPT)
        width = model.get_embedding_dimension()
        self._width = width if width is not None else len(self._read("a")[0])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimensions)."""
        known = self._vectors.of(texts)
        new = {text: self._meant(text) for text in dict.fromkeys(texts) if text not in known}
        self._vectors.keep(new)
        known.update(new)
        return np.array([known[text] for text in texts], np.float32).reshape(-1, self._width)

    def _meant(self, text: str) -> Floats:
        return self._apart(self._read(text)[0])

    def _apart(self, vector: Floats) -> Floats:
        return unit(vector - self._common) if self.squeezed else vector

    @property
    def squeezed(self) -> bool:
        return bool(self._common.any())

    @cached_property
    def _common(self) -> Floats:
        """What vectors of all texts have in common, (dimensions,)."""
        return in_common(np.array([self._read(text)[0] for text in DIFFERENT]))

    def _read(self, text: str) -> tuple[Floats, Mapping[str, Tensor]]:
        """Return a text's unit vector, and all that the model made on the way to it."""
        with torch.inference_mode():
            found = self._model(self._model.preprocess([text], prompt=self._prompt or None))
        return unit(found["sentence_embedding"].float().numpy())[0], found


class ReadingEmbedder(FolderEmbedder):
    """Implements `WordByWord`, too."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        super().__init__(name, model)
        self._words: Kept[Words] = Kept(KEPT)

    def tells_words(self) -> bool:
        """Whether the model shows its layers, and the tokenizer where each piece stands."""
        shown = "all_layer_embeddings" in self._read("a")[1]
        return shown and bool(getattr(self._model.tokenizer, "is_fast", False))

    def word_by_word(self, texts: Sequence[str]) -> list[Words]:
        """Return the pieces of each text's first tokens, after the last layer but one, in the
        directions that tell words apart; the vector of the whole is remembered on the way."""
        known = self._words.of(texts)
        new = {text: self._words_of(text) for text in dict.fromkeys(texts) if text not in known}
        self._words.keep(new)
        known.update(new)
        return [
            known[text]._replace(vectors=known[text].vectors.astype(np.float32)) for text in texts
        ]

    def _words_of(self, text: str) -> Words:
        """Return what is remembered of a text: the vectors in half precision."""
        vector, found = self._read(text)
        self._vectors.keep({text: self._apart(vector)})
        rows = found["all_layer_embeddings"][-2][0].float().numpy()
        spans, ids = self._spans(text, len(rows))
        said = [place for place, (first, last) in enumerate(spans) if last > first]
        turned = unit(rows[said] @ self._directions)
        return Words(
            np.array([ids[place] for place in said], int),
            turned.astype(np.float16),
            np.array([spans[place] for place in said], int).reshape(-1, 2),
        )

    def _spans(self, text: str, most: int) -> tuple[list[tuple[int, int]], list[int]]:
        """Return where in a text its first pieces stand, and which they are; those of a prompt, and
        the marks that the model adds, stand nowhere."""
        before = len(self._prompt)
        read = self._model.tokenizer(
            self._prompt + text,
            return_offsets_mapping=True,
            truncation=True,
            max_length=self._model.max_seq_length,
        )
        found = read["offset_mapping"][:most]
        spans = [(max(first - before, 0), max(last - before, 0)) for first, last in found]
        return spans, read["input_ids"][:most]

    @cached_property
    def _directions(self) -> Floats:
        """Those in which common words differ most, (dimensions, `_DIRECTIONS`); all there are
        where these are not more, or no words of a vocabulary are known as such."""
        by_rank = sorted(self._model.tokenizer.get_vocab().items(), key=lambda word: word[1])
        plain = (word.strip(_BEGINS) for word, _ in by_rank if not word.startswith(_GOES_ON))
        common = [word for word in plain if word.isalpha() and len(word) >= _LEAST_LETTERS][
            :_COMMON
        ]
        if self._width <= _DIRECTIONS or not common:
            return np.eye(self._width, dtype=np.float32)
        lots = (common[n : n + _LENGTH] for n in range(0, len(common), _LENGTH * _EVERY))
        layers = [self._read(" ".join(lot))[1]["all_layer_embeddings"] for lot in lots]
        rows = unit(np.concatenate([one[-2][0, 1:-1].float().numpy() for one in layers]))
        found: Floats = np.linalg.eigh(rows.T @ rows)[1][:, : -_DIRECTIONS - 1 : -1]
        return np.ascontiguousarray(found)


def _model(folder: Path) -> SentenceTransformer:
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise ConfigurationError(
            f"no sentence encoder lies in {folder}",
            where=_WHERE,
            action="name a folder that holds modules.json or config.json, and the weights",
        )
    bars = transformers.utils.logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            config_kwargs={"output_hidden_states": True},
        )
    except Exception as error:  # five libraries read what lies there, each with errors of its own
        raise ConfigurationError(
            f"the encoder in {folder} cannot be read: {_first_line(error)}",
            where=_WHERE,
            action="try it with sentence_transformers.SentenceTransformer(folder)",
        ) from error
    finally:
        if shown:
            bars.enable_progress_bar()
    return model.eval()


def _fingerprint(folder: Path) -> str:
    """Return what tells an encoder from another of the same name: a hash of what it is made of."""
    found = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix in _MADE_OF):
        found.update(str(file.relative_to(folder)).encode())
        with file.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()[:12]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
