"""A base model's file in the blocks that llama.cpp reads prompts with soonest.

For blocks of 4 or 5 bits with an offset (Q4_1, Q5_1) llama.cpp has no product of matrices, so a
prompt is read token by token. In blocks of 8 bits (Q8_0) the same numbers stand, to .4 % of the
largest of each 32, and a prompt takes three fifths of the time (with an adapter three quarters),
while a single token takes as long (docs/performance.md). What is trained, sealed and named stays
the file as it came.
"""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

import numpy as np

from northloop.adapters.embedded.files import locked
from northloop.adapters.embedded.gguf_header import header
from northloop.core.ids import known_file_hash

FORMAT = "1"
"""Changes when the same file would be written otherwise."""
MOST_BYTES = 256 << 20
"""Of a larger file each token of an answer would wait for twice the memory."""
_MOSTLY_Q4_1, _MOSTLY_Q5_1 = 3, 9
_FILE_TYPE = "general.file_type"
_MOSTLY_Q8_0 = 7

_log = logging.getLogger("northloop.models")


def served(base_gguf: Path, cache_dir: Path) -> Path:
    """Return the file that llama.cpp is given: the base model in blocks of 8 bits, kept in
    `cache_dir`, or `base_gguf` itself where nothing would be gained or nothing can be kept.

    CorruptArtefact if the file is no GGUF.
    """
    kind = header(base_gguf).get(_FILE_TYPE)
    if kind not in (_MOSTLY_Q4_1, _MOSTLY_Q5_1) or base_gguf.stat().st_size > MOST_BYTES:
        return base_gguf
    target = cache_dir / f"{known_file_hash(base_gguf)[:16]}-8bit-{FORMAT}.gguf"
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with locked(cache_dir):
            if not _is_whole(target):
                _make(base_gguf, target)
    except (OSError, ModuleNotFoundError) as error:
        _log.warning("%s cannot be made, so prompts take longer: %s", target, error)
        return base_gguf
    return target


def _make(base_gguf: Path, target: Path) -> None:
    """Write the file and, when all of it lies on the disk, its hash."""
    with tempfile.TemporaryDirectory(dir=target.parent, suffix=".part") as folder:
        partial = Path(folder) / target.name
        _write(base_gguf, partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    _hash_of(target).write_text(known_file_hash(target))


def _is_whole(path: Path) -> bool:
    """Whether all that was written is there, byte for byte."""
    try:
        return _hash_of(path).read_text() == known_file_hash(path)
    except FileNotFoundError:
        return False


def _hash_of(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _write(base_gguf: Path, target: Path) -> None:
    import gguf  # noqa: PLC0415 (it comes with the training extra)

    slow = (gguf.GGMLQuantizationType.Q4_1, gguf.GGMLQuantizationType.Q5_1)
    wide = gguf.GGMLQuantizationType.Q8_0
    reader = gguf.GGUFReader(base_gguf)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue  # the writer says these itself
        value = _MOSTLY_Q8_0 if key == _FILE_TYPE else field.contents()
        inner = field.types[-1] if len(field.types) > 1 else None
        writer.add_key_value(key, value, field.types[0], inner)
    for tensor in reader.tensors:
        if tensor.tensor_type in slow:
            numbers = gguf.dequantize(tensor.data, tensor.tensor_type)
            writer.add_tensor(tensor.name, gguf.quantize(numbers, wide), raw_dtype=wide)
        else:
            writer.add_tensor(
                tensor.name, np.ascontiguousarray(tensor.data), raw_dtype=tensor.tensor_type
            )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
