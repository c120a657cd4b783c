"""What counts as the same question: of the cache, of approved answers, of what was judged wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from northloop.core.conversation import Message
from northloop.core.ids import Hash, content_hash

_SPACE = re.compile(r"\s+")
_LAST_MARKS = re.compile(r"[\s.!?…]+$")
_GREETING = re.compile(
    r"""\W*(?:
        (?:hi|hello|hey|hiya|good\s+(?:day|morning|afternoon|evening))
            (?:\s+(?:again|there|all|team|everyone))?
      | hallo | guten\s+(?:tag|morgen|abend) | bonjour | bonsoir | salut | hola
      | buenos\s+d[ií]as | buenas\s+tardes | ciao | buongiorno | ol[aá] | bom\s+dia | hoi
      | goedendag | dzie[nń]\s+dobry | cze[sś][cć] | hej | 你好 | 您好 | こんにちは
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
"""All of a turn: whatever else is said, one word too, may be what the next question is about."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def normalised(text: str) -> str:
    """Return a text as it is compared: NFKC, case folded, one space, no closing . ! ? marks.

    Nothing that can change the meaning goes: words, numbers and negations all stay.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return _LAST_MARKS.sub("", _SPACE.sub(" ", plain).strip())


def pared(conversation: Sequence[Message]) -> tuple[Message, ...]:
    """Return the turns that the last question may depend on; it is the customer's last turn.

    How a conversation was opened does not count (a greeting of either side, an empty turn), and who
    asks the same again asks what was asked the first time: what came between is left out.
    """
    turns = [turn for turn in conversation if turn.content.strip()]
    last = normalised(turns[-1].content)
    asked_at = next(i for i, t in enumerate(turns) if t.role == "user" and _same(t, last))
    said = turns[:asked_at]
    while said and (said[0].role != "user" or _GREETING.fullmatch(said[0].content)):
        said.pop(0)
    return (*said, turns[-1])


def _same(turn: Message, last: str) -> bool:
    return normalised(turn.content) == last


def words_of(question: str) -> Hash:
    """Return what names the words of a question, wherever they are said."""
    return name_of([Message("user", question)])


def name_of(conversation: Sequence[Message]) -> Hash:
    """Return what names a redacted conversation up to its last question, whoever answers it.

    Equal only if every turn is the same. Redacted, so that two customers who ask about their own
    orders ask the same, and no name or number is ever part of it.
    """
    return content_hash([[turn.role, normalised(turn.content)] for turn in conversation])


def saying(question: str, asked: Hash, answer: str) -> Hash:
    """Return what names an answer to a question in its conversation, whoever gave it."""
    return content_hash([question, asked, normalised(answer)])
