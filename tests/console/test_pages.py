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
import time_machine
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from typer.testing import CliRunner

import northloop.console as console_package
from console.client import Visitor
from console.look import PAGES as EVERYWHERE
from console.look import (
    dataset,
    deep_pages,
    newest,
    proposals,
    release_pages,
    releases,
    running,
    waiting,
)
from northloop.app import reviews
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.main import app
from northloop.console import create_console
from northloop.console.pages.playground import closing
from northloop.core.actor import team
from northloop.core.ids import Hash
from northloop.core.interaction import (
    Feedback,
    Interaction,
    Origin,
    Proposal,
    ProposalState,
    SkipReason,
    Verdict,
    VerdictKind,
)
from northloop.core.treatment import Mode
from northloop.loop import promote
from northloop.stages.monitoring.decided import Decided
from scripted_workspace import with_release
from seeded import NOW, SeededWorkspace

PAGES = (*EVERYWHERE, "/desk", "/alerts", "/palette")
EMPTY = {
    "/objective": "northloop init",
    "/data": "northloop import tickets.csv",
    "/documents": "northloop doctor",
    "/training": "northloop loop run",
    "/releases": "northloop loop run",
    "/playground": "northloop loop run",
    "/answers": "northloop serve",
    "/answers/approved": "No approved answers yet",
    "/desk": "Nobody waits",
    "/review": "Nothing to review yet",
    "/loop": "Nothing waits for a decision",
    "/": "Set the objective",
}
QUESTION = "How do I look after leather boots after a muddy walk?"


