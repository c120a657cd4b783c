"""What a training will take, told before it starts: steps, tokens, memory, time.

Memory and time are estimates from the sizes of the model and the rows; how fast this processor is
gets measured for a moment. The trainer shares the prefixes that rows have in common, so a training
may be quicker than planned; it knows the number of its steps exactly, the plan about.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from northloop.core.artefacts import TuneSpec
from northloop.core.base_model import BaseModel
from northloop.core.errors import InputError
from northloop.core.prompt import Rendered

BYTES_PER_TOKEN = 4.3
"""UTF-8 bytes of English prose per token."""
STATE_BYTES = 34
"""Kept per token, adapted layer and unit of width for the backward pass."""
BACKWARD = 1.0
"""Cost of the backward pass over frozen weights, in forward passes."""
FIXED_BYTES = 700_000_000
"""Libraries, tokenizer and the logits of a block of positions."""
PROBE_SIZE = 1024
PROBE_S = 0.4
"""So long the machine is tried: its best is the same whatever else it does now and then."""
EFFICIENCY = 1.3
"""What training reaches of the probe's rate, with bfloat16 in hardware."""


class RowTokens(msgspec.Struct, frozen=True):
    """The length of one row."""

    prompt: int
    completion: int

    @property
    def total(self) -> int:
        return self.prompt + self.completion


class Hardware(msgspec.Struct, frozen=True, kw_only=True):
    """What the machine has to give."""

    cores: int
    memory_bytes: int
    """Free for us."""
    gflops: float
    """Of a float32 matrix product."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A training as it would go."""

    base: str
    licence: str
    rows: int
    left_out: int
    """Rows whose prompt alone fills `max_tokens`."""
    shortened: int
    """Rows that lose their end to `max_tokens`."""
    steps: int
    tokens: int
    """Tokens read in all epochs together."""
    supervised_tokens: int
    adapter_parameters: int
    memory_bytes: int
    seconds: float
    settings: TuneSpec

    def text(self) -> str:
        """Return the plan for a person to read."""
        spec = self.settings
        notes = [
            f"{count} rows {what}"
            for count, what in (
                (self.left_out, f"left out: their prompt alone is over {spec.max_tokens} tokens"),
                (self.shortened, f"shortened to {spec.max_tokens} tokens"),
            )
            if count
        ]
        return "\n".join(
            [
                f"base        {self.base} ({self.licence})",
                f"rows        {self.rows}, {spec.epochs:g} epochs, about {self.steps} steps"
                f" of at most {spec.batch_tokens} tokens",
                f"tokens      {self.tokens:,}, of them supervised {self.supervised_tokens:,}",
                f"adapter     LoRA rank {spec.rank}, alpha {spec.alpha}, from layer"
                f" {spec.first_layer} on: {self.adapter_parameters:,} parameters",
                f"learning    rate {spec.learning_rate:g}, warm-up {spec.warmup_share:.0%},"
                f" seed {spec.seed}, checkpoint every {spec.checkpoint_steps} steps",
                f"memory      about {self.memory_bytes / 1e9:.1f} GB",
                f"time        about {_duration(self.seconds)}",
                *(f"note        {note}" for note in notes),
            ]
        )


def plan(spec: TuneSpec, model: BaseModel, rows: Sequence[RowTokens], hardware: Hardware) -> Plan:
    """Return what the training would take; InputError, with what to change, if it cannot fit."""
    _check(spec, model)
    fitting = [row for row in rows if row.prompt < spec.max_tokens]
    if not fitting:
        raise InputError(
            "there is no row to learn from",
            where="plan",
            action="add examples, or raise max_tokens if all prompts are longer than it",
        )
    lengths = [min(row.total, spec.max_tokens) for row in fitting]
    supervised = sum(length - row.prompt for length, row in zip(lengths, fitting, strict=True))
    made = Plan(
        base=model.name,
        licence=model.licence,
        rows=len(fitting),
        left_out=len(rows) - len(fitting),
        shortened=sum(row.total > spec.max_tokens for row in fitting),
        steps=math.ceil(spec.epochs * sum(lengths) / spec.batch_tokens),
        tokens=round(spec.epochs * sum(lengths)),
        supervised_tokens=round(spec.epochs * supervised),
        adapter_parameters=_adapter_parameters(spec, model),
        memory_bytes=_memory_bytes(spec, model, sum(lengths)),
        seconds=_seconds(spec, model, sum(lengths), hardware),
        settings=spec,
    )
    if made.memory_bytes > hardware.memory_bytes:
        raise InputError(
            f"{made.base} needs about {made.memory_bytes / 1e9:.1f} GB to train,"
            f" {hardware.memory_bytes / 1e9:.1f} GB are free",
            where="plan",
            action=_remedy(spec, model, sum(lengths), hardware),
        )
    return made


