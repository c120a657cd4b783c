"""The answers that were kept: searched, looked at one by one, and those that reviewers approved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import answers, knowledge, quality, releases, reviews
from northloop.app.answers import AnswersFound, Search
from northloop.console import figures
from northloop.console.evidence import support
from northloop.console.view import Form, Inside, View, is_partial, paths, posted
from northloop.core.clock import now
from northloop.core.errors import InputError
from northloop.core.interaction import Feedback, HandoffReason, Interaction, Origin, Source
from northloop.core.tenants import DEFAULT_TENANT

T = TypeVar("T")
_SHOWN = 50
"""So many approved answers, and disagreements, on a page."""
FIELDS = (
    "words",
    "source",
    "handoff",
    "release",
    "judged",
    "since",
    "until",
    "tenant",
    "customer",
    "conversation",
    "origin",
)
"""What the address of the page may say, besides `after`."""
_SELDOM = ("release", "tenant", "customer", "conversation", "origin")
"""Those behind "More"."""
_KINDS = {
    "Interaction": "questions with their answers",
    "Feedback": "ratings and comments",
    "Outcome": "outcomes of conversations",
    "ReviewItem": "answers drawn for review",
    "Verdict": "verdicts of reviewers",
    "Rejection": "answers kept from being given again",
    "ApprovedAnswer": "approved answers, reworded ones too",
    "Withdrawal": "withdrawals of approved answers",
    "Contact": "conversations as the comparison counts them",
    "Unit": "entries in canaries",
    "ShadowAnswer": "answers that a candidate gave in the shadow",
    "Case": "conversations handed to a person",
    "DeskAct": "replies of agents",
    "Delivery": "replies told to the webhook",
    "Vouched": "confirmations of approved answers",
    "Gold": "answers whose verdict is known",
    "Compared": "comparisons of the semantic cache",
    "Barred": "answers kept from being given to like questions",
}
"""What people call the kinds of records that go with a customer."""
_JUDGED = {"yes": True, "no": False}
_ORIGINS = tuple(origin.value for origin in Origin)


@dataclass(frozen=True)
class AnswerPages:
    """Kept answers and approved answers."""

    view: View

    def routes(self) -> list[Route]:
        one, approved = "/answers/{interaction}", "/answers/approved/{approved}"
        return [
            Route("/answers", self.answers, name="answers"),
            Route("/answers/approved", self.approved, name="approved"),
            Route(f"{approved}/withdraw", posted(self.withdraw), name="withdraw", methods=["POST"]),
            Route(f"{approved}/restore", posted(self.restore), name="restore", methods=["POST"]),
            Route("/answers/forget", self.to_forget, name="to_forget"),
            Route("/answers/forget", posted(self.forget), name="forget", methods=["POST"]),
            Route(one, self.answer, name="answer"),
            Route(f"{one}/feedback", posted(self.feedback), name="feedback", methods=["POST"]),
        ]

    def answers(self, request: Request) -> Response:
        inside = self.view.inside(request)
        asked = {name: request.query_params.get(name, "").strip() for name in FIELDS}
        found = answers.search(*inside, wanted(request.query_params))
        named = {name: value for name, value in asked.items() if value}
        return self.view.page(
            request,
            "answers.html",
            {
                "found": found,
                "asked": asked,
                "named": named,
                "more_open": any(name in named for name in _SELDOM),
                "first": not request.query_params.get("after"),
                "older": urlencode({**named, "after": found.next}) if found.next else "",
                "newest": urlencode(named),
                "customers": _customers(found) if "customer" in named else [],
                "numbers": releases.numbers(*inside),
                "sources": [source.value for source in Source],
                "reasons": [reason.value for reason in HandoffReason],
                "origins": _ORIGINS,
            },
        )

    def approved(self, request: Request) -> Response:
        inside = self.view.inside(request)
        context = {
            "approvals": reviews.approvals(*inside, request.query_params.get("after", ""), _SHOWN),
            "first": not request.query_params.get("after"),
            "disagreements": quality.disagreements(*inside, _SHOWN),
            "shown": _SHOWN,
            "doubted": {one.answer.approved_id for one in knowledge.in_doubt(*inside)},
        }
        return self.view.page(request, "approved.html", context)

    def withdraw(self, request: Request, form: Form) -> Response:
        reviews.withdraw(*self.view.inside(request), request.path_params["approved"])
        page = "documents" if form.text("back") == "documents" else "approved"
        return self.view.go(paths(request)(page), "withdrawn")

    def restore(self, request: Request, _form: Form) -> Response:
        reviews.restore(*self.view.inside(request), request.path_params["approved"])
        return self.view.go(paths(request)("approved"), "restored")

    def answer(self, request: Request) -> Response:
        inside = self.view.inside(request)
        interaction = answers.interaction(*inside, request.path_params["interaction"])
        said = answers.said_before(*inside, interaction)
        return self.view.page(request, "answer.html", {**shown(inside, interaction), "said": said})

    def to_forget(self, request: Request) -> Response:
        """Show what would go and what would stay; nothing goes by looking."""
        tenant = request.query_params.get("tenant", "").strip() or DEFAULT_TENANT
        customer = request.query_params.get("customer", "").strip()
        found = answers.to_forget(*self.view.inside(request), tenant, customer)
        goes = [(_KINDS.get(kind, kind), count) for kind, count in found.goes.items()]
        return self.view.page(request, "forget.html", {"found": found, "goes": goes})

    def forget(self, request: Request, form: Form) -> Response:
        tenant, customer = form.text("tenant"), form.text("customer")
        forgotten = answers.forget(*self.view.inside(request), tenant, customer)
        note = "forgotten" if forgotten.removed else "nothing-forgotten"
        return self.view.go(paths(request)("answers"), note)

    def feedback(self, request: Request, form: Form) -> Response:
        interaction_id = request.path_params["interaction"]
        rating = form.text("rating")
        if rating not in ("1", "-1"):
            raise InputError("a rating is 1 or -1", where="field rating", action="choose one")
        feedback = Feedback(
            feedback_id=uuid.uuid4().hex[:24],
            interaction_id=interaction_id,
            at=now().isoformat(),
            rating=int(rating),
            comment=form.text("comment"),
        )
        answers.add_feedback(*self.view.inside(request), feedback)
        if is_partial(request):
            return self.view.fragment(request, "parts/thanks.html", {"rating": int(rating)})
        return self.view.go(paths(request)("answer", interaction=interaction_id), "thanked")


def _customers(found: AnswersFound) -> list[tuple[str, str]]:
    """Return whose answers were found: tenant and the id that is kept."""
    return sorted({(i.tenant, i.customer_id) for i in found.items if i.customer_id})


def shown(inside: Inside, interaction: Interaction) -> dict[str, object]:
    """Return what the page of an answer shows of it."""
    cited = answers.cited(*inside, interaction)
    return {
        "history": reviews.history(*inside, interaction.interaction_id),
        "gold": quality.marked(*inside, interaction.interaction_id),
        "interaction": interaction,
        "cited": cited,
        "support": support(interaction.judged, [one.passage for one in cited]),
        "bars": figures.waterfall(interaction.trace),
        "number": releases.numbers(*inside).get(interaction.release),
    }


def wanted(address: QueryParams) -> Search:
    """Return what the address of the page asks for; InputError for what there is not."""

    def text(name: str) -> str:
        return address.get(name, "").strip()

    source, handoff = text("source"), text("handoff")
    return Search(
        words=text("words"),
        source=_one_of("source", source, Source) if source else None,
        handoff=_one_of("handoff", handoff, HandoffReason) if handoff else None,
        release=text("release"),
        judged=_JUDGED[_one_of("judged", text("judged"), _JUDGED)] if text("judged") else None,
        since=_day("since", text("since")),
        until=_day("until", text("until"), days=1),
        tenant=text("tenant"),
        customer=text("customer"),
        conversation=text("conversation"),
        origin=Origin(_one_of("origin", text("origin"), _ORIGINS)) if text("origin") else None,
        after=text("after"),
    )


def _one_of(field: str, value: str, known: Iterable[T]) -> T:
    for candidate in known:
        if candidate == value:
            return candidate
    raise InputError(
        f"{value!r} is none of the choices", where=f"field {field}", action="choose one of the list"
    )


def _day(field: str, value: str, days: int = 0) -> str:
    """Return the beginning of the day that is named, so many days on; "" for none."""
    if not value:
        return ""
    try:
        return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{value!r} is no date", where=f"field {field}", action="write it as 2026-11-24"
        ) from error
