"""Columns in the languages that help desks write, in any case and with units."""

from __future__ import annotations

import pytest

from northloop.stages.data.sources.headers import means_question, means_reply
from northloop.stages.data.sources.mapping import from_columns, reasons

ASKED = [f"Where is my order number {n}, please?" for n in range(12)]
SAID = [f"Order number {n} is on its way to you." for n in range(12)]
DATES = [f"2026-01-{n + 1:02} 10:00" for n in range(12)]
LATER = [f"2026-02-{n + 1:02} 10:00" for n in range(12)]
IDS = [f"T-{n}" for n in range(12)]
PEOPLE = [f"C-{n}" for n in range(12)]
RATED, TOOK = [str(n % 5 + 1) for n in range(12)], [str(n + 3) for n in range(12)]
TOPICS, WAYS = ["delivery", "return"] * 6, ["web", "phone"] * 6
FIELDS = ("ticket_id", "question", "reply", "customer_id", "created_at", "closed_at", "channel",
          "intent", "handling_minutes", "csat")  # fmt: skip
COLUMNS = (IDS, ASKED, SAID, PEOPLE, DATES, LATER, WAYS, TOPICS, TOOK, RATED)
EXPORTS = {
    "English": "Ticket ID|Customer message|Agent reply|Customer ID|Created At|Closed At|Channel|"
               "Category|Handling time (min)|CSAT",
    "German": "Ticketnummer|KUNDENANFRAGE|Antwort des Agenten|Kundennummer|Erstellt am|"
              "Geschlossen am|Kanal|Kategorie|Bearbeitungszeit [Min.]|Zufriedenheit",
    "French": "Numéro de ticket|Message du client|Réponse de l’agent|Numéro client|Créé le|"
              "Fermé le|Canal|Catégorie|Durée de traitement (minutes)|Satisfaction client",
    "Spanish": "Número de ticket|Mensaje del cliente|Respuesta del agente|ID de cliente|"
               "Fecha de creación|Fecha de cierre|Canal|Categoría|Tiempo de atención (min)|"
               "Satisfacción",
    "Italian": "Numero ticket|Domanda del cliente|Risposta dell'operatore|Codice cliente|"
               "Data di creazione|Data di chiusura|Canale|Categoria|Tempo di gestione (min)|"
               "Soddisfazione",
    "Portuguese": "Número do chamado|Mensagem do cliente|Resposta do atendente|ID do cliente|"
                  "Data de abertura|Data de encerramento|Canal|Categoria|"
                  "Tempo de atendimento (min)|Avaliação",
    "Dutch": "Ticketnummer|Vraag van klant|Antwoord van medewerker|Klantnummer|Aangemaakt op|"
             "Gesloten op|Kanaal|Categorie|Behandeltijd (min)|Tevredenheid",
    "Polish": "Numer zgłoszenia|Treść zgłoszenia|Odpowiedź konsultanta|ID klienta|"
              "Data utworzenia|Data zamknięcia|Kanał|Kategoria|Czas obsługi (min)|Ocena",
    "Swedish": "Ärendenummer|Kundens fråga|Svar till kund|Kundnummer|Skapad|Stängd|Kanal|Kategori|"
               "Hanteringstid (min)|Betyg",
    "Japanese": "チケット番号|お問い合わせ内容|回答内容|顧客ID|作成日時|完了日時|チャネル|カテゴリ|"
                "対応時間（分）|満足度",
    "Chinese": "工单编号|客户问题|客服回复|客户编号|创建时间|关闭时间|渠道|分类|"
               "处理时间（分钟）|满意度",
}  # fmt: skip


@pytest.mark.parametrize("written", [str, str.upper, str.lower])
@pytest.mark.parametrize("language", [*EXPORTS])
def test_every_language_is_read(language: str, written: type[str]) -> None:
    names = [written(name) for name in EXPORTS[language].split("|")]
    found = from_columns(dict(zip(names, COLUMNS, strict=True)))
    assert found == dict(zip(FIELDS, names, strict=True))
    assert set(reasons(found).values()) == {"its name says so"}


@pytest.mark.parametrize(
    ("name", "field"),
    [("Handling time [s]", "handling_seconds"), ("Bearbeitungszeit (Std.)", "handling_hours"),
     ("Durée (heures)", "handling_hours"), ("処理時間(秒)", "handling_seconds"),
     ("AHT sec", "handling_seconds"), ("Dauer", "handling_minutes")],
)  # fmt: skip
def test_units_stand_in_names(name: str, field: str) -> None:
    assert from_columns({"question": ASKED, name: TOOK})[field] == name