def _check(spec: TuneSpec, model: BaseModel) -> None:
    problems = [
        (spec.epochs <= 0, "epochs must be more than 0"),
        (spec.rank < 1, "rank must be at least 1"),
        (spec.learning_rate <= 0, "learning_rate must be more than 0"),
        (spec.batch_tokens < 1, "batch_tokens must be at least 1"),
        (
            bool(model.layers) and not 0 <= spec.first_layer < model.layers,
            f"first_layer must be from 0 to {model.layers - 1}",
        ),
        (
            bool(model.context) and spec.max_tokens > model.context,
            f"max_tokens must be at most {model.context}, the model's context",
        ),
    ]
    for wrong, what in problems:
        if wrong:
            raise InputError(what, where="tune", action="change the setting and plan again")


def _adapter_parameters(spec: TuneSpec, model: BaseModel) -> int:
    """Return the size of LoRA on q, k, v and o."""
    per_layer = spec.rank * (6 * model.hidden + 2 * model.kv_width)
    return (model.layers - spec.first_layer) * per_layer


def _memory_bytes(spec: TuneSpec, model: BaseModel, tokens: int) -> int:
    weights = 2 * model.parameters
    adapter = 16 * _adapter_parameters(spec, model)
    adapted = model.layers - spec.first_layer
    batch = min(spec.batch_tokens, tokens) * adapted * model.hidden * STATE_BYTES
    below = 4 * model.hidden * tokens if spec.first_layer else 0
    return FIXED_BYTES + weights + adapter + batch + below


def _seconds(spec: TuneSpec, model: BaseModel, tokens: int, hardware: Hardware) -> float:
    """Return forward passes below the adapter once, both passes above it in each epoch."""
    share = spec.first_layer / model.layers if model.layers else 0.0
    passes = share + spec.epochs * (1 - share) * (1 + BACKWARD)
    return 2 * model.parameters * tokens * passes / (hardware.gflops * 1e9 * EFFICIENCY)


def _remedy(spec: TuneSpec, model: BaseModel, tokens: int, hardware: Hardware) -> str:
    """Return the mildest change that makes the training fit."""
    smaller = spec.batch_tokens // 2
    while smaller >= spec.max_tokens:
        trial = msgspec.structs.replace(spec, batch_tokens=smaller)
        if _memory_bytes(trial, model, tokens) <= hardware.memory_bytes:
            return f"set batch_tokens to {smaller}"
        smaller //= 2
    return "take a smaller base model, or a machine with more memory"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def estimated_tokens(rows: Sequence[Rendered]) -> list[RowTokens]:
    """Return the rows' lengths as English prose has them; only the tokenizer knows better."""
    return [RowTokens(_tokens(row.prompt), _tokens(row.completion)) for row in rows]


def _tokens(text: str) -> int:
    return math.ceil(len(text.encode()) / BYTES_PER_TOKEN)


def hardware() -> Hardware:
    """Return what this machine has, measured; takes half a second."""
    return Hardware(
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=_free_memory_bytes(Path("/proc/meminfo")),
        gflops=_probe_gflops(),
    )


def _free_memory_bytes(meminfo: Path) -> int:
    lines = meminfo.read_text().splitlines() if meminfo.exists() else []
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _probe_gflops() -> float:
    square = np.ones((PROBE_SIZE, PROBE_SIZE), dtype=np.float32)
    spent_s = list[float]()
    until_s = time.perf_counter() + PROBE_S
    while not spent_s or time.perf_counter() < until_s:
        began_s = time.perf_counter()
        square @ square
        spent_s.append(time.perf_counter() - began_s)
    return float(2 * PROBE_SIZE**3 / min(spent_s) / 1e9)
