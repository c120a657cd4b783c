"""How the console says numbers, times and names; templates use these as filters."""

from __future__ import annotations

from datetime import UTC, datetime

THIN = "\N{NARROW NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"

_METRICS = {
    "bleu": "BLEU",
    "csat": "CSAT",
    "intent_accuracy": "Intent accuracy",
    "intent_f1": "Intent F1",
    "rouge_1": "ROUGE-1",
    "rouge_2": "ROUGE-2",
    "rouge_l": "ROUGE-L",
    "chrf": "chrF",
    "right": "Right answers",
    "wrong": "Wrong answers",
    "surplus": "Surplus of right answers",
}

_SPANS = (
    (60, 1, "second"),
    (3_600, 60, "minute"),
    (86_400, 3_600, "hour"),
    (30 * 86_400, 86_400, "day"),
    (365 * 86_400, 30 * 86_400, "month"),
    (float("inf"), 365 * 86_400, "year"),
)


def number(value: float, digits: int | None = None) -> str:
    """Return a number with thousands separated; `digits` None shows three significant digits."""
    if digits is None:
        digits = digits_for(value)
    text = f"{abs(value):,.{digits}f}"
    negative = value < 0 and text.strip("0.,") != ""
    return (_MINUS if negative else "") + text


def signed(value: float, digits: int | None = None) -> str:
    """Return a number that always shows its sign: a difference."""
    text = number(value, digits)
    return text if text.startswith(_MINUS) or text.strip("0.,") == "" else f"+{text}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share (0..1) as a percentage."""
    return f"{number(share * 100, digits)}{THIN}%"


def unit(name: str) -> str:
    """Return a unit as it is written after a number, with its space; "" for a bare number."""
    short = {"minutes": "min", "minute": "min", "seconds": "s", "hours": "h", "": ""}
    return f"{THIN}{short.get(name, name)}" if short.get(name, name) else ""


def metric_name(metric: str) -> str:
    """Return a metric's key as people write it."""
    return _METRICS.get(metric, metric.replace("_", " ").capitalize())


def release_name(number: int | None) -> str:
    """Return what a release is called, by its number; None for one that is not there any more."""
    if number is None:
        return "a removed release"
    return f"Release {number}" if number else "Untuned base"


def label(key: str) -> str:
    """Return any key (an intent, a reason, a column) as words."""
    return key.replace("_", " ").replace("-", " ").strip() or "none"


def capitalize_first(text: str) -> str:
    """Return a sentence with its first letter large and the rest as it was."""
    return text[:1].upper() + text[1:]


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 answer`, `3 answers`."""
    return f"{number(count, 0)} {one if count == 1 else many or one + 's'}"


def milliseconds(ms: float) -> str:
    """Return a duration given in milliseconds."""
    if ms >= 1_000:
        return f"{number(ms / 1_000, 2)}{THIN}s"
    return f"{number(ms, 0 if ms >= 10 else 1)}{THIN}ms"


def duration(seconds: float) -> str:
    """Return a rough duration: `45 s`, `2 min 10 s`, `1 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}{THIN}s"
    if whole < 3_600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes}{THIN}min" + (f" {rest}{THIN}s" if rest else "")
    hours, rest = divmod(whole, 3_600)
    return f"{hours}{THIN}h" + (f" {rest // 60}{THIN}min" if rest >= 60 else "")


def moment(at: str) -> datetime | None:
    """Return the time an ISO 8601 text names, in UTC; None if it names none."""
    try:
        parsed = datetime.fromisoformat(at)
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def ago(at: str, now: datetime) -> str:
    """Return how long ago (or ahead) a time is: `3 hours ago`, `in 5 months`, `just now`."""
    then = moment(at)
    if then is None:
        return at
    seconds = (now - then).total_seconds()
    if abs(seconds) < 30:
        return "just now"
    size, name = next((size, name) for limit, size, name in _SPANS if abs(seconds) < limit)
    phrase = counted(max(1, round(abs(seconds) / size)), name)
    return f"{phrase} ago" if seconds > 0 else f"in {phrase}"


def exact(at: str) -> str:
    """Return a time in full: `14 Mar 2027, 09:30 UTC`."""
    then = moment(at)
    return at if then is None else f"{then.day} {then:%b %Y, %H:%M} UTC"


def day(at: str) -> str:
    """Return the date of a time: `14 Mar 2027`."""
    then = moment(at)
    return at if then is None else f"{then.day} {then:%b %Y}"


def digits_for(value: float) -> int:
    """Return how many decimals show three significant digits, at most three."""
    size = abs(value)
    if size == 0 or size >= 100:
        return 0
    if size >= 10:
        return 1
    return 2 if size >= 0.1 else 3
