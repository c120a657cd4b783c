"""Tunes LoRA adapters of a Llama-architecture base model on the processor it runs on.

The training loop is one plain loop: batches in an order fixed by the seed, AdamW on the adapter
alone, a checkpoint now and then. What makes it fast lies in `llama_lora`; what it writes is an
ordinary PEFT adapter, and the same one in llama.cpp's format.

The same arguments give the same bytes on the same machine with the same number of threads, whether
or not the process was killed on the way.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from northloop.adapters.embedded import peft_files
from northloop.adapters.embedded.llama_lora import (
    LayerLora,
    Model,
    Prediction,
    embed,
    predict,
    run_layers,
    summed_loss,
)
from northloop.adapters.embedded.llama_weights import (
    converted,
    load_continuing,
    load_model,
    load_tokenizer,
)
from northloop.adapters.embedded.packed_rows import Packed, Row, Trie, pack
from northloop.core.artefacts import LossPoint, TuneSpec
from northloop.core.decoding import decoded
from northloop.core.errors import InputError
from northloop.core.ids import Hash, content_hash
from northloop.core.prompt import CHATML, Rendered
from northloop.ports.trainer import Followed, RowLoss

if TYPE_CHECKING:
    from northloop.adapters.embedded.llama_plain import PlainLlama

CURVE_FILE = "curve.jsonl"
CHECKPOINT_FILE = "checkpoint.safetensors"
READING_TOKENS = 4096
"""Distinct tokens in a batch when nothing is learnt."""
VALIDATIONS = 4
"""How often in a training the validation loss is taken; the last time at its end."""
VALIDATION_ROWS = 64
FAMILY_OVERLAP = 0.4
PIECE = 4
"""Rows of a family that are learnt in one step; more would make the step's rows too alike."""
GRADIENT_NORM = 1.0
"""Longer gradients are shortened to this."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Names of glibc's malloc.h."""

Progress = Callable[[LossPoint], None]


@contextlib.contextmanager
def _memory_kept() -> Iterator[None]:
    """Keep the C library from giving memory back that the next step asks for again.

    The kernel fills each page anew when it is given out again, which takes longer than many an
    operation on it. Where the C library has no such switch, nothing happens.
    """
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        yield
        return
    library.mallopt(M_MMAP_THRESHOLD, 32 << 20)
    library.mallopt(M_TRIM_THRESHOLD, (1 << 31) - 1)
    try:
        yield
    finally:
        library.mallopt(M_TRIM_THRESHOLD, 128 << 10)
        library.malloc_trim(0)