@pytest.mark.parametrize("path", PAGES)
def test_page_answers_within_the_frame(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert '<main id="main"' in answer.text and "larkfell" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_pages_below_answer(visitor: Visitor, shop: SeededWorkspace) -> None:
    for path in deep_pages(shop):
        assert visitor.get(path).status_code == 200, path


@pytest.mark.parametrize(("path", "taught"), EMPTY.items())
def test_empty_page_teaches(newcomer: Visitor, path: str, taught: str) -> None:
    answer = newcomer.get(path)
    assert answer.status_code == 200
    assert taught in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/data/ffff",
        "/training/none",
        "/releases/none",
        "/answers/none",
        "/desk/none",
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
    home = " ".join(unescape(visitor.get("/").text).split())
    assert re.search(r"\d\.\d+ h(ours)? .*\([\d.]+–[\d.]+\), \d+ tickets, 30 days from", home)
    assert re.search(
        r"\d+ %</strong> of what release \d+ sends is right \(\d+–\d+\), "
        r"from \d+ reviews of \d+ answers",
        home.replace("\N{NARROW NO-BREAK SPACE}", " "),
    )


def test_data_card_balances(visitor: Visitor, shop: SeededWorkspace) -> None:
    page = visitor.get(f"/data/{dataset(shop)}").text
    found = re.search(
        r"([\d,]+) = ([\d,]+) kept \+ ([\d,]+) merged \(.*\) \+ ([\d,]+) quarantined", page
    )
    assert found
    rows, *parts = (int(text.replace(",", "")) for text in found.groups())
    assert rows == sum(parts) and all(parts)


def test_data_card_says_how_near_the_test_comes_to_what_is_learnt(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    page = visitor.get(f"/data/{dataset(shop)}").text
    assert "Nearest training rows" in page and "With the same words as a training row" in page
    test = visitor.get(f"/data/{dataset(shop)}/test").text
    assert "Nearest training row</th>" in test and re.search(r"\d\.\d\d alike", test)
    train = visitor.get(f"/data/{dataset(shop)}/train").text
    assert "Nearest training row" not in train and ">retired<" not in train


def test_release_shows_evidence_and_what_changed(visitor: Visitor, shop: SeededWorkspace) -> None:
    page = visitor.get(release_pages(shop)["refused"]).text
    assert "<strong>Refused:</strong> Wrong answers may be worse" in page
    assert page.count('class="interval') >= 3
    assert page.count('class="changed"') >= 1
    assert re.search(r"confidence [\d.]+; of 20 validation questions \d+ answered right", page)
    assert "Promote release" not in page and "Roll back to" not in page


def test_roll_back_is_offered_and_done_and_can_be_undone(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    found = releases(shop)
    page = f"/releases/{found['before']}"
    assert "Roll back to release 1" in visitor.get(page).text
    done = visitor.post(f"{page}/roll-back")
    assert done.status_code == 303 and "note=rolled-back" in done.headers["location"]
    assert promote.live(shop.records) == found["before"]
    assert "Rolled back" in visitor.get(done.headers["location"]).text
    assert "Roll back to release 2" in visitor.get(f"/releases/{found['live']}").text


def test_refused_release_cannot_be_promoted(visitor: Visitor, shop: SeededWorkspace) -> None:
    found = releases(shop)
    answer = visitor.post(f"/releases/{found['refused']}/promote")
    assert answer.status_code == 409
    assert "Refused: wrong may be worse" in answer.text
    assert promote.live(shop.records) == found["live"]


def test_ready_release_is_promoted(visitor: Visitor, shop: SeededWorkspace) -> None:
    found = releases(shop)
    assert visitor.post(f"/releases/{found['ready']}/promote").status_code == 303
    assert promote.live(shop.records) == found["ready"]


def decide(shop: SeededWorkspace, release: Hash, numbers: range) -> None:
    """People find so many quotes of a release right."""
    for number in numbers:
        shop.records.add(
            Decided(
                interaction_id=f"decided{number}",
                release=release,
                at=f"2026-11-01T00:00:{number:02}Z",
                treatment="quote",
                sure=0.9,
                right=True,
                distinct=f"q{number}",
            )
        )


def test_home_tells_how_far_each_treatment_is_certified(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    live = releases(shop)["live"]
    serving = msgspec.structs.replace(shop.settings.serving, mode=Mode.CERTIFIED)
    shop.settings = msgspec.structs.replace(shop.settings, serving=serving)
    decide(shop, live, range(12))
    page = " ".join(visitor.get("/").text.split())
    assert "12 of 12 decisions right; at least 33 more are needed" in page
    assert "nothing yet" in page
    decide(shop, live, range(12, 60))
    page = " ".join(visitor.get("/").text.split())
    assert "60 of 60 decisions right; 0 of 60 wrong from a sureness of 0" in page
    assert "of its questions" in page


def test_a_release_that_sends_less_is_promoted_where_somebody_says_so(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    found = releases(shop)
    serving = msgspec.structs.replace(shop.settings.serving, mode=Mode.CERTIFIED)
    shop.settings = msgspec.structs.replace(shop.settings, serving=serving)
    page = f"/releases/{found['ready']}"
    assert "Also if customers are sent less at first" in visitor.get(page).text
    decide(shop, found["live"], range(60))
    answer = visitor.post(f"{page}/promote")
    assert answer.status_code == 409
    assert "Customers would be sent less" in answer.text
    assert visitor.post(f"{page}/promote", {"anyway": "yes"}).status_code == 303
    assert promote.live(shop.records) == found["ready"]


def test_proposal_is_approved_and_followed(visitor: Visitor, shop: SeededWorkspace) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert go_on.wait(20)

    shop.held = hold
    proposal = proposals(shop)[0]
    assert "Approve and train" in visitor.get("/loop").text
    assert visitor.post(f"/loop/{proposal.proposal_id}/approve").status_code == 303
    try:
        assert begun.wait(20)
        page = visitor.get("/loop").text
        assert "Turning now" in page and 'hx-get="/loop/live"' in page
        assert 'class="now"' in visitor.get("/loop/live").text
        assert visitor.post(f"/loop/{proposal.proposal_id}/approve").status_code == 422
    finally:
        go_on.set()
    deadline = time.monotonic() + 30
    while proposals(shop)[0].state is ProposalState.RUNNING and time.monotonic() < deadline:
        time.sleep(0.05)
    assert proposals(shop)[0].state in (ProposalState.READY, ProposalState.REFUSED)


def test_proposal_is_rejected_and_another_made(visitor: Visitor, shop: SeededWorkspace) -> None:
    before = proposals(shop)[0]
    visitor.post("/loop/propose")
    assert proposals(shop)[0] == before, "while one is open there is no second one"
    visitor.post(f"/loop/{before.proposal_id}/reject")
    assert proposals(shop)[0].state is ProposalState.REJECTED
    assert visitor.post("/loop/propose").status_code == 303
    assert proposals(shop)[0].state is ProposalState.OPEN


def test_next_answer_is_none_that_is_shown_or_on_its_way(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    first, *others, wanted = waiting(shop)[:6]
    fields: dict[str, str | list[str]] = {"kind": "correct", "shown": others}
    after = visitor.post(f"/review/{first}/verdict", fields, partial=True).text
    assert f'data-review="{wanted}"' in after
    assert not any(review in after for review in others)


def test_review_is_kept_without_scripts(visitor: Visitor, shop: SeededWorkspace) -> None:
    review = waiting(shop)[0]
    visitor.post("/settings/name", {"name": "Åse Lindqvist"})
    done = visitor.post(
        f"/review/{review}/verdict",
        {"kind": "incorrect", "correction": "Within 45 days.", "reason": "wrong date",
         "intent": "returns"},
    )  # fmt: skip
    assert done.status_code == 303
    verdict = newest(shop, Verdict)
    assert verdict.review_id == review and verdict.kind is VerdictKind.INCORRECT
    assert (verdict.correction, verdict.reason) == ("Within 45 days.", "wrong date")
    assert verdict.intent == "returns"
    assert verdict.reviewer == "Åse Lindqvist"


def test_unchanged_answer_is_no_correction(visitor: Visitor, shop: SeededWorkspace) -> None:
    review = waiting(shop)[0]
    answer = reviews.context(shop, team(), review).interaction.answer
    fields = {"kind": "incorrect", "answer": answer, "correction": answer}
    visitor.post(f"/review/{review}/verdict", fields)
    assert newest(shop, Verdict).review_id == review
    assert newest(shop, Verdict).correction == ""


def test_review_by_script_brings_the_one_after_next(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    first, second, third = waiting(shop)[:3]
    answer = visitor.post(
        f"/review/{first}/verdict", {"kind": "correct", "shown": second}, partial=True
    )
    verdict = newest(shop, Verdict).verdict_id
    assert f'data-review="{third}"' in answer.text
    assert f'data-verdict="{verdict}"' in answer.text
    undone = visitor.post(f"/review/undo/{verdict}", partial=True)
    assert f'data-review="{first}"' in undone.text
    assert newest(shop, Verdict).verdict_id != verdict


def test_skip_is_kept_as_such(visitor: Visitor, shop: SeededWorkspace) -> None:
    review = waiting(shop)[0]
    visitor.post(f"/review/{review}/verdict", {"skip": "cannot_tell", "reason": "typed by mistake"})
    verdict = newest(shop, Verdict)
    assert verdict.review_id == review and verdict.skipped and verdict.reason == ""
    assert verdict.skip is SkipReason.CANNOT_TELL
    assert review in waiting(shop), "for somebody else"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "No verdict was chosen"),
        ({"kind": "splendid"}, "No verdict was chosen"),
        ({"skip": "yes"}, "No such reason"),
        ({"kind": "needs_rephrasing"}, "needs the better phrase"),
    ],
)
def test_bad_verdict_is_refused(
    visitor: Visitor, shop: SeededWorkspace, fields: dict[str, str], said: str
) -> None:
    before = newest(shop, Verdict)
    answer = visitor.post(f"/review/{waiting(shop)[0]}/verdict", fields, partial=True)
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#notices"
    assert said in answer.text and newest(shop, Verdict) == before


def test_question_without_scripts_shows_the_kept_answer(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    done = visitor.post("/playground/ask", {"question": QUESTION})
    kept = newest(shop, Interaction)
    assert done.headers["location"] == f"/answers/{kept.interaction_id}"
    assert kept.question == QUESTION and kept.origin is Origin.PLAYGROUND


def test_answer_streams_with_trace_and_the_turns_of_the_conversation(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    answer = visitor.post("/playground/ask", {"question": QUESTION}, partial=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = answer.text.strip().split("\n\n")
    assert QUESTION in events[0]
    pieces = [event for event in events if "<span>" in event and "beforeend" in event]
    said = newest(shop, Interaction).answer
    assert "".join(re.findall(r"<span>(.*?)</span>", unescape("".join(pieces)))) == said
    assert "nothing sensitive" in events[-1] and 'name="turn"' in events[-1]
    assert all(line.startswith("data: ") for event in events for line in event.split("\n"))


def test_two_releases_answer_side_by_side(visitor: Visitor, shop: SeededWorkspace) -> None:
    one, two = releases(shop)["live"], releases(shop)["before"]
    fields = {"question": "boots?", "release": one, "beside": two}
    text = visitor.post("/playground/ask", fields, partial=True).text
    assert "Release 2</h3>" in text and "Release 1</h3>" in text
    assert [i.release for i in shop.records.query(Interaction, newest=True, limit=2).rows] == [
        two,
        one,
    ]


def test_conversation_goes_on(visitor: Visitor) -> None:
    turns = ['{"role":"user","content":"boots?"}', '{"role":"assistant","content":"yes"}']
    fields: dict[str, str | list[str]] = {"question": "and tents?", "turn": turns}
    assert visitor.post("/playground/ask", fields, partial=True).status_code == 200
    broken = visitor.post("/playground/ask", {"question": "x", "turn": "{"}, partial=True)
    assert broken.status_code == 422


@pytest.mark.parametrize("question", ["", "   ", "x" * 4001])
def test_impossible_question_is_refused(visitor: Visitor, question: str) -> None:
    answer = visitor.post("/playground/ask", {"question": question}, partial=True)
    assert answer.status_code == 422 and "field question" in answer.text


def test_feedback_is_kept(visitor: Visitor, shop: SeededWorkspace) -> None:
    interaction = newest(shop, Interaction).interaction_id
    before = shop.records.count(Feedback)
    assert visitor.post(f"/answers/{interaction}/feedback", {"rating": "-1"}).status_code == 303
    kept = newest(shop, Feedback)
    assert (kept.interaction_id, kept.rating) == (interaction, -1)
    refused = visitor.post(f"/answers/{interaction}/feedback", {"rating": "5"}, partial=True)
    assert refused.status_code == 422 and shop.records.count(Feedback) == before + 1


def test_exercise_and_quiz_are_checked(visitor: Visitor) -> None:
    asked = "/lessons/basic-use/exercise"
    missing = visitor.post(asked, {"question": "astronaut on Jupiter"}, partial=True).text
    assert "Not yet." in missing
    found = visitor.post(asked, {"question": "How long do I have to send boots back?"}).text
    assert "Done." in found and '<main id="main"' in found
    choices = {f"q{i}": "0" for i in range(9)}
    graded = visitor.post("/lessons/basic-use/quiz", choices, partial=True).text
    assert re.search(r"\d of \d right", graded)


def test_answer_is_judged_in_a_lesson_without_scripts(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    exercise = "/lessons/giving-feedback/exercise"
    asked = visitor.post(exercise, {"question": "Can I return worn boots?"}).text
    kept = newest(shop, Interaction)
    assert kept.origin is Origin.LESSON and kept.question == "Can I return worn boots?"
    assert f'name="interaction" value="{kept.interaction_id}"' in asked
    assert "Check my verdict" in asked and "Not yet." not in asked
    fields = {"interaction": kept.interaction_id, "kind": "incorrect", "correction": "Only unworn."}
    wordless = visitor.post(exercise, fields).text
    assert "Not yet." in wordless and "Only unworn.</textarea>" in wordless
    assert 'value="incorrect" required checked' in wordless
    assert newest(shop, Interaction) == kept, "what is judged is not asked again"


def _stands(shop: SeededWorkspace, state: ProposalState) -> Proposal:
    """Let the open proposal stand as it would after that."""
    moved = msgspec.structs.replace(proposals(shop)[0], state=state)
    shop.records.replace(moved)
    return moved


def test_failed_turn_is_seen_and_can_be_carried_on(visitor: Visitor, shop: SeededWorkspace) -> None:
    _stands(shop, ProposalState.FAILED)
    assert "A turn failed" in visitor.get("/").text
    loop = visitor.get("/loop").text
    assert "<h2>Failed</h2>" in loop and "Carry on" in loop


def test_a_release_that_passed_the_gate_waits_for_a_person(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    home, loop = visitor.get("/").text, visitor.get("/loop").text
    page = visitor.get(release_pages(shop)["ready"])
    assert "<strong>Release 4</strong> passed the gate: promote it or not" in home
    assert "Release 4 passed the gate" in loop and "Do not promote" in loop
    assert "Turning now" not in loop
    assert "Promote release 4" in page.text
    assert "Answers and drafts to test questions" in page.text
    received = page.text.partition("Answers and drafts to test questions")[2].partition("</table>")[
        0
    ]
    assert received.count('data-label="Wrong"') == 2
    assert ">ready</span>" in visitor.get("/releases").text


def test_a_release_that_waits_is_declined_on_its_page(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    release = release_pages(shop)["ready"]
    ready = next(p for p in proposals(shop) if p.state is ProposalState.READY)
    reject = f"/loop/{ready.proposal_id}/reject"
    page = visitor.get(release).text
    assert f'action="{reject}"' in page and "Do not promote" in page
    assert visitor.post(reject).status_code == 303
    after = visitor.get(release).text
    assert shop.records.get(Proposal, ready.proposal_id).state is ProposalState.REJECTED
    assert "Do not promote" not in after and "Promote release 4" not in after


def test_a_release_that_was_overtaken_cannot_be_promoted(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    visitor.post(f"/releases/{releases(shop)['before']}/roll-back")
    page, loop = visitor.get(release_pages(shop)["ready"]).text, visitor.get("/loop").text
    assert "Promote release 4" not in page
    assert "another release is live than the one it was compared with" in page
    assert ">outdated</span>" in loop


@pytest.mark.parametrize(
    ("state", "seen", "said"),
    [
        (
            ProposalState.RUNNING,
            "A turn was interrupted",
            "Interrupted: no process is at it any more.",
        ),
        (ProposalState.APPROVED, "has not begun", "Approved, and not begun."),
    ],
)
def test_a_turn_that_nobody_is_at_is_not_said_to_go_on(
    visitor: Visitor, shop: SeededWorkspace, state: ProposalState, seen: str, said: str
) -> None:
    _stands(shop, state)
    home, loop = visitor.get("/").text, visitor.get("/loop").text
    assert "Turning now" not in loop and said in loop and "Carry on" in loop
    assert seen in home


def test_diagnostics_are_marked(visitor: Visitor, shop: SeededWorkspace) -> None:
    page = visitor.get(release_pages(shop)["live"]).text
    assert "shown only" in page
    scores = page.partition("On unseen questions")[2]
    marked = 'Perplexity <span class="soft">diagnostic</span>'
    assert marked in scores and scores.count(">diagnostic</span>") >= 2, "and intent F1"


def test_history_before_the_assistant_is_no_effect_of_it(visitor: Visitor, tmp_path: Path) -> None:
    for page in ("/", "/objective"):
        found = visitor.get(page).text
        assert "Before and after" in found
        assert "of the way" in found and "whatever it was that changed it" in found
    with time_machine.travel(NOW, tick=False):
        young = with_release(tmp_path / "young", rows=300)
    with Visitor(young) as before:
        for page in ("/", "/objective"):
            found = before.get(page).text
            assert "before the assistant went live on 24 Nov 2026" in found
            assert "proven" not in found and "of the way" not in found
    young.close()


def test_what_the_assistant_changed_is_told_against_customers_held_out(visitor: Visitor) -> None:
    page = visitor.get("/objective").text
    section = page.partition("What the assistant changed")[2].partition("Five whys")[0]
    assert "of a typical contact (geometric mean) is proven to be better" in section
    assert "that it reaches the target is not proven yet" in section
    for title in ("Settled by the assistant alone", "End not known", "Held out so far"):
        assert title in section
    assert section.count("<polyline") == 2
    guarded = page.partition("What must not suffer")[2].partition("How it is measured")[0]
    assert "CSAT" in guarded and "too few yet" not in guarded
    assert "of the customers, drawn by chance, are answered by people alone" in page
    assert "Against customers held out" in visitor.get("/").text


def test_live_run_sends_its_curve_and_stops_asking_when_done(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    live = visitor.get(f"/training/{running(shop)}/live").text
    assert 'hx-trigger="every 2s"' in live and 'hx-target="#curve-rows"' in live
    done = visitor.get(f"/training/{releases(shop)['adapter']}/live").text
    assert "hx-trigger" not in done


def test_palette_lists_everything(visitor: Visitor) -> None:
    text = visitor.get("/palette", {"HX-Request": "true"}).text
    for name in ("Release 3", "Dataset 1", "Working with the assistant", "Guarantee"):
        assert name.casefold() in text.casefold()


def test_console_works_below_another_path(shop: SeededWorkspace) -> None:
    outer = Starlette(routes=[Mount("/console", create_console(LazyWorkspace.of(shop)))])
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
