"""The playground, where answers stream in with their trace, and the answers that were kept."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from dataclasses import dataclass

import anyio
import msgspec
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from northloop.console import figures
from northloop.console.desk import Desk, SealedRelease
from northloop.console.evidence import support
from northloop.console.security import token_of
from northloop.console.view import Form, View, is_partial, paths, posted, reviewer, told
from northloop.console.words import release_name
from northloop.core.conversation import Message
from northloop.core.errors import InputError, NorthloopError
from northloop.core.ids import Hash
from northloop.core.interaction import WORKING, Feedback, Interaction, Origin, Question
from northloop.stages.serving.answer import MAX_QUESTION_CHARS

_LISTED = 100


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the one or two answers to a question of the playground."""

    answer_id: str
    release: Hash | None
    name: str


@dataclass(frozen=True)
class ServingPages:
    """Playground and answers."""

    desk: Desk
    view: View

    def routes(self) -> list[Route]:
        one = "/answers/{interaction}"
        return [
            Route("/playground", self.playground, name="playground"),
            Route("/playground/ask", posted(self.ask), name="ask", methods=["POST"]),
            Route("/answers", self.answers, name="answers"),
            Route("/answers/approved", self.approved, name="approved"),
            Route(
                "/answers/approved/{approved}/withdraw",
                posted(self.withdraw),
                name="withdraw",
                methods=["POST"],
            ),
            Route(
                "/answers/approved/{approved}/restore",
                posted(self.restore),
                name="restore",
                methods=["POST"],
            ),
            Route(one, self.answer, name="answer"),
            Route(f"{one}/feedback", posted(self.feedback), name="feedback", methods=["POST"]),
        ]

    def playground(self, request: Request) -> Response:
        return self.view.page(
            request,
            "playground.html",
            {
                "releases": self.desk.releases(),
                "asked": request.query_params.get("question", "")[:MAX_QUESTION_CHARS],
                "conversation": uuid.uuid4().hex[:24],
                "longest": MAX_QUESTION_CHARS,
            },
        )

    def ask(self, request: Request, form: Form) -> Response:
        question = _question(form)
        sides = _sides(form, self.desk.releases())
        if not is_partial(request):
            return self._answer_at_once(request, question, sides[0])
        events = self._stream(request, question, sides)
        return StreamingResponse(closing(events), media_type="text/event-stream")

    def answers(self, request: Request) -> Response:
        return self.view.page(
            request,
            "answers.html",
            {
                "answers": self.desk.interactions(_LISTED),
                "numbers": self._numbers(),
                "listed": _LISTED,
            },
        )

    def approved(self, request: Request) -> Response:
        context = {"approvals": self.desk.approvals(), "disagreements": self.desk.disagreements()}
        return self.view.page(request, "approved.html", context)

    def withdraw(self, request: Request, _form: Form) -> Response:
        self.desk.withdraw(request.path_params["approved"], reviewer(request))
        return self.view.go(paths(request)("approved"), "withdrawn")

    def restore(self, request: Request, _form: Form) -> Response:
        self.desk.restore(request.path_params["approved"])
        return self.view.go(paths(request)("approved"), "restored")

    def answer(self, request: Request) -> Response:
        interaction = self.desk.interaction(request.path_params["interaction"])
        return self.view.page(request, "answer.html", self._told(interaction))

    def feedback(self, request: Request, form: Form) -> Response:
        interaction_id = request.path_params["interaction"]
        rating = form.text("rating")
        if rating not in ("1", "-1"):
            raise InputError("a rating is 1 or -1", where="field rating", action="choose one")
        self.desk.add_feedback(
            Feedback(
                feedback_id=uuid.uuid4().hex[:24],
                interaction_id=interaction_id,
                at=self.view.now().isoformat(),
                rating=int(rating),
                comment=form.text("comment"),
            )
        )
        if is_partial(request):
            return self.view.fragment(request, "parts/thanks.html", {"rating": int(rating)})
        return self.view.go(paths(request)("answer", interaction=interaction_id), "thanked")

    def _answer_at_once(self, request: Request, question: Question, side: Side) -> Response:
        """Without scripts: wait for the whole answer, then show its page."""
        asked = msgspec.structs.replace(question, interaction_id=side.answer_id)
        for _ in self.desk.ask(asked, side.release):
            pass
        target = paths(request)("answer", interaction=side.answer_id)
        return RedirectResponse(target, status_code=303)

    def _stream(
        self, request: Request, question: Question, sides: Sequence[Side]
    ) -> Generator[str, None, None]:
        """Yield server-sent events whose data are pieces of HTML and where they go."""
        head = {"question": question.text, "sides": sides}
        yield _event(self.view.text(request, "parts/turn.html", head))
        for place, side in enumerate(sides):
            asked = msgspec.structs.replace(question, interaction_id=side.answer_id)
            try:
                yield from self._stream_side(request, asked, side, remember=place == 0)
            except NorthloopError as error:
                context = {"error": told(request, error), "side": side}
                yield _event(self.view.text(request, "parts/turn_failed.html", context))

    def _stream_side(
        self, request: Request, question: Question, side: Side, *, remember: bool
    ) -> Iterator[str]:
        for piece in self.desk.ask(question, side.release):
            if piece == WORKING:
                continue
            if isinstance(piece, str):
                context: dict[str, object] = {"piece": piece, "side": side}
                yield _event(self.view.text(request, "parts/piece.html", context))
                continue
            done = {
                **self._told(piece),
                "token": token_of(request),
                "side": side,
                "turns": _remembered(question, piece) if remember else [],
            }
            yield _event(self.view.text(request, "parts/turn_done.html", done))

    def _told(self, interaction: Interaction) -> dict[str, object]:
        passages = self.desk.passages(interaction)
        return {
            "verdicts": self.desk.verdicts_on(interaction.interaction_id),
            "interaction": interaction,
            "passages": passages,
            "support": support(interaction.judged, passages),
            "bars": figures.waterfall(interaction.trace),
            "number": self._numbers().get(interaction.release),
        }

    def _numbers(self) -> dict[Hash, int]:
        return {r.artefact.hash: r.number for r in self.desk.releases()}


