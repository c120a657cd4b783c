"""How fast are adapters tuned, beside TRL's SFTTrainer and Transformers' Trainer with PEFT?

    python benchmarks/training.py DATA --trl ~/trl/bin/python
    python benchmarks/training.py DATA --trl ~/trl/bin/python --set star --first-layer 15

DATA is the folder of public sets. All arms tune the embedded base model, the same weights, on the
same rows: the product's own training prompts, Bitext's questions without a passage or STAR's with
one, of which the replies alone are supervised. Adapter, rates and seed are alike, and the peers'
steps hold as many rows as the product's do on the mean. Each arm is a process of its own, and they
take turns after every step, so that what else the machine does falls on all of them. TRL has an
environment of its own (`python3.11 -m venv ~/trl`, then `~/trl/bin/pip install 'torch>=2.9' trl`).
Prints a Markdown table: rates once it runs steadily, and "×", the time of the whole training beside
the product's, which learns the same rows as often. The product takes the held-out loss of all, in
float32.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import loop_sets
import msgspec
import torch
from memory_sets import example
from retrieval import built

from northloop.adapters.embedded.base_models import fetch
from northloop.adapters.embedded.llama_weights import converted, load_continuing, load_tokenizer
from northloop.adapters.embedded.packed_rows import Row, Trie
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.artefacts import TuneSpec
from northloop.core.prompt import CHATML, Rendered
from northloop.loop.rows import Writing, answer_rows
from northloop.ports.scratch import cache_folder
from northloop.stages.data.documents import passages, read_folder
from northloop.stages.objective.templates import use_case_named
from northloop.stages.training.catalogue import find

ARM = Path(__file__).with_name("training_arms.py")
WARM_UP = 3
"""Steps of each arm that its rates leave out; the whole training has them."""
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "PYTHONWARNINGS": "ignore",
}
NORTHLOOP = "northloop"
ARMS: Mapping[str, Mapping[str, Any]] = {
    NORTHLOOP: {"kind": "northloop"},
    "Trainer and PEFT as in tutorials: float32, padded": {"kind": "trainer", "dtype": "float32"},
    "Trainer and PEFT: bfloat16, padded, by length": {
        "kind": "trainer",
        "dtype": "bfloat16",
        "arguments": {"bf16": True, "train_sampling_strategy": "group_by_length"},
    },
    "TRL: bfloat16, padded, by length": {
        "kind": "trl",
        "dtype": "bfloat16",
        "arguments": {"train_sampling_strategy": "group_by_length"},
    },
    "TRL: bfloat16, padding-free": {
        "kind": "trl",
        "dtype": "bfloat16",
        "arguments": {"padding_free": True, "max_length": None},
    },
    "TRL: bfloat16, packed": {"kind": "trl", "dtype": "bfloat16", "arguments": {"packing": True}},
}
"""What each is told beside what all are told; SFTTrainer takes bfloat16 by itself."""


class Step(NamedTuple):
    """What one step took, and what it learnt from."""

    s: float
    core_s: float
    supervised: int
    tokens: int


class Trained(NamedTuple):
    """What came of an arm."""

    steps: Sequence[Step]
    peak_mb: float
    packages: str
    held_out: float
    """Mean loss of a token of replies that were not learnt."""

    def whole(self, of: str) -> float:
        return float(sum(getattr(step, of) for step in self.steps))

    def rate(self, of: str, per: str) -> float:
        """Return how much of something there is for each second, once it runs steadily."""
        steady = self.steps[WARM_UP:] or self.steps
        amount, time_ = (sum(float(getattr(s, name)) for s in steady) for name in (of, per))
        return amount / time_


# --- what is learnt ----------------------------------------------------------------------------


def prompts(data: Path, name: str, learnt: int, held_out: int) -> tuple[list[Rendered], ...]:
    """Return rows as the product trains on them, and others that are held out."""
    size = loop_sets.Size(history=learnt + held_out, live=1, held_out=1)
    world = loop_sets.SETS[name](data, size)
    examples = [example(row.id, (row.question, row.reply), row.about) for row in world.history]
    with tempfile.TemporaryDirectory() as folder:
        for file, text in world.documents.items():
            Path(folder, file).write_text(text)
        known = passages(read_folder(Path(folder)).documents) if world.documents else ()
    writing = Writing(
        prompt=use_case_named("support").system_prompt,
        passages=1 if known else 0,
        template=CHATML,
    )
    rows = answer_rows(examples, built(known, WordEmbedder()), writing)
    return rows[:learnt], rows[learnt:]


def tokens(rows: Sequence[Rendered], model: Path) -> list[dict[str, list[int]]]:
    """Return rows as the peers want them, cut into the very tokens that the product learns."""
    prompts = load_tokenizer(model).encode_batch([row.prompt for row in rows])
    replies = load_continuing(model).encode_batch([row.completion for row in rows])
    return [
        {"input_ids": prompt.ids + reply.ids, "labels": [-100] * len(prompt.ids) + reply.ids}
        for prompt, reply in zip(prompts, replies, strict=True)
    ]


def rows_a_step(rows: Sequence[dict[str, list[int]]], spec: TuneSpec) -> int:
    """Return how many rows a step of the product has on the mean."""
    trie = Trie([Row(row["input_ids"][:-1], row["input_ids"][-1:]) for row in rows])
    return round(len(rows) / len(trie.batches(range(len(rows)), spec.batch_tokens)))


# --- the arms ----------------------------------------------------------------------------------


class Running(NamedTuple):
    """An arm that is training, or waits for its turn."""

    process: subprocess.Popen[str]
    steps: list[Step]

    def said(self) -> dict[str, Any]:
        """Let it go on, and return what it says then."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"an arm ended with status {self.process.wait()}: see above")
        found: dict[str, Any] = json.loads(line)
        return found