class PeftTrainer:
    """Implements `ports.trainer.Trainer` for Llama-architecture GGUF files."""

    def __init__(
        self,
        base_gguf: Path,
        cache_dir: Path,
        precise: bool = False,
        end: str = CHATML.end,
    ) -> None:
        """The dequantised model is kept in `cache_dir`; nothing is loaded before it is used.

        `precise` forgoes bfloat16 where the processor has it: slower, the same within 0.2 %.
        `end` is the token of its template that ends a turn.
        """
        self._base_gguf = base_gguf
        self._cache_dir = cache_dir
        self._end = end
        self._dtype = torch.float32 if precise else _fastest_dtype()

    def tune(
        self,
        spec: TuneSpec,
        train: Sequence[Rendered],
        validation: Sequence[Rendered],
        folder: Path,
        progress: Progress,
        initial: Path | None = None,
    ) -> dict[str, Path]:
        """See `ports.trainer.Trainer`.

        Rows longer than `spec.max_tokens` lose their end; rows whose prompt alone is that long are
        left out. InputError if nothing is left, or `initial` does not fit the spec.
        """
        folder.mkdir(parents=True, exist_ok=True)
        rows = _fitting(self._rows(train), spec.max_tokens)
        if not rows:
            raise InputError(
                "there is no row to learn from",
                where="tune",
                action="add examples, or raise max_tokens if all prompts are longer than it",
            )
        held_out = _fitting(self._rows(validation), spec.max_tokens)
        adapter = self._start(spec, initial)
        arguments = content_hash(
            (spec, rows, held_out, {k: _digest(v) for k, v in adapter.matrices.items()})
        )
        run = _Run(self._model, spec, adapter, arguments, folder / CHECKPOINT_FILE)
        with _memory_kept():
            curve = run.train(rows, held_out, progress)
        (folder / CURVE_FILE).write_bytes(
            b"".join(msgspec.json.encode(point) + b"\n" for point in curve)
        )
        files = peft_files.write(adapter, spec.base, self._model.shape, folder)
        return {**files, CURVE_FILE: folder / CURVE_FILE}

    def losses(self, adapter: Path | None, rows: Sequence[Rendered]) -> list[RowLoss]:
        """See `ports.trainer.Trainer`."""
        encoded = self._rows(rows)
        return [
            RowLoss(
                float(said.nats.sum(dtype=torch.float64)),
                len(said.nats),
                len(row.completion.encode()),
            )
            for row, said in zip(
                rows, _predictions(self._model, [adapter], encoded)[0], strict=True
            )
        ]

    def follow(
        self, adapters: Sequence[Path | None], rows: Sequence[Rendered]
    ) -> list[list[list[Followed]]]:
        """See `ports.trainer.Trainer`.

        In float32 always: bfloat16 loses part of what a weak adapter adds to a large sum, and the
        faithful engine would seem to serve a tenth more than was learnt.
        """
        encoded = self._rows(rows)
        texts = [self._pieces(row.completion) for row in rows]
        return [
            [
                _followed(pieces, row, said)
                for pieces, row, said in zip(texts, encoded, of_one, strict=True)
            ]
            for of_one in _predictions(self._exact, adapters, encoded)
        ]

    def generate(self, adapter: Path | None, prompt: str, max_tokens: int) -> str:
        """See `ports.trainer.Trainer`."""
        ids = self._tokenizer.encode(prompt).ids
        stop = self._tokenizer.token_to_id(self._end)
        said = self._plain.continued(ids, adapter, max_tokens, stop)
        return self._tokenizer.decode(said, skip_special_tokens=True)

    @cached_property
    def _folder(self) -> Path:
        return converted(self._base_gguf, self._cache_dir)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return load_tokenizer(self._folder)

    @cached_property
    def _continuing(self) -> Tokenizer:
        return load_continuing(self._folder)

    @cached_property
    def _model(self) -> Model:
        return load_model(self._folder, self._dtype)

    @cached_property
    def _exact(self) -> Model:
        exact = self._dtype is torch.float32
        return self._model if exact else load_model(self._folder, torch.float32)

    @cached_property
    def _plain(self) -> PlainLlama:
        # Nothing else takes all of Transformers, which takes seconds to load.
        from northloop.adapters.embedded.llama_plain import PlainLlama  # noqa: PLC0415

        return PlainLlama(self._folder)

    def _rows(self, rows: Sequence[Rendered]) -> list[Row]:
        prompts = self._tokenizer.encode_batch([row.prompt for row in rows])
        completions = self._continuing.encode_batch([row.completion for row in rows])
        return [
            Row(prompt.ids + completion.ids[:-1], completion.ids)
            for prompt, completion in zip(prompts, completions, strict=True)
        ]

    def _pieces(self, text: str) -> list[str]:
        """Return a text cut where its tokens end; one that ends within a character adds nothing."""
        found = self._continuing.encode(text).offsets
        ends = [0, *accumulate((end for _, end in found), max)]
        return [text[start:end] for start, end in pairwise(ends)]

    def _start(self, spec: TuneSpec, initial: Path | None) -> peft_files.Adapter:
        if initial is None:
            return peft_files.fresh(self._model.shape, spec)
        adapter = peft_files.read(initial, self._model.shape)
        found = (adapter.rank, adapter.alpha, adapter.first_layer)
        if found != (spec.rank, spec.alpha, spec.first_layer):
            raise InputError(
                f"the adapter to start from has rank, alpha and first_layer {found}",
                where=str(initial),
                action="give the spec the same values, or start without an adapter",
            )
        return adapter


@torch.no_grad()
def _predictions(
    model: Model, adapters: Sequence[Path | None], rows: Sequence[Row]
) -> list[list[Prediction]]:
    """Return for each adapter what the model says of each row's targets.

    The layers below all adapters are gone through once.
    """
    loras = [
        _loras(None if folder is None else peft_files.read(folder, model.shape), model)
        for folder in adapters
    ]
    layers = range(model.shape.layers)
    below = next((i for i in layers if any(lora[i] for lora in loras)), len(layers))
    trie = Trie(rows)
    said: list[dict[int, Prediction]] = [{} for _ in loras]
    for batch in trie.batches(_by_length(rows), READING_TOKENS):
        packed = pack(trie, batch)
        chosen = [rows[i] for i in batch]
        x = run_layers(model, packed, embed(model, packed), layers[:below], [None] * below)
        for lora, found in zip(loras, said, strict=True):
            own = run_layers(model, packed, x, layers[below:], lora[below:])
            parts = _per_row(predict(model, own, packed.targets), chosen)
            found.update(zip(batch, parts, strict=True))
    return [[found[i] for i in range(len(rows))] for found in said]


def _followed(pieces: Sequence[str], row: Row, said: Prediction) -> list[Followed]:
    return [
        Followed(text, -float(nats), int(likeliest) == target)
        for text, nats, likeliest, target in zip(
            pieces, said.nats, said.likeliest, row.targets, strict=True
        )
    ]


