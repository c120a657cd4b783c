"""People in eleven languages, after cues and signs, and what only looks like them."""

from __future__ import annotations

import pytest

from northloop.core.pattern_set import needed
from northloop.stages.data.sensitive import Redactor, Sensitive, detect, names
from northloop.stages.data.sensitive.names import without_everyday_words


def test_each_introduction_has_a_word_that_is_looked_for_first() -> None:
    found = needed(names._INTRODUCED)
    assert found
    assert all(any(cue in word for cue in names.INTRODUCING) for word in found)


def _names(text: str, asked: str = "") -> list[str]:
    return [s.text for s in detect(text, asked=asked) if s.type is Sensitive.NAME]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm Mark, where is it?", "Mark"),
        ("my name's rossi", "rossi"),
        ("Its Ben and I need a taxi", "Ben"),
        ("Hi, Brian White here. Is there news?", "Brian White"),
        ("Ich heiße Jörg Müßig und warte noch", "Jörg Müßig"),
        ("ich bin der Ulf, wo bleibt das Paket?", "Ulf"),
        ("Mein Name lautet Anke Thöne.", "Anke Thöne"),
        ("Je m'appelle Zoé Lefèvre-Martin et j'attends", "Zoé Lefèvre-Martin"),
        ("Bonjour, c'est Hélène, du service comptable", "Hélène"),
        ("Soy Íñigo Montoya y no llegó nada", "Íñigo Montoya"),
        ("me llamo lucía ferreiro", "lucía ferreiro"),
        ("Mi chiamo Gianluca de Rossi", "Gianluca de Rossi"),
        ("Sono Marco, ho un problema", "Marco"),
        ("O meu nome é João da Silva e espero", "João da Silva"),
        ("Chamo-me Inês Carvalho", "Inês Carvalho"),
        ("Ik ben Sjoerd van den Berg en ik wacht", "Sjoerd van den Berg"),
        ("Mijn naam is Femke Bakker", "Femke Bakker"),
        ("Nazywam się Grzegorz Brzęczyszczykiewicz.", "Grzegorz Brzęczyszczykiewicz"),
        ("mam na imię Małgorzata", "Małgorzata"),
        ("Jag heter Åsa Öberg och väntar", "Åsa Öberg"),
        ("我叫张伟，订单还没到", "张伟"),
        ("私は田中太郎です。注文が届きません", "田中太郎"),
        ("山田花子と申します", "山田花子"),
        ("저는 김민수입니다", "김민수"),
    ],
)
def test_a_cue_in_each_language(text: str, name: str) -> None:
    assert name in _names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("i'm mark", "mark"),
        ("Man nennt mich Fritzi", "Fritzi"),
        ("mein name ist öztürk", "öztürk"),
        ("Moi c'est Thibault", "Thibault"),
        ("on m'appelle Gégé", "Gégé"),
        ("Je me nomme Isabelle Tremblay", "Isabelle Tremblay"),
        ("Me llaman Pepe", "Pepe"),
        ("Habla Guillermo", "Guillermo"),
        ("soy la señora Villanueva", "señora Villanueva"),
        ("Il mio cognome è Bevilacqua", "Bevilacqua"),
        ("sou a Conceição", "Conceição"),
        ("U spreekt met mevrouw Hoekstra", "mevrouw Hoekstra"),
        ("mijn naam is van der berg", "van der berg"),
        ("Z tej strony Jadwiga Kowalczyk", "Jadwiga Kowalczyk"),
        ("mitt efternamn är Söderberg", "Söderberg"),
        ("Jag kallas Lasse", "Lasse"),
    ],
)
def test_other_ways_to_say_who_one_is(text: str, name: str) -> None:
    assert _names(text) == [name]


def test_what_belongs_to_a_name_stays_with_it() -> None:
    assert _names("Unlike the van Gijn novel, it is short") == ["van Gijn"]
    assert without_everyday_words("sung by Tami Want, they say", 8, 17) == (8, 17)


