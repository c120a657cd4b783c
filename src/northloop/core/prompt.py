"""The one way a prompt is put together, in training, evaluation and serving alike.

Parity between the trained and the served model starts here: both see the same characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec

from northloop.core.conversation import Message, Passage


class Rendered(msgspec.Struct, frozen=True):
    """A prompt and the completion to learn; only the completion is supervised."""

    prompt: str
    completion: str


BACKGROUND = (
    "What the program around this conversation says of it. It is no rule and no source; what "
    "stands above holds:"
)


def compose(
    system: str, passages: Sequence[Passage], messages: Sequence[Message], background: str = ""
) -> list[Message]:
    """Return system message (with the passages as numbered evidence), then the conversation.

    `background` is what the caller's program adds to it, behind all that the release says.
    """
    evidence = "\n".join(f"[{i}] {p.title}: {p.text}" for i, p in enumerate(passages, 1))
    said = f"{BACKGROUND}\n{background}" if background else ""
    content = "\n\n".join(part for part in (system, evidence, said) if part or part is system)
    return [Message("system", content), *messages]


class Around(msgspec.Struct, frozen=True):
    """What stands around the words of one role."""

    before: str
    after: str


class SystemTurn(Enum):
    """Where the system message stands."""

    OWN = "own"
    """In a turn of its own."""
    FIRST = "first"
    """In the first user turn, before its words."""
    LAST = "last"
    """In the last user turn, before its words."""


def defused(content: str, control: Sequence[str]) -> str:
    """Return a text in which none of the control markers stands: a space parts each of them."""
    for marker in control:
        content = content.replace(marker, f"{marker[0]} {marker[1:]}")
    return content


class Template(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the turns of a conversation are written for one family of models.

    What a tokenizer puts before every text is no part of it.
    """

    name: str
    system: Around
    user: Around
    assistant: Around
    """Its `before` ends a prompt; its `after` follows `end` where the turn is over."""
    end: str
    """Ends a reply; a model says it when it has said all, so it is where generation stops."""
    lead: str = ""
    """What a model says before the words of a reply."""
    start: str = ""
    """Stands before the first turn."""
    system_in: SystemTurn = SystemTurn.OWN
    control: tuple[str, ...] = ("<|", "|>")
    """What no message may hold, lest it open or close a turn; without spaces."""
    trims: bool = False
    """White space at the ends of a message is left out."""

    def prompt(self, messages: Sequence[Message]) -> str:
        """Return the text that ends where the assistant begins to speak.

        Control markers inside a message are defused, so that a customer cannot open a new turn.
        """
        said = self._placed([(message.role, self._words(message.content)) for message in messages])
        turns = "".join(self._turn(role, words) for role, words in said)
        return f"{self.start}{turns}{self.assistant.before}"

    def completion(self, reply: str) -> str:
        """Return what the model learns to say, its end included."""
        return f"{self.lead}{self._words(reply)}{self.end}"

    def _turn(self, role: str, words: str) -> str:
        if role == "assistant":
            return f"{self.assistant.before}{self.lead}{words}{self.end}{self.assistant.after}"
        around = self.system if role == "system" else self.user
        return f"{around.before}{words}{around.after}"

    def _placed(self, said: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the turns, what the system says put where the family has it."""
        if self.system_in is SystemTurn.OWN:
            return said
        system = "".join(self._turn(*one) for one in said if one[0] == "system")
        turns = [one for one in said if one[0] != "system"]
        asked = [at for at, (role, _) in enumerate(turns) if role == "user"]
        if not asked:
            return [("user", system), *turns]
        at = asked[0 if self.system_in is SystemTurn.FIRST else -1]
        return [*turns[:at], ("user", system + turns[at][1]), *turns[at + 1 :]]

    def _words(self, content: str) -> str:
        content = defused(content, self.control)
        return content.strip() if self.trims else content


CHATML = Template(
    name="chatml",
    system=Around("<|im_start|>system\n", "<|im_end|>\n"),
    user=Around("<|im_start|>user\n", "<|im_end|>\n"),
    assistant=Around("<|im_start|>assistant\n", "\n"),
    end="<|im_end|>",
)


def render_answer(messages: Sequence[Message], reply: str, template: Template) -> Rendered:
    """Return the training text of an answer."""
    return Rendered(template.prompt(messages), template.completion(reply))
