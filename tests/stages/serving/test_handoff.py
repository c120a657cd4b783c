from __future__ import annotations

import pytest

from northloop.stages.serving.handoff import asked_for_human


@pytest.mark.parametrize(
    "text",
    [
        "Let me speak to a human",
        "can I talk with a real person?",
        "agent please",
        "HUMAN!!!",
        "I don't want a robot",
        "I don’t want to chat with a bot",
        "no bots please",
        "put me through to your manager",
        "I'd like to talk to someone about my order",
        "get me a customer service representative",
        "how can I contact someone?",
        "I do not know how to speak with an agent",
        "you are not helpful, transfer me to a damn person",
        "is there a human I can chat to?",
        "I need someone",
        "We set off on Tuesday, human please. Thanks!",
        "I'd like to be phoned by someone from the team",
        "let me speak with a member of staff",
        "can you transfer to me an operator",
        "I don't want a bot, give me a human",
        "I don't need a bot, I need an agent",
        "I don't want this chatbot, agent please",
        "No need for a bot, give me a real person",
        "I don't like bots - human please",
        "Do I need an agent? no. I want to speak to a human",
        "I want to talk to a human. I don't want to talk to an assistant.",
        "I don't want an automated assistant, I want a human",
        "I don't want an AI agent, I want a human",
        "I do not need an FAQ, I need an agent",
        "I don't want an answer from an AI assistant. Human please.",
        "Please, a human",
        "hand me to an agent",
        "put a human on",
        "connect me with customer service",
        "Ein Mensch, bitte",
        "un agente por favor",
        "einen Mitarbeiter bitte",
        "une personne svp",
    ],
)
def test_who_asks_for_a_person_is_heard(text: str) -> None:
    assert asked_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do you have a human-sized tent?",
        "I want a human-sized tent",
        "I need a tent for two people",
        "How many persons fit into it?",
        "is there somebody at the shop on Sunday?",
        "Do I need a person to sign for the parcel?",
        "I don't need to talk to a person, just tell me the price",
        "There is no need for an agent, thanks",
        "the agent told me I would get a refund",
        "I need the staff discount",
        "my robot vacuum never arrived",
        "can someone help me with a return?",
        "does a person have to be at home?",
        "a tent for one person please",
        "will the parcel be brought by someone before noon?",
        "the driver did not talk to my neighbour",
        "I don't need an agent",
        "I do not want to talk to an agent",
        "Can I hand the parcel to a person at the shop?",
        "Can you put a person on the invoice?",
        "Is customer service open on Sunday?",
        "What does a person pay?",
        "kann ein Mensch allein das Zelt tragen?",
        "Who should I hand the return to?",
    ],
)
def test_who_only_mentions_one_is_not(text: str) -> None:
    assert not asked_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "I want to speak to [NAME:3f2a91] about my invoice",
        "Can I talk to Mr. [NAME] please?",
        "Ich möchte mit Frau [NAME] sprechen",
        "Je voudrais parler à Mme [NAME]",
        "Quiero hablar con la señora [NAME]",
        "Vorrei parlare con [NAME]",
        "Gostaria de falar com a [NAME]",
        "Mag ik mevrouw [NAME] spreken?",
        "Chcę rozmawiać z panią [NAME]",
        "Jag vill prata med [NAME]",
    ],
)
def test_who_asks_for_somebody_by_name_is_heard(text: str) -> None:
    assert asked_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "I spoke to [NAME] yesterday and nothing happened",
        "My name is [NAME], where is my parcel?",
        "Transfer 50 euros to [NAME]",
        "Ich habe mit Herrn [NAME] gesprochen, wo bleibt die Rechnung?",
        "J'ai parlé avec [NAME] hier",
        "Hi [NAME], can I return the shoes?",
        "Hallo [NAME] wie kann ich euch kontaktieren?",
        "Kann [NAME] damit telefonieren?",
    ],
)
def test_who_only_names_somebody_is_not(text: str) -> None:
    assert not asked_for_human(text)