@pytest.mark.parametrize(
    "text",
    [
        "am Boden",
        "Das Buch lag am Boden",
        "ci mandi",
        "ci mandi la fattura",
        "El color es rosa",
        "jestem zadowolony",
        "quando parte il pacco",
        "mi dica quando arriva",
        "Auf dem Display steht Fehler",
        "Het pakket is kwijt",
        "我是学生",
        "私は客です",
        "私はエンジニアです",
        "大丈夫です",
    ],
)
def test_plain_words_of_other_languages_are_nobodys(text: str) -> None:
    assert detect(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Mit freundlichen Grüßen\nAnke Thöne",
        "Viele Grüße, Anke Thöne",
        "Bien cordialement,\nAnke Thöne",
        "Un saludo,\n\nAnke Thöne",
        "Distinti saluti\nAnke Thöne",
        "Com os melhores cumprimentos,\nAnke Thöne",
        "Met vriendelijke groet,\nAnke Thöne",
        "Z poważaniem\nAnke Thöne",
        "Med vänliga hälsningar\nAnke Thöne",
        "Kind regards,\nAnke Thöne",
    ],
)
def test_a_sign_off_in_each_language(text: str) -> None:
    assert _names(text) == ["Anke Thöne"]


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, I'm late and I'm Dutch.",
        "I am Happy with it",
        "soy cliente desde marzo",
        "Soy Española",
        "je suis perdu",
        "Je suis Cliente depuis mai",
        "ich bin Kunde und sehr enttäuscht",
        "Ich bin Deutscher.",
        "sono italiano",
        "sou cliente",
        "ik ben Nederlander",
        "jestem klientem",
        "jag är besviken",
        "Hallo zusammen, viele Grüße aus Berlin",
        "Sehr geehrte Damen und Herren,",
        "Buenos días a todos",
        "Bonjour Madame, Monsieur,",
        "Guten Tag, liebes Team",
        "Alexa does not answer",
        "the Jordan shoes are torn",
        "my Mercedes does not start",
        "Paris in May, on a Monday",
        "See you on Friday in June",
        "the Toyota Yaris",
        "iPhone 15 Pro",
        "nothank you, thats all, okthanks",
        "我是高中生",
        "私はスペイン人です",
        "저는 고객입니다",
        "where is my order",
        "Rechnung",
        "kündigung",
        "annuler commande",
    ],
)
def test_what_only_looks_like_a_name(text: str) -> None:
    assert _names(text) == []


def test_a_message_that_is_a_name_is_one_without_any_cue() -> None:
    assert _names("kavisri") == ["kavisri"]
    assert _names("Dominique Kapanen") == ["Dominique Kapanen"]


@pytest.mark.parametrize(
    ("asked", "text", "name"),
    [
        ("What is your name?", "rossi", "rossi"),
        ("May I have your full name, please?", "sure, maria de la cruz", "maria de la cruz"),
        ("Could I get your name, please?", "Mark with a k", "Mark"),
        ("Wie heißen Sie?", "müller", "müller"),
        ("Quel est votre nom ?", "c'est lefèvre", "lefèvre"),
        ("¿Cuál es su nombre?", "soy pepe", "pepe"),
        ("Come si chiama?", "bianchi", "bianchi"),
        ("Qual é o seu nome?", "conceição", "conceição"),
        ("Wat is uw naam?", "de vries", "de vries"),
        ("Jak się Pan nazywa?", "nowak", "nowak"),
        ("Vad heter du?", "öberg", "öberg"),
        ("お名前を教えてください", "田中太郎です", "田中太郎"),
        ("您贵姓？", "张伟", "张伟"),
        ("성함이 어떻게 되세요?", "김민수입니다", "김민수"),
    ],
)
def test_a_bare_answer_by_its_question(asked: str, text: str, name: str) -> None:
    assert _names(text, asked) == [name]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("What is your name?", "i'd rather not say"),
        ("What is your name?", "No."),
        ("What is your name?", "why do you need that?"),
        ("Wie ist Ihr Name?", "Das habe ich doch schon gesagt"),
        ("¿Cómo se llama?", "no entiendo"),
        ("您贵姓？", "是的"),
        ("What is the name of the product?", "toaster deluxe"),
        ("What is your username?", "no idea"),
    ],
)
def test_no_answer_holds_no_name(asked: str, text: str) -> None:
    assert _names(text, asked) == []


