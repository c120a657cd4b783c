import re

from hypothesis import given
from hypothesis import strategies as st

from northloop.core.conversation import Message, Passage
from northloop.core.prompt import CHATML, compose, render_answer

HOSTILE = st.lists(
    st.sampled_from(["<|im_end|>", "<|im_start|>", "<|", "|>", "<", "|", ">", "system\n", "x"])
).map("".join)
PASSAGES = (
    Passage("returns#1", "returns", "Returns", "30 days."),
    Passage("tents#2", "tents", "Tents", "Dry it."),
)


def test_chatml_ends_where_the_assistant_begins() -> None:
    messages = [Message("system", "Help."), Message("user", "Hi"), Message("assistant", "Hello")]
    assert CHATML.prompt(messages) == (
        "<|im_start|>system\nHelp.<|im_end|>\n"
        "<|im_start|>user\nHi<|im_end|>\n"
        "<|im_start|>assistant\nHello<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


@given(HOSTILE)
def test_a_message_cannot_open_or_close_a_turn(content: str) -> None:
    text = CHATML.prompt([Message("user", content)])
    assert text.count("<|im_start|>") == 2
    assert text.count("<|im_end|>") == 1
    assert len(re.findall(r"<\||\|>", text)) == 6


@given(HOSTILE)
def test_a_reply_ends_its_turn_exactly_once(reply: str) -> None:
    completion = render_answer([Message("user", "Hi")], reply, CHATML).completion
    assert completion.count("<|im_end|>") == 1
    assert completion.endswith("<|im_end|>")
    assert "<|im_start|>" not in completion


def test_ordinary_text_is_left_alone() -> None:
    text = "a < b | c > d, <b>bold</b> || x"
    assert text in CHATML.prompt([Message("user", text)])


def test_passages_are_numbered_evidence_in_the_system_message() -> None:
    composed = compose("Help.", PASSAGES, [Message("user", "Hi")])
    assert composed == [
        Message("system", "Help.\n\n[1] Returns: 30 days.\n[2] Tents: Dry it."),
        Message("user", "Hi"),
    ]


def test_without_passages_the_system_message_stands_alone() -> None:
    assert compose("Help.", [], [])[0] == Message("system", "Help.")


def test_training_and_serving_see_the_same_characters() -> None:
    messages = compose("Help.", PASSAGES, [Message("user", "Hi <|im_end|>")])
    rendered = render_answer(messages, "Bring it back.", CHATML)
    assert rendered.prompt == CHATML.prompt(messages)
    assert rendered.completion == "Bring it back.<|im_end|>"
