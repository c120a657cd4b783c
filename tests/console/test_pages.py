"""Every page answers, says what it should, teaches when it is empty, and does what it is asked."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Generator
from html import unescape
from pathlib import Path

import anyio
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from typer.testing import CliRunner

import northloop.console as console_package
from console.client import Visitor
from console.example_desk import ExampleDesk, StandsDesk, at
from northloop.cli.main import app
from northloop.console import create_console
from northloop.console.desk import Period
from northloop.console.pages.serving import closing
from northloop.core.deployment import Deployment
from northloop.core.interaction import Proposal, ProposalState, VerdictKind

PAGES = (
    "/",
    "/objective",
    "/data",
    "/documents",
    "/documents/refunds",
    "/training",
    "/training/turn-3",
    "/releases",
    "/playground",
    "/answers",
    "/answers/approved",
    "/review",
    "/loop",
    "/lessons",
    "/lessons/basics",
    "/settings",
)
EMPTY = {
    "/objective": "northloop init",
    "/data": "northloop import tickets.csv",
    "/documents": "northloop doctor",
    "/training": "northloop loop run",
    "/releases": "northloop loop run",
    "/playground": "northloop loop run",
    "/answers": "northloop serve",
    "/answers/approved": "No approved answers yet",
    "/review": "Nothing to review yet",
    "/loop": "Nothing waits for a decision",
    "/lessons": "northloop doctor",
    "/settings": "northloop doctor",
    "/": "northloop init",
}


def deep_pages(desk: ExampleDesk) -> list[str]:
    dataset = desk.datasets()[0].hash
    return [
        f"/data/{dataset}",
        f"/data/{dataset}/train",
        f"/data/{dataset}/quarantine",
        f"/training/{desk.runs()[1].run_id}",
        *(f"/releases/{r.artefact.hash}" for r in desk.releases()),
        f"/answers/{desk.interactions(1)[0].interaction_id}",
        f"/review/{desk.review_queue(3)[2].review_id}",
    ]


@pytest.mark.parametrize("path", PAGES)
def test_page_answers_within_the_frame(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert '<main id="main"' in answer.text and "larkfell" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_pages_below_answer(visitor: Visitor, desk: ExampleDesk) -> None:
    for path in deep_pages(desk):
        assert visitor.get(path).status_code == 200, path


@pytest.mark.parametrize(("path", "taught"), EMPTY.items())
def test_empty_page_teaches(newcomer: Visitor, path: str, taught: str) -> None:
    answer = newcomer.get(path)
    assert answer.status_code == 200
    assert taught in answer.text


def test_pages_are_rendered_quickly(visitor: Visitor, desk: ExampleDesk) -> None:
    for path in (*PAGES, *deep_pages(desk)):
        visitor.get(path)
        took = []
        for _ in range(5):
            start = time.perf_counter()
            visitor.get(path)
            took.append(time.perf_counter() - start)
        assert min(took) < 0.05, (path, took)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/data/ffff",
        "/training/none",
        "/releases/none",
        "/answers/none",
        "/review/none",
        "/lessons/none",
        "/documents/none",
    ],
)
def test_unknown_thing_is_said_to_be_unknown(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "What to do:" in answer.text and '<main id="main"' in answer.text


def test_numbers_come_with_interval_and_n(visitor: Visitor) -> None:
    home = unescape(visitor.get("/").text)
    assert "16.6" in home and "(15.3–18.0), 107 tickets, 7 days" in home
    assert "right (74–92), from 38 reviews of 512 answers" in " ".join(home.split()).replace(
        "are right", "right"
    )


def test_data_card_balances(visitor: Visitor, desk: ExampleDesk) -> None:
    page = visitor.get(f"/data/{desk.datasets()[0].hash}").text
    assert (
        "2,024 = 1,607 kept + 371 merged (183 exact, 188 near duplicates) + 46 quarantined" in page
    )
    assert "58 rows look Chinese: greetings, signatures and names are recognised in English" in page


def test_release_shows_evidence_and_what_changed(visitor: Visitor, desk: ExampleDesk) -> None:
    refused = desk.releases()[0]
    page = visitor.get(f"/releases/{refused.artefact.hash}").text
    assert "<strong>Refused:</strong> Wrong answers may be worse" in page
    assert page.count('class="interval') == 3
    assert page.count('class="changed"') == 2
    assert "Promote release" not in page and "Roll back to" not in page


def test_roll_back_is_offered_and_done_and_can_be_undone(
    visitor: Visitor, desk: ExampleDesk
) -> None:
    first, second = desk.releases()[2], desk.releases()[1]
    page = f"/releases/{first.artefact.hash}"
    assert "Roll back to release 1" in visitor.get(page).text
    done = visitor.post(f"{page}/roll-back")
    assert done.status_code == 303 and "note=rolled-back" in done.headers["location"]
    assert desk.releases()[2].live
    assert "Rolled back" in visitor.get(done.headers["location"]).text
    assert "Roll back to release 2" in visitor.get(f"/releases/{second.artefact.hash}").text


def test_refused_release_cannot_be_promoted(visitor: Visitor, desk: ExampleDesk) -> None:
    answer = visitor.post(f"/releases/{desk.releases()[0].artefact.hash}/promote")
    assert answer.status_code == 409
    assert "The gate refused this release" in answer.text
    assert not desk.releases()[0].live


def test_proposal_is_approved_and_followed(visitor: Visitor, desk: ExampleDesk) -> None:
    proposal = desk.proposals()[0]
    assert "Approve and train" in visitor.get("/loop").text
    assert visitor.post(f"/loop/{proposal.proposal_id}/approve").status_code == 303
    assert desk.proposals()[0].state is ProposalState.RUNNING
    page = visitor.get("/loop").text
    assert "Turning now" in page and 'hx-get="/loop/live"' in page
    assert 'class="now"' in visitor.get("/loop/live").text


def test_proposal_is_rejected_and_another_made(visitor: Visitor, desk: ExampleDesk) -> None:
    refused = visitor.post("/loop/propose")
    assert refused.status_code == 422 and "decide on it first" in refused.text
    visitor.post(f"/loop/{desk.proposals()[0].proposal_id}/reject")
    assert desk.proposals()[0].state is ProposalState.REJECTED
    assert visitor.post("/loop/propose").status_code == 303
    assert desk.proposals()[0].state is ProposalState.OPEN


def test_next_answer_is_none_that_is_shown_or_on_its_way(
    visitor: Visitor, desk: ExampleDesk
) -> None:
    first, *others, wanted = [item.review_id for item in desk.review_queue(6)]
    fields = {"kind": "correct", "shown": others}
    after = visitor.post(f"/review/{first}/verdict", fields, partial=True).text
    assert f'data-review="{wanted}"' in after
    assert not any(review in after for review in others)


def test_review_is_kept_without_scripts(visitor: Visitor, desk: ExampleDesk) -> None:
    review = desk.review_queue(1)[0].review_id
    visitor.post("/settings/name", {"name": "Åse Lindqvist"})
    done = visitor.post(
        f"/review/{review}/verdict",
        {"kind": "incorrect", "correction": "Within 45 days.", "reason": "wrong date"},
    )
    assert done.status_code == 303
    (verdict,) = desk.verdicts()
    assert verdict.kind is VerdictKind.INCORRECT
    assert (verdict.correction, verdict.reason) == ("Within 45 days.", "wrong date")
    assert verdict.reviewer == "Åse Lindqvist"


def test_unchanged_answer_is_no_correction(visitor: Visitor, desk: ExampleDesk) -> None:
    item = desk.review_queue(1)[0]
    answer = desk.review_context(item.review_id).interaction.answer
    fields = {"kind": "incorrect", "answer": answer, "correction": answer}
    visitor.post(f"/review/{item.review_id}/verdict", fields)
    assert desk.verdicts()[0].correction == ""


def test_review_by_script_brings_the_one_after_next(visitor: Visitor, desk: ExampleDesk) -> None:
    first, second, third = (item.review_id for item in desk.review_queue(3))
    answer = visitor.post(
        f"/review/{first}/verdict", {"kind": "correct", "shown": second}, partial=True
    )
    assert f'data-review="{third}"' in answer.text
    assert f'data-verdict="{desk.verdicts()[0].verdict_id}"' in answer.text
    undone = visitor.post(f"/review/undo/{desk.verdicts()[0].verdict_id}", partial=True)
    assert f'data-review="{first}"' in undone.text and desk.verdicts() == []


def test_skip_is_kept_as_such(visitor: Visitor, desk: ExampleDesk) -> None:
    review = desk.review_queue(1)[0].review_id
    visitor.post(f"/review/{review}/verdict", {"skip": "yes", "reason": "typed by mistake"})
    (verdict,) = desk.verdicts()
    assert verdict.skipped and verdict.reason == ""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "No verdict was chosen"),
        ({"kind": "splendid"}, "No verdict was chosen"),
        ({"kind": "needs_rephrasing"}, "A rephrasing needs the better phrase"),
    ],
)
def test_bad_verdict_is_refused(
    visitor: Visitor, desk: ExampleDesk, fields: dict[str, str], said: str
) -> None:
    review = desk.review_queue(1)[0].review_id
    answer = visitor.post(f"/review/{review}/verdict", fields, partial=True)
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#notices"
    assert said in answer.text and desk.verdicts() == []


def test_question_without_scripts_shows_the_kept_answer(
    visitor: Visitor, desk: ExampleDesk
) -> None:
    done = visitor.post("/playground/ask", {"question": "Can I return boots?"})
    kept = desk.interactions(1)[0]
    assert done.headers["location"] == f"/answers/{kept.interaction_id}"
    assert kept.tenant == "playground"


def test_answer_streams_piece_by_piece_with_trace(visitor: Visitor, desk: ExampleDesk) -> None:
    answer = visitor.post("/playground/ask", {"question": "Can I return boots?"}, partial=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = answer.text.strip().split("\n\n")
    assert "Can I return boots?" in events[0]
    pieces = [event for event in events if "<span>" in event and "beforeend" in event]
    assert len(pieces) == len(desk.interactions(1)[0].answer.split(" "))
    assert "38 tokens at 92 a second" in events[-1] and 'name="turn"' in events[-1]
    assert all(line.startswith("data: ") for event in events for line in event.split("\n"))


def test_two_releases_answer_side_by_side(visitor: Visitor, desk: ExampleDesk) -> None:
    one, two = desk.releases()[1].artefact.hash, desk.releases()[2].artefact.hash
    fields = {"question": "boots?", "release": one, "beside": two}
    text = visitor.post("/playground/ask", fields, partial=True).text
    assert "Release 2</h3>" in text and "Release 1</h3>" in text
    assert [i.release for i in desk.interactions(2)] == [two, one]


def test_conversation_goes_on(visitor: Visitor, desk: ExampleDesk) -> None:
    turns = ['{"role":"user","content":"boots?"}', '{"role":"assistant","content":"yes"}']
    fields: dict[str, str | list[str]] = {"question": "and tents?", "turn": turns}
    assert visitor.post("/playground/ask", fields, partial=True).status_code == 200
    broken = visitor.post("/playground/ask", {"question": "x", "turn": "{"}, partial=True)
    assert broken.status_code == 422


@pytest.mark.parametrize("question", ["", "   ", "x" * 4001])
def test_impossible_question_is_refused(visitor: Visitor, question: str) -> None:
    answer = visitor.post("/playground/ask", {"question": question}, partial=True)
    assert answer.status_code == 422 and "field question" in answer.text


def test_feedback_is_kept(visitor: Visitor, desk: ExampleDesk) -> None:
    interaction = desk.interactions(1)[0].interaction_id
    assert visitor.post(f"/answers/{interaction}/feedback", {"rating": "-1"}).status_code == 303
    assert desk.feedback[0].rating == -1
    refused = visitor.post(f"/answers/{interaction}/feedback", {"rating": "5"}, partial=True)
    assert refused.status_code == 422 and len(desk.feedback) == 1


def test_exercise_and_quiz_are_checked(visitor: Visitor) -> None:
    asked = "/lessons/basics/exercise"
    missing = visitor.post(asked, {"question": "Boots return"}, partial=True).text
    assert "Not yet." in missing and "It asks one question" in missing
    found = visitor.post(asked, {"question": "Can I return boots?"}).text
    assert "Done." in found and '<main id="main"' in found
    graded = visitor.post("/lessons/basics/quiz", {"q0": "1", "q1": "0"}, partial=True).text
    assert "1 of 2 right" in graded


def test_answer_is_judged_in_a_lesson_without_scripts(visitor: Visitor, desk: ExampleDesk) -> None:
    exercise = "/lessons/feedback/exercise"
    asked = visitor.post(exercise, {"question": "Can I return worn boots?"}).text
    kept = desk.interactions(1)[0]
    assert kept.tenant == "playground" and kept.question == "Can I return worn boots?"
    assert f'name="interaction" value="{kept.interaction_id}"' in asked
    assert "Check my verdict" in asked and "Not yet." not in asked
    fields = {"interaction": kept.interaction_id, "kind": "incorrect", "correction": "Only unworn."}
    wordless = visitor.post(exercise, fields).text
    assert "Not yet." in wordless and "Only unworn.</textarea>" in wordless
    assert 'value="incorrect" required checked' in wordless
    assert "Done." in visitor.post(exercise, {**fields, "reason": "ignores the condition"}).text
    assert desk.interactions(1)[0] == kept, "what is judged is not asked again"


class FailedDesk(ExampleDesk):
    """Its newest turn failed."""

    def proposals(self) -> list[Proposal]:
        first, *others = super().proposals()
        return [msgspec.structs.replace(first, state=ProposalState.FAILED), *others]


def test_failed_turn_is_seen_and_can_be_carried_on() -> None:
    with Visitor(FailedDesk()) as visitor:
        assert "A turn failed" in visitor.get("/").text
        loop = visitor.get("/loop").text
    assert "<h2>Failed</h2>" in loop and "Carry on" in loop


def test_a_release_that_passed_the_gate_waits_for_a_person() -> None:
    desk = StandsDesk(ProposalState.READY)
    with Visitor(desk) as visitor:
        home, loop = visitor.get("/").text, visitor.get("/loop").text
        page = visitor.get(f"/releases/{desk.releases()[0].artefact.hash}")
        releases = visitor.get("/releases").text
    assert "<strong>Release 3</strong> passed the gate: promote it or not" in home
    assert "Release 3 passed the gate" in loop and "Do not promote" in loop
    assert "Turning now" not in loop
    assert "Promote release 3" in page.text
    assert "What customers would have received" in page.text
    received = page.text.partition("What customers would have received")[2].partition("</table>")[0]
    assert received.count('data-label="Wrong"') == 2 and "42" in received
    assert ">ready</span>" in releases


def test_a_release_that_waits_is_declined_on_its_page() -> None:
    desk = StandsDesk(ProposalState.READY)
    release = f"/releases/{desk.releases()[0].artefact.hash}"
    reject = f"/loop/{desk.proposals()[0].proposal_id}/reject"
    with Visitor(desk) as visitor:
        page = visitor.get(release).text
        assert f'action="{reject}"' in page and "Do not promote" in page
        assert visitor.post(reject).status_code == 303
        after = visitor.get(release).text
    assert desk.proposals()[0].state is ProposalState.REJECTED
    assert "Do not promote" not in after and "Promote release 3" not in after


def test_a_release_that_was_overtaken_cannot_be_promoted() -> None:
    with Visitor(StandsDesk(ProposalState.OUTDATED)) as visitor:
        release = StandsDesk(ProposalState.OUTDATED).releases()[0].artefact.hash
        page, loop = visitor.get(f"/releases/{release}").text, visitor.get("/loop").text
    assert "Promote release 3" not in page
    assert "another release is live than the one it was compared with" in page
    assert ">outdated</span>" in loop


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ProposalState.INTERRUPTED, "Interrupted: no process is at it any more."),
        (ProposalState.APPROVED, "Approved, and not begun."),
    ],
)
def test_a_turn_that_nobody_is_at_is_not_said_to_go_on(state: ProposalState, said: str) -> None:
    with Visitor(StandsDesk(state)) as visitor:
        home, loop = visitor.get("/").text, visitor.get("/loop").text
    assert "Turning now" not in loop and said in loop and "Carry on" in loop
    assert ("A turn was interrupted" if "Inter" in said else "has not begun") in home


def test_diagnostics_are_marked(visitor: Visitor, desk: ExampleDesk) -> None:
    page = visitor.get(f"/releases/{desk.releases()[1].artefact.hash}").text
    assert "shown only" in page
    scores = page.partition("On unseen questions")[2]
    marked = 'Perplexity <span class="soft">diagnostic</span>'
    assert marked in scores and scores.count(">diagnostic</span>") == 2, "and intent F1"


class FewTicketsDesk(ExampleDesk):
    """A history too short for any period."""

    def progress(self) -> tuple[Period, ...]:
        return ()


def test_short_history_is_told_from_none() -> None:
    with Visitor(FewTicketsDesk()) as visitor:
        for page in ("/", "/objective"):
            found = visitor.get(page).text
            assert "the imported tickets are too few to measure it by" in found
            assert "northloop import" not in found


class BeforeDesk(ExampleDesk):
    """A history that ends before the assistant began."""

    def promotions(self) -> list[Deployment]:
        return [msgspec.structs.replace(p, at=at(days=1)) for p in super().promotions()]


def test_history_before_the_assistant_is_no_effect_of_it(visitor: Visitor) -> None:
    for page in ("/", "/objective"):
        found = visitor.get(page).text
        assert "Resolution time is proven to be better; 181 days left" in found
        assert "48\u202f% of the way" in found and "(15 to 81)" in found
    with Visitor(BeforeDesk()) as before:
        for page in ("/", "/objective"):
            found = before.get(page).text
            assert "before the assistant went live on 23 Nov 2026" in found
            assert "proven" not in found and "of the way" not in found


def test_live_run_sends_its_curve_and_stops_asking_when_done(
    visitor: Visitor, desk: ExampleDesk
) -> None:
    live = visitor.get("/training/turn-3/live").text
    assert 'hx-trigger="every 2s"' in live and 'hx-target="#curve-rows"' in live
    done = visitor.get(f"/training/{desk.runs()[1].run_id}/live").text
    assert "hx-trigger" not in done


def test_palette_lists_everything(visitor: Visitor, desk: ExampleDesk) -> None:
    text = visitor.get("/palette", {"HX-Request": "true"}).text
    for name in ("Release 3", "Dataset 1", "Basic use of the assistant", "Guarantee"):
        assert name in text


def test_console_works_below_another_path(desk: ExampleDesk) -> None:

    outer = Starlette(routes=[Mount("/console", create_console(desk))])
    with TestClient(outer) as client:
        page = client.get("/console/releases").text
    assert 'href="/console/static/console.css"' in page
    assert 'href="/console/loop"' in page and 'href="/loop"' not in page


def test_commands_that_pages_name_exist() -> None:
    templates = Path(console_package.__file__ or "").parent / "templates"
    text = "\n".join(template.read_text() for template in templates.rglob("*.html"))
    named = set(re.findall(r"\bnorthloop ([a-z]+(?: run)?)(?=[ \"<])", text))
    assert {"init", "import", "serve", "doctor", "loop run"} <= named
    for name in named:
        result = CliRunner().invoke(app, [*name.split(), "--help"])
        assert result.exit_code == 0, name


def test_a_reader_who_leaves_the_playground_ends_the_generation_in_a_thread() -> None:
    closed_in: list[str] = []

    def events() -> Generator[str, None, None]:
        try:
            while True:
                yield "data: more\n\n"
        finally:
            closed_in.append(threading.current_thread().name)

    async def reader() -> None:
        stream = closing(events())
        assert await anext(stream)
        await stream.aclose()

    anyio.run(reader)
    assert [name.startswith("AnyIO worker") for name in closed_in] == [True]