@pytest.mark.parametrize(
    "name", ["Logged", "Date raised", "Gemeldet am", "Signalé le", "Fecha de registro",
             "Ricevuto il", "Registado em", "Ontvangen op", "Wpłynęło", "Inkommen"],
)  # fmt: skip
def test_when_a_case_was_taken_down_is_when_it_was_opened(name: str) -> None:
    found = from_columns({"question": ASKED, "reply": SAID, name: DATES, "closed": LATER})
    assert (found["created_at"], found["closed_at"]) == (name, "closed")


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Frage vom Kunden", "Antwort vom Team"),
        ("Was der Kunde schrieb", "Unsere Antwort"),
        ("Nachricht", "1. Antwort"),
        ("Pregunta recibida", "Respuesta enviada"),
        ("ユーザーからの質問", "スタッフからの回答"),
        ("用户咨询的问题", "客服的回复"),
        ("Question posée", "Réponse envoyée"),
    ],
)
def test_a_name_that_means_a_reply_is_never_the_question(question: str, reply: str) -> None:
    for columns in ({question: ASKED, reply: SAID}, {reply: SAID, question: ASKED}):
        found = from_columns(columns)
        assert (found["question"], found["reply"]) == (question, reply)
    assert "question" not in from_columns({"Nr": IDS, reply: SAID})


@pytest.mark.parametrize(
    "name", ["Antwortzeit", "Response time", "Reply count", "Question ID", "Antwort von",
             "Frage Nr", "First response (date)", "Internal reply note"],
)  # fmt: skip
def test_what_tells_of_a_reply_is_none(name: str) -> None:
    assert not (means_reply(name) or means_question(name))


@pytest.mark.parametrize("name", ["Internal note", "Interne Notiz", "Nota interna", "Agent note",
                                  "Private comment", "内部备注"])  # fmt: skip
def test_a_column_of_notes_is_neither_question_nor_reply(name: str) -> None:
    assert name not in from_columns({"Question": ASKED, name: SAID}).values()
    assert from_columns({"a": IDS, name: SAID}) == {}


def test_the_narrative_goes_before_the_issue() -> None:
    issues = ["Billing dispute", "Late fee charged twice"] * 6
    found = from_columns({"issue": issues, "consumer_complaint_narrative": ASKED})
    assert found["question"] == "consumer_complaint_narrative"


def test_instructions_and_inputs_are_joined_where_both_differ() -> None:
    tasks = [f"Classify the message number {n}." for n in range(12)]
    assert from_columns({"instruction": tasks, "input": ASKED, "output": SAID}) == {
        "question": "instruction + input",
        "reply": "output",
    }
    empty = {"instruction": ASKED, "input": [""] * 12, "output": SAID}
    assert from_columns(empty)["question"] == "instruction"
    some = {"instruction": ASKED, "input": ["", "the blue one"] * 6, "output": SAID}
    assert from_columns(some)["question"] == "instruction + input"
    constant = {"instruction": ["Answer the customer."] * 12, "input": ASKED, "output": SAID}
    assert from_columns(constant)["question"] == "input"


@pytest.mark.parametrize("name", ["tag", "tags", "Tag", "Tags", "TAGS"])
def test_tags_are_intents_by_what_they_hold(name: str) -> None:
    assert from_columns({"question": ASKED, name: TOPICS})["intent"] == name
    assert "intent" not in from_columns({"question": ASKED, name: ["vip", *[""] * 11]})


@pytest.mark.parametrize(
    ("name", "field", "values"),
    [("Bewertung (1-5)", "csat", RATED), ("Sent (UTC)", "created_at", DATES),
     ("満足度（5段階）", "csat", RATED), ("Category [main]", "intent", TOPICS)],
)  # fmt: skip
def test_what_stands_in_brackets_is_no_name(name: str, field: str, values: list[str]) -> None:
    assert from_columns({"question": ASKED, name: values})[field] == name


