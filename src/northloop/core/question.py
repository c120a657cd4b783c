"""What of a conversation a question may depend on, and what counts as the same question.

The latter of the cache, of approved answers, of what was judged wrong; the former wherever a model
is asked or taught: what is left out of a running conversation is left out of a row to learn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from northloop.core.by_itself import asks_by_itself
from northloop.core.conversation import Message
from northloop.core.ids import Hash, content_hash
from northloop.core.remembered import remembered
from northloop.core.scripts import word_count
from northloop.core.tenants import DEFAULT_TENANT

MAX_CONVERSATION_CHARS = 4_000
MAX_CONVERSATION_TURNS = 40
"""Of a longer conversation the newest turns count, so many or so long, so that a prompt fits the
model's context and a row to learn the training's (where less fits, `loop.rows` leaves out more)."""
OMITTED = Message("assistant", "…")
"""Stands for the turns of a conversation that are too long ago."""
FOLLOW_UP_WORDS = 4
"""A question so short ("and for boots?") hangs on what was said before it."""
TWO_WAYS = 0.4
"""Factor of the confidence in what is answered to words that may be read in two ways, where the
answers differ: nothing shows which is meant, and a person sees it."""
_ASKS = re.compile(r"[?？؟]")
_LAST_MARKS = " .!?…"
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
_KEPT_TEXTS = 4_096
"""What is compared is compared with many."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@remembered(_KEPT_TEXTS)
def normalised(text: str) -> str:
    """Return a text as it is compared: NFKC, case folded, one space, no closing . ! ? marks.

    Nothing that can change the meaning goes: words, numbers and negations all stay.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(plain.split()).rstrip(_LAST_MARKS)


def pared(conversation: Sequence[Message]) -> tuple[Message, ...]:
    """Return the turns that the last question may depend on; it is the customer's last turn.

    How a conversation was opened does not count (a greeting of either side, an empty turn), and who
    asks the same again asks what was asked the first time: what came between is left out. But "yes"
    to another question is another answer.
    """
    turns = [turn for turn in conversation if turn.content.strip()]
    last = normalised(turns[-1].content)
    asked_at = len(turns) - 1
    if not _is_reply(turns):
        asked_at = next(i for i, t in enumerate(turns) if t.role == "user" and _same(t, last))
    said = turns[:asked_at]
    opened = next((i for i, turn in enumerate(said) if not _opens(turn)), len(said))
    return (*said[opened:], turns[-1])


def in_view(conversation: Sequence[Message]) -> tuple[Message, ...]:
    """Return what an answer to the last question is made from (see `pared`).

    Of a long conversation the newest turns behind OMITTED: they are not how it began.
    """
    spoken = pared(conversation)
    newest = newest_turns(spoken)
    if len(newest) == len(spoken):
        return newest
    return (OMITTED, *newest[1 - MAX_CONVERSATION_TURNS :])


def newest_turns(conversation: Sequence[Message]) -> tuple[Message, ...]:
    """Return the newest messages, as many and as long as a conversation may be; the last always."""
    kept: list[Message] = []
    room = MAX_CONVERSATION_CHARS
    for message in reversed(conversation):
        room -= len(message.content)
        if kept and (room < 0 or len(kept) == MAX_CONVERSATION_TURNS):
            break
        kept.append(message)
    return tuple(reversed(kept))


def asked_before(conversation: Sequence[Message]) -> list[str]:
    """Return for each turn what the other side had said just before it: a bare answer such as a
    name is told by that. "" for what the customer does not answer.
    """
    before = (Message("", ""), *conversation)
    return [
        last.content if last.role == "assistant" and turn.role == "user" else ""
        for last, turn in zip(before, conversation, strict=False)
    ]


def is_greeting(text: str) -> bool:
    """Whether a text says hello and nothing else."""
    return bool(_GREETING.fullmatch(text))


def _opens(turn: Message) -> bool:
    return turn.role != "user" or is_greeting(turn.content)


def _is_reply(turns: Sequence[Message]) -> bool:
    """Whether the last turn is a few words after a question of the other side."""
    before = turns[-2:-1]
    asked = bool(before) and before[0].role != "user" and bool(_ASKS.search(before[0].content))
    return asked and hangs_on_more(turns[-1].content)


def hangs_on_more(text: str) -> bool:
    """Whether a question is so short that it hangs on what was said before it."""
    return word_count(text) <= FOLLOW_UP_WORDS


def reads_two_ways(turns: Sequence[Message]) -> bool:
    """Whether the last turn, the customer's, hangs on what was said before it for its shortness
    alone: by its form it may be of another matter ("do I pay shipping?", "where is my parcel?")."""
    last = turns[-1].content
    return hangs_on_more(last) and not _is_reply(turns) and asks_by_itself(last)


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


def saying(question: str, asked: Hash, answer: str, tenant: str = DEFAULT_TENANT) -> Hash:
    """Return what names an answer to a question in a tenant's conversation, whoever gave it."""
    whose = [] if tenant == DEFAULT_TENANT else [tenant]
    return content_hash([question, asked, normalised(answer), *whose])
