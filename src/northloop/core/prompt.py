"""The one way a prompt is put together, in training, evaluation and serving alike.

Parity between the trained and the served model starts here: both see the same characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.conversation import Message, Passage

INTENT_SYSTEM = "Name the intent of the customer's message. Answer with the label only."


class Rendered(msgspec.Struct, frozen=True):
    """A prompt and the completion to learn; only the completion is supervised."""

    prompt: str
    completion: str


def compose(system: str, passages: Sequence[Passage], messages: Sequence[Message]) -> list[Message]:
    """Return system message (with the passages as numbered evidence), then the conversation."""
    evidence = "\n".join(f"[{i}] {p.title}: {p.text}" for i, p in enumerate(passages, 1))
    content = f"{system}\n\n{evidence}" if evidence else system
    return [Message("system", content), *messages]


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """How the turns of a conversation are written for one family of models."""

    name: str
    before_role: str
    after_role: str
    end: str
    """Ends a turn; a model says it when it has said all, so it is where generation stops."""
    between: str
    """Stands after the end of each turn."""

    def prompt(self, messages: Sequence[Message]) -> str:
        """Return the text that ends where the assistant begins to speak.

        Control markers inside a message are defused, so that a customer cannot open a new turn.
        """
        turns = "".join(
            f"{self._head(m.role)}{_defused(m.content)}{self.end}{self.between}" for m in messages
        )
        return turns + self._head("assistant")

    def completion(self, reply: str) -> str:
        """Return what the model learns to say, its end included."""
        return f"{_defused(reply)}{self.end}"

    def _head(self, role: str) -> str:
        return f"{self.before_role}{role}{self.after_role}"


CHATML = Template(
    name="chatml",
    before_role="<|im_start|>",
    after_role="\n",
    end="<|im_end|>",
    between="\n",
)


def render_answer(messages: Sequence[Message], reply: str, template: Template = CHATML) -> Rendered:
    """Return the training text of an answer."""
    return Rendered(template.prompt(messages), template.completion(reply))


def intent_messages(question: str) -> list[Message]:
    """Return the conversation in which the intent of a question is asked for."""
    return [Message("system", INTENT_SYSTEM), Message("user", question)]


def render_intent(question: str, intent: str, template: Template = CHATML) -> Rendered:
    """Return the training text of an intent."""
    return Rendered(template.prompt(intent_messages(question)), f"{intent}{template.end}")


def _defused(text: str) -> str:
    return text.replace("<|", "< |").replace("|>", "| >")
