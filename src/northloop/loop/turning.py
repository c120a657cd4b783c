"""Which turns go on now: a process holds its turn by a lock that ends with the process.

The lock is the operating system's, so that a turn whose process was killed, or whose machine was
switched off, is not held any more, and nobody has to guess from a clock. It lies in the workspace
folder. Where several machines share the records, each with a folder of its own, a turn that another
one took last cannot be looked at from here, and is believed to go on.
"""

from __future__ import annotations

import fcntl
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from northloop.core.errors import InputError, NotFound
from northloop.ports.catalogue import note
from northloop.ports.stores import Records


@note()
class Carrier(msgspec.Struct, frozen=True, kw_only=True):
    """Who took a turn in hand last."""

    proposal_id: str
    host: str
    token: str
    """The same in the lock file of the folder that it was taken through."""


@contextmanager
def held(records: Records, work: Path, proposal_id: str) -> Iterator[None]:
    """Hold a turn for this process; InputError if another has it in hand."""
    descriptor = os.open(_file(work, proposal_id), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder, _, _ = _said(descriptor).partition(" ")
            raise InputError(
                f"this turn is going on already, in process {holder or 'another'}",
                where=f"proposal {proposal_id}",
                action="let it end, or stop that process: northloop loop run then goes on with it",
            ) from error
        token = uuid.uuid4().hex
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {token}".encode(), 0)
        records.replace(Carrier(proposal_id=proposal_id, host=socket.gethostname(), token=token))
        yield
    finally:
        os.close(descriptor)


def goes_on(records: Records, work: Path, proposal_id: str) -> bool:
    """Whether a process has the turn in hand, as far as can be seen from this folder."""
    try:
        carrier = records.get(Carrier, proposal_id)
    except NotFound:
        # Taken in hand by nobody, or before turns were held.
        return False
    descriptor = os.open(_file(work, proposal_id), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        here = _said(descriptor).endswith(carrier.token)
        return not here and carrier.host != socket.gethostname()
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


def _said(descriptor: int) -> str:
    return os.pread(descriptor, 128, 0).decode(errors="replace").strip()


def _file(work: Path, proposal_id: str) -> Path:
    folder = work.parent / "turning"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / proposal_id