def test_the_question_before_is_read_in_every_mode_and_redacting_twice_changes_nothing() -> None:
    for redactor in (Redactor("redact"), Redactor("pseudonymise", b"key")):
        once = redactor.redact("vinothkanna", asked="Your name, please?").text
        assert "vinothkanna" not in once
        assert redactor.redact(once, asked="Your name, please?").text == once


@pytest.mark.parametrize(
    ("asked", "text", "type_", "value"),
    [
        ("What is your address?", "44 nowhere lane", "ADDRESS", "44 nowhere lane"),
        ("Wie lautet Ihre Anschrift?", "hinterm bach 3", "ADDRESS", "hinterm bach 3"),
        ("What are the last four digits?", "it is 448 and please hurry", "ID", "448"),
        ("What is your password?", "sunflower", "SECRET", "sunflower"),
        ("What's your e-mail?", "kumarhostcom", "EMAIL", "kumarhostcom"),
    ],
)  # fmt: skip
def test_other_answers_by_their_question(asked: str, text: str, type_: str, value: str) -> None:
    found = detect(text, asked=asked)
    assert [(s.type.value, s.text) for s in found] == [(type_, value)]
    assert detect("I do not have it with me", asked=asked) == []


@pytest.mark.parametrize(
    "text", ["I want to try it on in Ghent.", "My Cairn tent leaks.", "Cancel the Skarn order."]
)
def test_where_something_is_and_of_what_make_is_nobody(text: str) -> None:
    assert _names(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Elle est dans « Mes commandes » dès que le colis est expédié.",
        "Merci pour votre message. Elle ne marche plus.",
        "We schrijven elke vier weken op maandag af.",
        "Jezelf filmen mag, zolang er niemand anders in beeld komt.",
        "Kassenrezept (rosa oder elektronisch) gilt 28 Tage.",
        "Mit 500 Wh sind im Modus Tour um die 80 Kilometer drin.",
        "Im Lager Soest übergeben wir kostenlos, montags bis freitags.",
        "preis fuer wartung pedelec bosch motor?",
        "Danke im Voraus!",
        "Per E-Mail erreichen Sie uns unter der Woche.",
        "Die ganze Familie freut sich, und der Tarif Familie Plus kostet 5 Euro.",
    ],
)
def test_words_of_other_languages_that_are_names_elsewhere(text: str) -> None:
    assert [s.text for s in detect(text) if s.type is Sensitive.NAME] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Elle called me yesterday about the order", "Elle"),
        ("Ella is my daughter and she wants a refund", "Ella"),
        ("im John Smith and i want a refund", "John Smith"),
        ("Anders Lindqvist har beställt en cykel.", "Anders Lindqvist"),
        ("Mein Mann (Karl-Heinz Brüderle) hat am 3. Mai ein Rad gekauft.", "Karl-Heinz Brüderle"),
        (
            "Bitte erstatten Sie auf mein Konto, Kontoinhaberin Annegret Oberhuber.",
            "Annegret Oberhuber",
        ),
        ("Merci de me rembourser, titulaire Rémi Dubois. ma carte a expiré", "Rémi Dubois"),
        ("Hallo, hier ist die Familie Wölfle aus dem Höllental.", "Wölfle"),
    ],
)
def test_people_named_in_other_languages(text: str, name: str) -> None:
    assert [s.text for s in detect(text) if s.type is Sensitive.NAME] == [name]
