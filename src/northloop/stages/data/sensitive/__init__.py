"""Finding and replacing sensitive text: names, addresses, numbers that identify, secrets."""

from northloop.stages.data.sensitive.detect import detect
from northloop.stages.data.sensitive.own import own_names
from northloop.stages.data.sensitive.redact import Mode, Redacted, Redactor
from northloop.stages.data.sensitive.spans import Sensitive, Span

__all__ = ["Mode", "Redacted", "Redactor", "Sensitive", "Span", "detect", "own_names"]
