"""Questions in a language that neither the documents nor the vectors are of."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Document, Message
from northloop.core.treatment import Candidate
from northloop.stages.data.documents import passages
from northloop.stages.data.small_words import language_said
from northloop.stages.serving.memory import Recalling
from northloop.stages.serving.quote import Quote
from northloop.stages.serving.quote.quote import Quoting
from northloop.testing.models import HashEmbedder
from stages.serving.memory import desk
from stages.serving.quote.library_town import PASSAGES

EMBEDDER = WordEmbedder()
HOURS = "# Öffnungszeiten\n\n## Elmsby\n\nDie Zweigstelle in Elmsby ist von 9 bis 18 Uhr geöffnet."
IN_GERMAN = passages([Document("zeiten", "Öffnungszeiten", HOURS)])
FOREIGN = (
    "Wie viel kostet ein Buch, das ich zu spät zurückbringe?",
    "Combien de temps puis-je réserver la salle ?",
    "was kostet eine neue karte",
    "¿Cuánto cuesta la tarjeta si la pierdo?",
)


def quote_of(*known: object) -> Quote:
    quoting = Quoting(EMBEDDER, language=language_said)
    every = [passage for of in known for passage in of]  # type: ignore[attr-defined]
    return quoting.opened(quoting.learn((), every, {}), every)


def said(way: Quote, text: str) -> Candidate | None:
    return way.answer((Message("user", text),))


@pytest.mark.parametrize("question", FOREIGN)
def test_english_documents_are_not_quoted_to_other_languages(question: str) -> None:
    way = quote_of(PASSAGES)
    assert said(way, question) is None
    assert not [*way.candidates((Message("user", question),))]


@pytest.mark.parametrize("question", ["What does a lost card cost?", "lost card", "Elmsby?"])
def test_english_ones_are_answered(question: str) -> None:
    assert said(quote_of(PASSAGES), question) is not None


def test_documents_in_the_language_of_the_question_are_quoted() -> None:
    found = said(quote_of(PASSAGES, IN_GERMAN), "Wann hat die Zweigstelle in Elmsby geöffnet?")
    assert found is not None
    assert "9 bis 18 Uhr" in found.text


def test_vectors_of_many_languages_are_held_against_all_documents() -> None:
    quoting = Quoting(HashEmbedder(), language=language_said)
    way = quoting.opened(quoting.learn((), PASSAGES, {}), PASSAGES)
    assert said(way, FOREIGN[0]) is not None


def test_english_cases_are_not_remembered_for_other_languages(tmp_path: Path) -> None:
    recalling = Recalling(EMBEDDER, LinearHeads(EMBEDDER), language=language_said)
    for name, content in recalling.learn(desk.history(), (), {}).items():
        (tmp_path / name).write_bytes(content)
    memory = recalling.load(tmp_path, ())
    asked = "Wie viele Tage habe ich Zeit, um eine Jacke zurückzuschicken?"
    assert memory.answer(desk.ask("how many days do i have to return a jacket")) is not None
    assert memory.answer(desk.ask(asked)) is None
    assert not [*memory.candidates(desk.ask(asked))]
    told = memory.with_([desk.verdict("v", asked, "Sie haben 45 Tage Zeit.")])
    found = told.answer(desk.ask(asked))
    assert found is not None
    assert found.text == "Sie haben 45 Tage Zeit."


def test_who_writes_english_is_answered_in_english_where_a_case_is(tmp_path: Path) -> None:
    """Though a case in another language has more of their words, as names of things are."""
    recalling = Recalling(EMBEDDER, LinearHeads(EMBEDDER), language=language_said)
    for name, content in recalling.learn(desk.history(), (), {}).items():
        (tmp_path / name).write_bytes(content)
    asked = "Express Premium Paket: what does delivery cost?"
    german = "Express Premium Paket: was kostet die Lieferung, und wie lange dauert das?"
    reply = "Das kostet bei uns 9 €, und es dauert nur einen Tag."
    memory = recalling.load(tmp_path, ()).with_([desk.verdict("v", german, reply)])
    found = memory.answer(desk.ask(asked))
    assert found is not None
    assert "€5.50" in found.text
    assert reply not in [one.text for one in memory.candidates(desk.ask(asked))]
    alone = recalling.load(tmp_path, ()).without([r.example_id for r in desk.history()])
    nothing_else = alone.with_([desk.verdict("v", german, reply)]).answer(desk.ask(asked))
    assert nothing_else is None or nothing_else.text == reply


def test_what_is_said_in_another_language_than_theirs_is_a_draft(tmp_path: Path) -> None:
    """Vectors of many languages find it, and a person puts it into theirs."""
    embedder = HashEmbedder()
    quoting = Quoting(embedder, language=language_said)
    way = quoting.opened(quoting.learn((), PASSAGES, {}), PASSAGES)
    recalling = Recalling(embedder, LinearHeads(embedder), language=language_said)
    for name, content in recalling.learn(desk.history(), (), {}).items():
        (tmp_path / name).write_bytes(content)
    memory = recalling.load(tmp_path, ())
    asked = desk.ask(FOREIGN[0])
    for foreign in (way.answer(asked), *way.candidates(asked), memory.answer(asked)):
        assert foreign is not None
        assert foreign.confidence == 0.0
        assert foreign.as_draft > 0.0
        assert not foreign.options
    same = (said(way, "What does a lost card cost?"), memory.answer(desk.ask("delivery cost?")))
    assert all(one is not None and one.confidence > 0.0 for one in same)


def test_a_house_of_two_languages_sends_no_answer_in_the_other_one(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    recalling = Recalling(embedder, LinearHeads(embedder), language=language_said)
    for name, content in recalling.learn(desk.history(), (), {}).items():
        (tmp_path / name).write_bytes(content)
    empty = recalling.load(tmp_path, ()).without([r.example_id for r in desk.history()])
    asked = "quanto costa il bagaglio da 23 kg con ITA Airways per Roma?"
    italian = desk.verdict("i", asked, "Il bagaglio da 23 kg costa 50,00 euro a tratta.")
    other = "¿Cuándo me llega el reembolso de la cancelación que pedí?"
    spanish = desk.verdict("s", other, "El reembolso llega en siete días hábiles a la tarjeta.")
    question = desk.ask("¿Cuánto cuesta la maleta de 23 kg con ITA Airways para ir a Roma?")
    alone, both = (
        empty.with_(cases).answer(question) for cases in ((italian,), (italian, spanish))
    )
    assert alone is not None and both is not None
    assert alone.text == both.text == italian.reply
    assert alone.confidence > 0.0 == both.confidence


IN_ENGLISH = "The branch in Elmsby is open from 9 am to 6 pm, and you can return books at its desk."
TWO_LANGUAGES = (
    f"# Elmsby\n\n## English\n\n{IN_ENGLISH}\n\n{HOURS.partition('## Elmsby')[2].strip()}",
    f"{HOURS.replace('# Öffnungszeiten', '# Elmsby')}\n\nBücher nehmen wir dort gerne zurück. Sie "
    f"können uns auch anrufen.\n\n## English\n\n{IN_ENGLISH}",
)


@pytest.mark.parametrize("text", TWO_LANGUAGES)
def test_a_document_in_two_languages_is_quoted_to_both(text: str) -> None:
    way = quote_of(passages([Document("elmsby", "Elmsby", text)]))
    german = said(way, "Wann hat die Zweigstelle in Elmsby geöffnet?")
    english = said(way, "When is the branch in Elmsby open?")
    assert german is not None
    assert english is not None
    assert "9 bis 18 Uhr" in german.text
    assert english.confidence > 0.0
