"""A small help desk: five matters, each asked in several ways and answered by two agents."""

from __future__ import annotations

from itertools import product

from northloop.core.conversation import Example, Message, Split
from northloop.stages.serving.memory import Case

MATTERS = {
    "return_window": (
        ("How long can I return my jacket?", "What is your return period?",
         "Until when may I send things back?", "Is there a deadline for returns?",
         "How many days do I have for a return?", "Can I still return it after a month?"),
        ("You can return goods within 45 days of delivery, unworn and with their tags.",
         "Our return period is 45 days. It counts from the day of the delivery."),
    ),
    "delivery_cost": (
        ("What does delivery cost?", "How much is the shipping fee?", "Is shipping free?",
         "What do you charge for postage?", "How much do I pay for delivery to Austria?",
         "Are there delivery charges?"),
        ("Delivery costs €5.50 and is free from €80.", "Shipping is €5.50, and free from €80."),
    ),
    "store_hours": (
        ("When is your shop open?", "What are the opening hours?", "Are you open on Saturday?",
         "Until what time is the shop open?", "Is the store open in the evening?",
         "When do you close today?"),
        ("Our shop is open from 10:00 to 19:00.", "You find us here from 10:00 to 19:00."),
    ),
    "password_reset": (
        ("I forgot my password.", "How do I reset my password?", "I cannot log in any more.",
         "My password does not work.", "The link to reset my password has expired.",
         "Please help me to log in, the password is wrong."),
        ("Choose Forgot password on the sign-in page. The link works for 20 minutes.",
         "Please ask for a new link on the sign-in page; it is valid for 20 minutes."),
    ),
}  # fmt: skip
WEIGHTS = {"Kestrel": "480", "Mossbed": "910", "Skarn": "1250"}
MANNERS = ("Thanks for writing in!", "Thank you for your message.")
OPENINGS = ("", "Hello, ")


def row(name: str, question: str, reply: str, intent: str = "", **more: object) -> Example:
    fields: dict[str, object] = {
        "example_id": name, "question": question, "reply": reply, "intent": intent,
        "split": Split.TRAIN, "group": name, "count": 1, "origin": (f"desk.csv:{name}",),
    }  # fmt: skip
    return Example(**{**fields, **more})  # type: ignore[arg-type]


def history() -> list[Example]:
    """Return some hundred rows."""
    rows = []
    for intent, (questions, replies) in MATTERS.items():
        for i, (question, opening, voice) in enumerate(product(questions, OPENINGS, (0, 1))):
            said = f"{MANNERS[voice]} {replies[voice]}"
            rows.append(row(f"{intent}-{i}", opening + question, said, intent))
    for i, (name, opening) in enumerate(product(WEIGHTS, ("How heavy is", "What weighs", "Hi,"))):
        question = f"{opening} the {name} tent, please? I want its weight."
        said = f"{MANNERS[i % 2]} The {name} tent weighs {WEIGHTS[name]} g."
        rows.append(row(f"weight-{i}", question, said, "weight"))
    return rows


def ask(text: str) -> list[Message]:
    return [Message("user", text)]


def verdict(name: str, asked: str, reply: str, **more: object) -> Case:
    fields: dict[str, object] = {
        "case_id": name, "asked": asked, "reply": reply, "support": 3, "judged": True,
        "at": "2026-11-01T00:00:00Z", "origin": (f"verdict:{name}",),
    }  # fmt: skip
    return Case(**{**fields, **more})  # type: ignore[arg-type]