def _fastest_dtype() -> torch.dtype:
    """bfloat16 where the processor multiplies it in hardware, else float32."""
    native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if native else torch.float32


def _digest(tensor: Tensor) -> Hash:
    return content_hash(tensor.numpy().tobytes())


def _fitting(rows: Iterable[Row], max_tokens: int) -> list[Row]:
    """Return the rows cut to `max_tokens`, less those with nothing to learn then."""
    kept = []
    for row in rows:
        excess = max(0, len(row.inputs) + 1 - max_tokens)
        if len(row.targets) > excess:
            end = len(row.inputs) - excess
            kept.append(Row(row.inputs[:end], row.targets[: len(row.targets) - excess]))
    return kept


def _by_length(rows: Sequence[Row]) -> list[int]:
    """Return the rows' order that pads attention least and keeps equal beginnings together."""
    return sorted(range(len(rows)), key=lambda i: (len(rows[i].inputs) // 64, rows[i].inputs))


def _loras(adapter: peft_files.Adapter | None, model: Model) -> list[LayerLora | None]:
    """Return the adapter of every layer of the model, None where there is none."""
    if adapter is None:
        return [None] * model.shape.layers
    return [None] * adapter.first_layer + [*peft_files.per_layer(adapter, model)]


def _per_row(said: Prediction, rows: Sequence[Row]) -> list[Prediction]:
    sizes = [len(row.targets) for row in rows]
    columns = [torch.split(column, sizes) for column in said]
    return [Prediction(*parts) for parts in zip(*columns, strict=True)]


def _families(trie: Trie) -> list[list[int]]:
    """Return the rows in groups that share much of their inputs, as with the same passages."""
    families: list[list[int]] = []
    for i in sorted(range(len(trie.rows)), key=lambda i: trie.rows[i].inputs):
        if families and _overlap(trie.paths[families[-1][-1]], trie.paths[i]) > FAMILY_OVERLAP:
            families[-1].append(i)
        else:
            families.append([i])
    return families


def _overlap(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Return the share of the longer row that both have in common."""
    shorter = min(len(one), len(other))
    return np.count_nonzero(one[:shorter] == other[:shorter]) / max(len(one), len(other))


def _shuffled(families: Sequence[Sequence[int]], source: np.random.Generator) -> list[int]:
    """Return all rows in random order, but for small pieces of a family that stay together."""
    pieces: list[list[int]] = []
    for family in families:
        members = source.permutation(family).tolist()
        pieces += [members[at : at + PIECE] for at in range(0, len(members), PIECE)]
    return [i for piece in source.permutation(len(pieces)).tolist() for i in pieces[piece]]


class _Run:
    """One training: the adapter, its optimiser, and where it stands."""

    def __init__(
        self,
        model: Model,
        spec: TuneSpec,
        adapter: peft_files.Adapter,
        arguments: Hash,
        checkpoint: Path,
    ) -> None:
        self._model = model
        self._spec = spec
        self._adapter = adapter
        self._arguments = arguments
        self._checkpoint = checkpoint
        self._curve: list[LossPoint] = []
        self._parameters = adapter.matrices
        self._optimiser = torch.optim.AdamW(
            [p.requires_grad_() for p in self._parameters.values()],
            lr=spec.learning_rate,
            weight_decay=0.0,
        )

    def train(
        self, rows: Sequence[Row], held_out: Sequence[Row], progress: Progress
    ) -> list[LossPoint]:
        """Train to the end, from the last checkpoint if there is one; return the curve."""
        trie = Trie(rows)
        batches = self._schedule(trie)
        self._resume()
        if len(self._curve) < len(batches):
            self._go_on(_Lower(self._model, trie, self._spec), batches, held_out, progress)
        for parameter in self._parameters.values():
            parameter.requires_grad_(False)
        return self._curve

    def _go_on(
        self,
        lower: _Lower,
        batches: list[list[int]],
        held_out: Sequence[Row],
        progress: Progress,
    ) -> None:
        steps = len(batches)
        validated = {math.ceil(steps * k / VALIDATIONS) for k in range(1, VALIDATIONS + 1)}
        checks = _Lower(self._model, Trie(_spread(held_out, VALIDATION_ROWS)), self._spec)
        began_s, learnt = time.perf_counter(), 0
        for step in range(len(self._curve) + 1, steps + 1):
            packed = pack(lower.trie, batches[step - 1])
            loss = self._step(lower.states(packed), packed, self._rate(step, steps))
            learnt += len(packed.targets)
            speed = learnt / (time.perf_counter() - began_s)
            held_out_loss = self._validate(checks) if step in validated else None
            self._curve.append(LossPoint(step, steps, loss, 0.0, held_out_loss))
            if step % self._spec.checkpoint_steps == 0 or step == steps:
                self._save()
            progress(LossPoint(step, steps, loss, speed, held_out_loss))

    def _schedule(self, trie: Trie) -> list[list[int]]:
        """Return the rows of each step; an epoch sees each row once, the last one maybe fewer."""
        families = _families(trie)
        batches: list[list[int]] = []
        for epoch in range(math.ceil(self._spec.epochs)):
            order = _shuffled(families, np.random.default_rng((self._spec.seed, epoch)))
            share = min(1.0, self._spec.epochs - epoch)
            order = order[: max(1, round(share * len(order)))]
            batches += trie.batches(order, self._spec.batch_tokens)
        return batches

    def _rate(self, step: int, steps: int) -> float:
        """Return the learning rate: up in a line, then down to nothing in half a cosine."""
        warmup = max(1, round(self._spec.warmup_share * steps))
        if step <= warmup:
            return self._spec.learning_rate * step / warmup
        done = (step - warmup) / max(1, steps - warmup)
        return self._spec.learning_rate * 0.5 * (1 + math.cos(math.pi * done))

    def _upper(self, x: Tensor, packed: Packed) -> Tensor:
        layers = range(self._spec.first_layer, self._model.shape.layers)
        return run_layers(
            self._model, packed, x, layers, peft_files.per_layer(self._adapter, self._model)
        )

    def _step(self, x: Tensor, packed: Packed, rate: float) -> float:
        self._optimiser.zero_grad()
        loss = summed_loss(self._model, self._upper(x, packed), packed.targets)
        loss = loss / len(packed.targets)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(
            self._parameters.values(), GRADIENT_NORM, error_if_nonfinite=True
        )
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        return float(loss.detach())

    @torch.no_grad()
    def _validate(self, checks: _Lower) -> float | None:
        """Return the mean loss per token of held-out rows, None if there are none."""
        nats, tokens = 0.0, 0
        for batch in checks.trie.batches(_by_length(checks.trie.rows), READING_TOKENS):
            packed = pack(checks.trie, batch)
            x = self._upper(checks.states(packed), packed)
            nats += float(predict(self._model, x, packed.targets).nats.sum())
            tokens += len(packed.targets)
        return nats / tokens if tokens else None

    def _save(self) -> None:
        """Keep all that the rest of the training depends on, all or nothing."""
        state = self._optimiser.state_dict()["state"]
        tensors = {
            f"{kind}/{name}": tensor
            for at, (name, parameter) in enumerate(self._parameters.items())
            for kind, tensor in (
                ("value", parameter.detach()),
                ("mean", state[at]["exp_avg"]),
                ("square", state[at]["exp_avg_sq"]),
            )
        }
        about = {"arguments": self._arguments, "curve": msgspec.json.encode(self._curve).decode()}
        partial = self._checkpoint.with_suffix(".part")
        save_file(tensors, partial, about)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(self._checkpoint)

    def _resume(self) -> None:
        """Take up the checkpoint, if there is one of a training with the same arguments."""
        if not self._checkpoint.exists():
            return
        with safe_open(self._checkpoint, "pt") as file:
            about = file.metadata()
            if about["arguments"] != self._arguments:
                return
            self._curve = decoded(about["curve"], list[LossPoint])
            saved = self._optimiser.state_dict()
            for at, (name, parameter) in enumerate(self._parameters.items()):
                parameter.data.copy_(file.get_tensor(f"value/{name}"))
                saved["state"][at] = {
                    "step": torch.tensor(float(len(self._curve))),
                    "exp_avg": file.get_tensor(f"mean/{name}"),
                    "exp_avg_sq": file.get_tensor(f"square/{name}"),
                }
        self._optimiser.load_state_dict(saved)


class _Lower:
    """The states below the first adapted layer: they never change, so each is computed once."""

    def __init__(self, model: Model, trie: Trie, spec: TuneSpec) -> None:
        self.trie = trie
        self._model = model
        self._kept = _states_below(model, trie, spec.first_layer) if spec.first_layer else None

    def states(self, packed: Packed) -> Tensor:
        """Return (T, D), float32."""
        return embed(self._model, packed) if self._kept is None else self._kept[packed.nodes]


@torch.no_grad()
def _states_below(model: Model, trie: Trie, layer: int) -> Tensor:
    """Return the states of all nodes before `layer`; batches depend on nothing but the rows."""
    states = torch.empty(len(trie.tokens), model.shape.width)
    nobody: list[LayerLora | None] = [None] * layer
    for batch in trie.batches(_by_length(trie.rows), READING_TOKENS):
        packed = pack(trie, batch)
        states[packed.nodes] = run_layers(model, packed, embed(model, packed), range(layer), nobody)
    return states


def _spread(rows: Sequence[Row], most: int) -> list[Row]:
    """Return at most `most` rows, evenly spread."""
    stride = max(1, math.ceil(len(rows) / most))
    return list(rows[::stride])
