"""One training in a process of its own, a step at a time, as `training.py` asks for it.

    PYTHON benchmarks/training_arms.py JOB

JOB is a file of JSON. Each line on stdin lets it take one more step; each step is a line of JSON on
stdout: what it took, and how many tokens it learnt from. The first step has all that a training
does before it. Needs of Northloop no more than the arm that is the product.
"""

# ruff: noqa: PLC0415 - each arm imports what it needs: the peers' environments have no Northloop

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

IGNORED = -100
"""The label of a token that nobody is to learn to say."""


class Turns:
    """What is said to whoever started this process, on the stdout that it had."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        self._supervised = self._tokens = 0

    def learnt(self, supervised: int, tokens: int) -> None:
        """Count what the step learns from: tokens of replies, and all, none of it padding."""
        self._supervised += supervised
        self._tokens += tokens

    def wait(self) -> None:
        """Say that nothing goes on here until the next line comes."""
        print(file=self._out, flush=True)
        self._go()

    def step(self) -> None:
        """Tell of a step, and wait."""
        clock, core = self._began
        self._say(
            s=time.perf_counter() - clock,
            core_s=time.process_time() - core,
            supervised=self._supervised,
            tokens=self._tokens,
        )
        self._supervised = self._tokens = 0
        self._go()

    def over(self, packages: Sequence[str]) -> None:
        """Tell what is known at the end."""
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self._say(
            peak_mb=peak_mb, packages=", ".join(f"{name} {version(name)}" for name in packages)
        )

    def _go(self) -> None:
        if not sys.stdin.readline():
            raise SystemExit("nobody waits for this training any more")
        self._began = time.perf_counter(), time.process_time()

    def _say(self, **said: object) -> None:
        print(json.dumps(said), file=self._out, flush=True)


def northloop(job: dict[str, Any], turns: Turns) -> tuple[str, ...]:
    """Train by the product's own trainer."""
    import msgspec

    from northloop.adapters.embedded import peft_trainer
    from northloop.core.artefacts import TuneSpec
    from northloop.core.prompt import Rendered

    rows = msgspec.convert(job["rows"], list[Rendered])
    trainer = peft_trainer.PeftTrainer(Path(job["gguf"]), Path(job["cache"]))
    trainer.losses(None, rows[:1])
    pack = peft_trainer.pack  # type: ignore[attr-defined]
    last: list[Any] = []

    def counted(trie: Any, chosen: Sequence[int]) -> Any:
        nonlocal last
        last = [trie.rows[i] for i in chosen]
        return pack(trie, chosen)

    def told(_: object) -> None:
        targets = sum(len(row.targets) for row in last)
        turns.learnt(targets, len(last) + sum(len(row.inputs) for row in last))
        turns.step()

    peft_trainer.pack = counted  # type: ignore[attr-defined]
    turns.wait()
    spec = msgspec.convert(job["spec"], TuneSpec)
    trainer.tune(spec, rows, [], Path(job["folder"]), told)
    return ("northloop", "torch")


def trainer(job: dict[str, Any], turns: Turns) -> tuple[str, ...]:
    """Train by Transformers' Trainer with an adapter of PEFT."""
    from peft import get_peft_model
    from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=getattr(torch, job["dtype"]))
    model = get_peft_model(model, _adapter(job))
    trained = _stepwise(Trainer, turns)(
        model=model,
        args=TrainingArguments(**_arguments(job)),
        train_dataset=job["tokens"],
        data_collator=_padded,
    )
    turns.wait()
    trained.train()
    trained.model.save_pretrained(job["folder"])
    return ("transformers", "peft", "torch")


def trl(job: dict[str, Any], turns: Turns) -> tuple[str, ...]:
    """Train by TRL's SFTTrainer."""
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
    from trl import SFTConfig, SFTTrainer

    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=getattr(torch, job["dtype"]))
    trained = _stepwise(SFTTrainer, turns)(
        model=model,
        args=SFTConfig(**_arguments(job)),
        train_dataset=Dataset.from_list(job["tokens"]),
        processing_class=PreTrainedTokenizerFast(
            tokenizer_file=str(Path(job["model"], "tokenizer.json")),
            eos_token=job["end"],
            pad_token=job["end"],
        ),
        peft_config=_adapter(job),
    )
    turns.wait()
    trained.train()
    trained.model.save_pretrained(job["folder"])
    return ("trl", "transformers", "peft", "torch")


def _adapter(job: dict[str, Any]) -> Any:
    from peft import LoraConfig

    layers = json.loads(Path(job["model"], "config.json").read_text())["num_hidden_layers"]
    return LoraConfig(
        r=job["spec"]["rank"],
        lora_alpha=job["spec"]["alpha"],
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj"],
        layers_to_transform=list(range(job["spec"]["first_layer"], layers)),
        task_type="CAUSAL_LM",
    )


def _arguments(job: dict[str, Any]) -> dict[str, Any]:
    spec = job["spec"]
    return {
        "output_dir": job["folder"],
        "num_train_epochs": spec["epochs"],
        "learning_rate": spec["learning_rate"],
        "lr_scheduler_type": "cosine",
        "warmup_steps": spec["warmup_share"],
        "seed": spec["seed"],
        "use_cpu": True,
        "gradient_checkpointing": False,
        "save_strategy": "no",
        "logging_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        **job["arguments"],
    }


def _padded(rows: Sequence[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
    """Pad to the longest row of the batch."""
    longest = max(len(row["input_ids"]) for row in rows)

    def filled(of: str, by: int) -> torch.Tensor:
        return torch.tensor([row[of] + [by] * (longest - len(row[of])) for row in rows])

    mask = [[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"])) for row in rows]
    return {
        "input_ids": filled("input_ids", 0),
        "labels": filled("labels", IGNORED),
        "attention_mask": torch.tensor(mask),
    }


def _stepwise(base: Any, turns: Turns) -> type:
    """Return a trainer that tells of each step."""
    from transformers import PrinterCallback, TrainerCallback

    class Telling(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, *_: object, **__: object) -> None:
            turns.step()

    class Stepwise(base):  # type: ignore[misc]
        def __init__(self, **given: Any) -> None:
            super().__init__(**given, callbacks=[Telling()])
            self.remove_callback(PrinterCallback)

        def training_step(self, model: Any, inputs: Any, *rest: Any) -> Any:
            mask = inputs.get("attention_mask")
            all_ = inputs["input_ids"].numel() if mask is None else int(mask.sum())
            turns.learnt(int((inputs["labels"] != IGNORED).sum()), all_)
            return super().training_step(model, inputs, *rest)

    return Stepwise


def main() -> None:
    """Train."""
    job = json.loads(Path(sys.argv[1]).read_text())
    turns = Turns()
    watched = torch.profiler.profile() if job["profile"] else nullcontext()
    with watched as profile:
        packages = globals()[job["kind"]](job, turns)
    if profile:
        table = profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=40)
        Path(job["profile"]).write_text(table)
    turns.over(packages)


if __name__ == "__main__":
    main()
