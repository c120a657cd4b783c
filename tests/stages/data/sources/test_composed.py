"""Names of several words: when a case was closed, how it was rated, what it is about."""

from __future__ import annotations

import pytest

from northloop.stages.data.sources.composed import composed
from northloop.stages.data.sources.mapping import from_columns

DATES = [f"2025-03-{day:02d} 10:00:00" for day in range(1, 13)]
TOPICS = ["returns", "billing", "damage"] * 4


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("closed_at", "last_completed_at"),
        ("closed_at", "cf_last_resolved"),
        ("closed_at", "resolvedAt.date"),
        ("closed_at", "doneAt.iso8601"),
        ("closed_at", "closedat"),
        ("csat", "CSAT_Score__c"),
        ("intent", "ticketcategories"),
        ("closed_at", "fecha_de_resolucion.value"),
        ("created_at", "createdAt.date"),
        ("csat", "surveyResponse.csatScore"),
        ("csat", "satisfactionLevel.score"),
        ("csat", "feedback.rating"),
        ("csat", "post_survey.stars"),
        ("csat", "rating_last_value"),
        ("csat", "satisfactionSurveyResponses[].value"),
        ("intent", "label_category_name"),
        ("intent", "custom.contactReasonStr"),
        ("intent", "labels[].labelType.name"),
        ("intent", "conversationTags[].name"),
        ("intent", "type.name"),
        ("intent", "wrapUpCode"),
        ("intent", "Motivo del contatto"),
        ("intent", "Motivo do contacto"),
        ("intent", "cached_label_list"),
        ("csat", "channel.rating"),
        ("closed_at", "Avslutat datum"),
        ("closed_at", "Hora de cierre"),
        ("closed_at", "Date/heure de fermeture"),
        ("closed_at", "Datum/Uhrzeit des Abschlusses"),
        ("closed_at", "Geschlossen am/um"),
    ],
)
def test_what_says_a_field_in_several_words(field: str, path: str) -> None:
    assert composed(field, path)


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("closed_at", "first_closed_at"),
        ("closed_at", "due_at"),
        ("closed_at", "resolution_due_date"),
        ("closed_at", "closed_by"),
        ("closed_at", "survey.completed_at"),
        ("created_at", "contract.start_date"),
        ("csat", "survey.id"),
        ("csat", "rating_count"),
        ("csat", "lead_score"),
        ("csat", "sentiment.score"),
        ("intent", "type"),
        ("intent", "ticket_type"),
        ("intent", "label_color"),
        ("intent", "assignee.tags[].name"),
    ],
)
def test_a_word_that_says_more_makes_it_another_thing(field: str, path: str) -> None:
    assert not composed(field, path)


def test_a_synonym_goes_before_a_name_of_several_words() -> None:
    values = {"last_closed_at": DATES, "solved_at": DATES[::-1]}
    assert from_columns(values)["closed_at"] == "solved_at"


def test_what_is_always_empty_gives_way_to_what_holds_something() -> None:
    values = {"resolvedAt": [""] * 12, "resolvedAt.date": DATES}
    assert from_columns(values)["closed_at"] == "resolvedAt.date"


def test_a_topic_goes_before_tags() -> None:
    tags = {"labels[].name": TOPICS}
    assert from_columns(tags)["intent"] == "labels[].name"
    assert from_columns(tags | {"main_topic_name": TOPICS})["intent"] == "main_topic_name"


@pytest.mark.parametrize("values", [["yes", "", "no", "maybe"] * 3])
def test_words_that_rate_nothing_are_no_ratings(values: list[str]) -> None:
    assert "csat" not in from_columns({"feedback_rating": values})


def test_how_a_case_ended_in_one_word_of_its_language() -> None:
    found = from_columns({"Avslutat": DATES, "Voto": ["5", "4", "3"] * 4})
    assert found == {"closed_at": "Avslutat", "csat": "Voto"}


def test_results_of_a_survey_in_words_are_ratings() -> None:
    values = {
        "Question": ["Where is my parcel?"] * 4,
        "Answer": ["It comes tomorrow."] * 4,
        "Survey results": ["Extremely satisfied", "No Response", "Very dissatisfied", "Neutral"],
    }
    assert from_columns(values)["csat"] == "Survey results"