def started(python: Path, job: Mapping[str, Any]) -> Running:
    """Return an arm whose model is loaded."""
    folder = Path(job["folder"])
    folder.mkdir()
    (folder / "job.json").write_text(json.dumps(job))
    process = subprocess.Popen(
        [python, ARM, folder / "job.json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **QUIET},
    )
    assert process.stdout
    if not process.stdout.readline():
        raise SystemExit(f"{job['kind']} ended with status {process.wait()}: see above")
    return Running(process, [])


def in_turn(arms: Mapping[str, Running]) -> dict[str, tuple[float, str]]:
    """Let each arm take a step, again and again, to the end; return its memory and packages."""
    over: dict[str, tuple[float, str]] = {}
    while len(over) < len(arms):
        for name in [name for name in arms if name not in over]:
            said = arms[name].said()
            if "peak_mb" in said:
                over[name] = said["peak_mb"], said["packages"]
            else:
                arms[name].steps.append(Step(**said))
        print(f"{max(len(arm.steps) for arm in arms.values())} steps", end="\r", file=sys.stderr)
    return over


def probe() -> str:
    """Return what the machine does at most: products of one layer's size, and copying."""
    states, weight = torch.rand(1024, 576), torch.rand(576, 1536)
    flops = 2 * 1024 * 576 * 1536
    found = []
    for dtype in (torch.bfloat16, torch.float32):
        product = partial(torch.mm, states.to(dtype), weight.to(dtype))
        found.append(f"{str(dtype)[6:]} products {flops / _core_s(product) / 1e9:.0f}")
    some = torch.rand(1 << 26)
    copied = some.nbytes / _core_s(some.clone) / 1e9
    return f"{' and '.join(found)} GFLOP a core s, copies {copied:.1f} GB a core s"


def _core_s(what: Callable[[], object], times: int = 5) -> float:
    """Return the processor time that something takes, the middle one of a few."""
    what()
    found = []
    for _ in range(times):
        began = time.process_time()
        what()
        found.append(time.process_time() - began)
    return median(found)


def held_out_loss(judge: PeftTrainer, adapter: Path | None, rows: Sequence[Rendered]) -> float:
    """Return the mean loss of a token, in nats."""
    losses = judge.losses(adapter, rows)
    return sum(loss.nats for loss in losses) / sum(loss.tokens for loss in losses)


def jobs(
    given: argparse.Namespace, spec: TuneSpec, gguf: Path, learnt: Sequence[Rendered]
) -> dict[str, dict[str, Any]]:
    """Return what each arm is to do."""
    cache = cache_folder() / "converted"
    model = converted(gguf, cache)
    rows = tokens(learnt, model)
    a_step = rows_a_step(rows, spec)
    shared = {
        "gguf": str(gguf),
        "cache": str(cache),
        "model": str(model),
        "rows": msgspec.to_builtins(learnt),
        "tokens": rows,
        "spec": msgspec.to_builtins(spec),
        "end": CHATML.end,
    }
    longest = round(a_step * sum(len(row["input_ids"]) for row in rows) / len(rows))
    found = {}
    for name, arm in ARMS.items():
        if name not in given.only or (arm["kind"] == "trl" and not given.trl):
            continue
        arguments = {"per_device_train_batch_size": a_step, **arm.get("arguments", {})}
        if arguments.get("packing"):
            arguments |= {"per_device_train_batch_size": 1, "max_length": longest}
        found[name] = {**shared, **arm, "arguments": arguments}
    return found


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("data", type=Path)
    asked.add_argument("--trl", type=Path, help="the Python of an environment with TRL")
    asked.add_argument("--set", default="bitext", choices=("bitext", "star"))
    asked.add_argument("--rows", type=int, default=240)
    asked.add_argument("--epochs", type=float, default=1.0)
    asked.add_argument("--first-layer", type=int, default=0)
    asked.add_argument("--only", nargs="+", default=list(ARMS), help="arms, as the table has them")
    asked.add_argument("--profile", type=Path, help="a folder for each arm's time by operation")
    given = asked.parse_args()
    spec = TuneSpec(epochs=given.epochs, first_layer=given.first_layer)
    gguf = fetch(find(spec.base), cache_folder() / "models")
    learnt, held_out = prompts(given.data, given.set, given.rows, given.rows // 4)
    print(f"Python {platform.python_version()}, {torch.get_num_threads()} threads, {probe()}\n")
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as processes:
        arms: dict[str, Running] = {}
        for name, job in jobs(given, spec, gguf, learnt).items():
            python = given.trl if job["kind"] == "trl" else Path(sys.executable)
            profile = given.profile and str(given.profile / f"{name}.txt")
            folder = str(Path(scratch, name))
            arms[name] = started(python, {**job, "folder": folder, "profile": profile})
            processes.enter_context(arms[name].process)
        over = in_turn(arms)
        judge = PeftTrainer(gguf, cache_folder() / "converted", precise=True)
        found = {
            name: Trained(
                arm.steps, *over[name], held_out_loss(judge, Path(scratch, name), held_out)
            )
            for name, arm in arms.items()
        }
    _print(found)
    before = held_out_loss(judge, None, held_out)
    print(f"\n{len(learnt)} rows, {given.epochs:g} times each; untrained {before:.3f} nats")
    for packages in dict.fromkeys(trained.packages for trained in found.values()):
        print(packages)


def _print(found: Mapping[str, Trained]) -> None:
    print(
        "| | reply tokens/s | all tokens/s | reply tokens a core s | whole training, s | core s "
        "| steps | most memory, MB | held-out loss | × s | × core s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    ours = found.get(NORTHLOOP)
    for name, arm in found.items():
        whole = arm.whole("s"), arm.whole("core_s")
        cells = [
            f"{arm.rate('supervised', 's'):.0f}",
            f"{arm.rate('tokens', 's'):.0f}",
            f"{arm.rate('supervised', 'core_s'):.0f}",
            f"{whole[0]:.0f}",
            f"{whole[1]:.0f}",
            f"{len(arm.steps)}",
            f"{arm.peak_mb:,.0f}",
            f"{arm.held_out:.4f}",
            f"{whole[0] / ours.whole('s'):.1f}" if ours else "",
            f"{whole[1] / ours.whole('core_s'):.1f}" if ours else "",
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
