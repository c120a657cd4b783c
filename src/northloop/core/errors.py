"""Every error Northloop raises on purpose.

    NorthloopError                      code            CLI exit  HTTP
    ├── InputError                      input             1       422
    │   ├── BeingAnswered               being_answered    1       409
    │   ├── NotFound                    not_found         1       404
    │   ├── Overtaken                   overtaken         1       409
    │   ├── TooLong                     too_long          1       422
    │   ├── VagueObjective              vague_objective   1       422
    │   └── WrongUsage                  usage             2       422
    ├── ConfigurationError              configuration     4       500
    │   ├── UnknownSetting              unknown_setting   4       500
    │   └── MissingComponent            missing_component 4       500
    ├── CorruptArtefact                 corrupt_artefact  1       500
    ├── GateNotMet                      gate_not_met      3       409
    ├── Overloaded                      overloaded        1       429
    ├── NotAllowed                      not_allowed       1       401
    │   └── LacksRight                  lacks_right       1       403
    ├── NotReady                        not_ready         1       503
    └── RemoteUnavailable               remote_unavailable 5      503
        └── DiskFull                    disk_full         5       503

An error names the place (`where`: file, row, field, setting or service) and the next action
(`action`); `str(error)` is the sentence a person reads.
"""

from __future__ import annotations


class NorthloopError(Exception):
    """Base of the tree: what happened, where, and what to do next."""

    code = "error"
    exit_code = 1
    http_status = 500

    def __init__(self, what: str, *, where: str = "", action: str = "") -> None:
        self.what = what
        self.where = where
        self.action = action
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        action = f" → {self.action}" if self.action else ""
        return f"{place}{self.what}{action}"


class InputError(NorthloopError):
    """What a person or a file gave cannot be used."""

    code = "input"
    http_status = 422


class BeingAnswered(InputError):
    """The same request is being answered already; nothing was started. It is kept once it is."""

    code = "being_answered"
    http_status = 409

    def __init__(self, what: str, *, retry_after_s: int) -> None:
        super().__init__(what, action=f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class NotFound(InputError):
    """The named thing is not in the workspace."""

    code = "not_found"
    http_status = 404


class Overtaken(InputError):
    """Somebody else changed the same thing first; what is there now is to be looked at again."""

    code = "overtaken"
    http_status = 409


class TooLong(InputError):
    """A prompt longer than the model can read at once."""

    code = "too_long"


class VagueObjective(InputError):
    """An objective that cannot be measured; `action` lists what is missing."""

    code = "vague_objective"


class WrongUsage(InputError):
    """A flag or an argument that cannot be right, whatever the workspace holds."""

    code = "usage"
    exit_code = 2


class ConfigurationError(NorthloopError):
    """The workspace or its settings are wrong."""

    code = "configuration"
    exit_code = 4


class UnknownSetting(ConfigurationError):
    """A setting nobody reads; `action` names the nearest known one."""

    code = "unknown_setting"


class MissingComponent(ConfigurationError):
    """A package or program that this step needs is not installed; `action` is the command."""

    code = "missing_component"


class CorruptArtefact(NorthloopError):
    """Stored bytes no longer match the hash they are named by."""

    code = "corrupt_artefact"


class GateNotMet(NorthloopError):
    """The evidence does not allow the release to be promoted."""

    code = "gate_not_met"
    exit_code = 3
    http_status = 409


class Overloaded(NorthloopError):
    """The waiting room is full; nothing was started. `retry_after_s` is an estimate."""

    code = "overloaded"
    http_status = 429

    def __init__(self, what: str, *, retry_after_s: int, where: str = "") -> None:
        super().__init__(what, where=where, action=f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class NotAllowed(NorthloopError):
    """Who asks is not known: the key is missing, unknown, or over."""

    code = "not_allowed"
    http_status = 401


class LacksRight(NotAllowed):
    """Who asks is known and may not do this."""

    code = "lacks_right"
    http_status = 403


class NotReady(NorthloopError):
    """Nothing can be answered yet; `action` is the next step towards it."""

    code = "not_ready"
    http_status = 503


class RemoteUnavailable(NorthloopError):
    """A service this step depends on does not answer; `action` says how to start it."""

    code = "remote_unavailable"
    exit_code = 5
    http_status = 503


class DiskFull(RemoteUnavailable):
    """Nothing can be kept for now: the disk has no space left, or fails."""

    code = "disk_full"
