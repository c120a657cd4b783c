"""The playground: a question is put to one release, or to two, and the answer streams in."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

import anyio
import msgspec
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from northloop.app import answers, knowledge, languages, releases
from northloop.app.answers import MAX_QUESTION_CHARS
from northloop.app.releases import SealedRelease
from northloop.console.pages.answers import shown
from northloop.console.security import token_of
from northloop.console.view import Form, View, is_partial, paths, posted, told
from northloop.console.words import release_name
from northloop.core.conversation import Document, Message
from northloop.core.decoding import decoded
from northloop.core.errors import InputError, NorthloopError
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Origin, Pause, Question

FOR_A_PERSON: Mapping[str, str] = {
    "English": "I want to speak to a person.",
    "German": "Ich möchte mit einem Menschen sprechen.",
    "French": "Je voudrais parler à une personne.",
    "Spanish": "Quiero hablar con una persona.",
    "Italian": "Vorrei parlare con una persona.",
    "Portuguese": "Quero falar com uma pessoa.",
    "Dutch": "Ik wil graag een medewerker spreken.",
    "Polish": "Chcę rozmawiać z człowiekiem.",
    "Swedish": "Jag vill prata med en människa.",
    "Japanese": "担当者と話したいです。",
    "Chinese": "我想和人工客服说话。",
}
"""Asks for a person, by the language of the house."""
_QUESTION = re.compile(r"^(?:#{1,6} |\*\*)\s*(.{10,80}?[?？])\s*(?:\*\*|#*)\s*$", re.MULTILINE)
"""A heading, or a line in bold, that asks."""
MAX_TITLE_CHARS = 80
"""What is longer is no title that anybody would ask for."""
_ASKED = 2


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the one or two answers to a question."""

    answer_id: str
    release: Hash | None
    name: str


@dataclass(frozen=True)
class PlaygroundPages:
    """The playground."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/playground", self.playground, name="playground"),
            Route("/playground/ask", posted(self.ask), name="ask", methods=["POST"]),
        ]

    def playground(self, request: Request) -> Response:
        return self.view.page(
            request,
            "playground.html",
            {
                "releases": releases.releases(*self.view.inside(request)),
                "asked": request.query_params.get("question", "")[:MAX_QUESTION_CHARS],
                "conversation": uuid.uuid4().hex[:24],
                "longest": MAX_QUESTION_CHARS,
                "tries": self._tries(request),
            },
        )

    def _tries(self, request: Request) -> tuple[str, ...]:
        inside = self.view.inside(request)
        language = languages.house(*inside)
        try:
            return tries(knowledge.documents(*inside), language)
        except InputError:
            return tries((), language)

    def ask(self, request: Request, form: Form) -> Response:
        question = _question(form)
        sides = _sides(form, releases.releases(*self.view.inside(request)))
        if not is_partial(request):
            return self._answer_at_once(request, question, sides[0])
        events = self._stream(request, question, sides)
        return StreamingResponse(closing(events), media_type="text/event-stream")

    def _answer_at_once(self, request: Request, question: Question, side: Side) -> Response:
        """Without scripts: wait for the whole answer, then show its page."""
        asked = msgspec.structs.replace(question, interaction_id=side.answer_id)
        for _ in answers.ask(*self.view.inside(request), asked, side.release):
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
        inside = self.view.inside(request)
        for piece in answers.ask(*inside, question, side.release):
            if isinstance(piece, Pause):
                yield ""  # nothing to show, but a place to stop at
                continue
            if isinstance(piece, str):
                context: dict[str, object] = {"piece": piece, "side": side}
                yield _event(self.view.text(request, "parts/piece.html", context))
                continue
            done = {
                **shown(inside, piece),
                "token": token_of(request),
                "side": side,
                "turns": _remembered(question, piece) if remember else [],
            }
            yield _event(self.view.text(request, "parts/turn_done.html", done))


def tries(documents: Sequence[Document], language: str) -> tuple[str, ...]:
    """Return questions to begin with: headings of the documents that ask, else their titles, those
    in the language of the house first."""
    headings = (_QUESTION.search(document.text) for document in documents)
    asking = [found[1] for found in headings if found]
    titles = [one.title for one in documents if len(one.title) <= MAX_TITLE_CHARS]
    offered = languages.before_others(language, dict.fromkeys([*asking, *titles]))
    return (*offered[:_ASKED], FOR_A_PERSON.get(language, FOR_A_PERSON["English"]))


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
        earlier = tuple(decoded(turn, Message) for turn in form.texts("turn"))
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


def _sides(form: Form, all_: Sequence[SealedRelease]) -> list[Side]:
    names = {r.artefact.hash: release_name(r.number) for r in all_}
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
    taken = _OneAtATime(events)
    try:
        async for event in iterate_in_threadpool(taken):
            yield event
    finally:
        # It waits for the engine, which the event loop must not.
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(taken.close)


class _OneAtATime:
    """A generator that is closed when the piece it is at is there: a reader may leave before."""

    def __init__(self, events: Generator[str, None, None]) -> None:
        self._events = events
        self._turn = threading.Lock()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        with self._turn:
            return next(self._events)

    def close(self) -> None:
        with self._turn:
            self._events.close()


def _event(html: str) -> str:
    return "".join(f"data: {line}\n" for line in html.split("\n")) + "\n"