def _question(form: Form) -> Question:
    text = form.text("question")
    if not text:
        raise InputError("there is no question", where="field question", action="write one")
    if len(text) > MAX_QUESTION_CHARS:
        raise InputError(
            f"the question is longer than {MAX_QUESTION_CHARS:,} characters",
            where="field question",
            action="shorten it",
        )
    try:
        earlier = tuple(msgspec.json.decode(turn, type=Message) for turn in form.texts("turn"))
    except msgspec.DecodeError as error:
        raise InputError(
            "the conversation so far cannot be read", where="field turn", action="start a new one"
        ) from error
    return Question(
        interaction_id="",
        messages=(*earlier, Message("user", text)),
        conversation_id=form.text("conversation"),
        origin=Origin.PLAYGROUND,
    )


def _sides(form: Form, releases: Sequence[SealedRelease]) -> list[Side]:
    names = {r.artefact.hash: release_name(r.number) for r in releases}
    wanted = [form.text("release"), *([form.text("beside")] if form.text("beside") else [])]
    return [
        Side(
            answer_id=uuid.uuid4().hex[:24],
            release=hash_ or None,
            name=names.get(hash_, "Live release"),
        )
        for hash_ in wanted
    ]


def _remembered(question: Question, interaction: Interaction) -> list[str]:
    """Return the two new turns as the form sends them back with the next question."""
    turns = (Message("user", question.text), Message("assistant", interaction.answer))
    return [msgspec.json.encode(turn).decode() for turn in turns]


async def closing(events: Generator[str, None, None]) -> AsyncIterator[str]:
    """Yield the events; when the reader goes away, end the generation at once."""
    try:
        async for event in iterate_in_threadpool(events):
            yield event
    finally:
        # It waits for the engine, which the event loop must not.
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(events.close)


def _event(html: str) -> str:
    return "".join(f"data: {line}\n" for line in html.split("\n")) + "\n"