TOUCHED = {
    "English": ("First response at", "First reply time (min)", "Survey sent at"),
    "German": ("Erste Antwort am", "Erstantwortzeit (Minuten)", "Umfrage gesendet am"),
    "French": ("Première réponse le", "Délai de première réponse (min)", "Enquête envoyée le"),
    "Spanish": ("Fecha de primera respuesta", "Tiempo de primera respuesta (minutos)",
                "Encuesta enviada el"),
    "Italian": ("Data della prima risposta", "Tempo di prima risposta (minuti)",
                "Sondaggio inviato il"),
    "Portuguese": ("Data da primeira resposta", "Tempo de primeira resposta (minutos)",
                   "Pesquisa enviada em"),
    "Dutch": ("Eerste antwoord op", "Eerste reactietijd (minuten)", "Enquête verzonden op"),
    "Polish": ("Data pierwszej odpowiedzi", "Czas pierwszej odpowiedzi (min)",
               "Data wysłania ankiety"),
    "Swedish": ("Första svar den", "Första svarstid (minuter)", "Enkät skickad den"),
    "Japanese": ("初回返信日時", "初回応答時間(分)", "アンケート送信日時"),
    "Chinese": ("首次回复时间", "首次响应时间(分钟)", "邀请评价时间"),
}  # fmt: skip


@pytest.mark.parametrize("language", TOUCHED)
def test_when_a_person_first_answered_and_who_was_asked_for_a_rating(language: str) -> None:
    at, minutes, asked = TOUCHED[language]
    base = dict(zip(EXPORTS["English"].split("|"), COLUMNS, strict=True))
    before = from_columns(base)
    found = from_columns(base | {at: DATES, asked: DATES})
    assert found == before | {"first_touch_at": at, "csat_asked": asked}
    assert from_columns(base | {minutes: TOOK}) == before | {"first_touch_minutes": minutes}


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("First response time (in hrs)", ["0:45:12"] * 12, "first_touch_hours"),
        ("first_reply_time_seconds", TOOK, "first_touch_seconds"),
        ("metric_set.reply_time_in_minutes.calendar", TOOK, "first_touch_minutes"),
        ("First response time", DATES, "first_touch_at"),
        ("First response time", TOOK, ""),
        ("Custom field (Time to first response)", ["4h 20m"] * 12, ""),
        ("first_responded_at", DATES, "first_touch_at"),
        ("First response due by", LATER, ""),
        ("First response status", ["Within SLA"] * 12, ""),
        ("csat_offered", ["yes", "no"] * 6, "csat_asked"),
        ("Survey sent", ["sent", ""] * 6, "csat_asked"),
        ("Feedback requested", ["please", "thank you"] * 6, ""),
    ],
)
def test_a_length_without_its_unit_and_what_is_due_are_no_first_touch(
    header: str, values: list[str], field: str
) -> None:
    base = dict(zip(EXPORTS["English"].split("|"), COLUMNS, strict=True))
    before = from_columns(base)
    assert from_columns(base | {header: values}) == before | ({field: header} if field else {})


CHANGED = (
    "updated at", "Updated", "last_updated_at", "LastModifiedDate", "modifiedon", "sys_updated_on",
    "Ticket updated at", "Aktualisiert am", "Zuletzt geändert", "Date de mise à jour",
    "Última actualización", "Ultimo aggiornamento", "Atualizado em", "Laatst gewijzigd",
    "Data aktualizacji", "Senast uppdaterad", "Sidst opdateret", "最終更新日時", "更新时间",
)  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_when_a_case_was_changed_last_is_never_when_it_was_closed(name: str) -> None:
    days = [f"2026-11-{day:02} 10:00" for day in range(1, 13)]
    rows = {
        "ticket id": [f"T-{day}" for day in range(1, 13)],
        "question": [f"Where is my order number {day}?" for day in range(1, 13)],
        "reply": [f"It left us on day {day}, thank you." for day in range(1, 13)],
    }
    found = from_columns({**rows, name: days})
    assert found.get("updated_at") == name
    assert "closed_at" not in found and "created_at" not in found
    both = from_columns({**rows, name: days, "Status": ["Closed", "Open"] * 6, "Closed": days})
    assert (both["closed_at"], both["updated_at"], both["status"]) == ("Closed", name, "Status")


@pytest.mark.parametrize(
    ("name", "values", "is_state"),
    [
        ("State", ["CA", "TX", "NY", "California"] * 3, False),
        ("Estado", ["Jalisco", "Puebla"] * 6, False),
        ("State", ["Open", "Waiting for customer"] * 6, True),
        ("Estado", ["Abierto", "Resuelto"] * 6, True),
        ("Status", ["Merged", "Spam"] * 6, True),
        ("ステータス", ["完了", "対応中"] * 6, True),
    ],
)
def test_states_of_a_country_are_none_of_a_case(
    name: str, values: list[str], is_state: bool
) -> None:
    base = dict(zip(EXPORTS["English"].split("|"), COLUMNS, strict=True))
    before = from_columns(base)
    assert from_columns(base | {name: values}) == before | ({"status": name} if is_state else {})
