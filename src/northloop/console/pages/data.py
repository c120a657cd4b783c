"""Dataset versions with their cards and rows, and the knowledge base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import intake, knowledge
from northloop.console import figures
from northloop.console.view import Inside, View
from northloop.core.conversation import Document, Split
from northloop.core.errors import InputError, NotFound

_ROWS = 50
_SAMPLES = 6


@dataclass(frozen=True)
class DataPages:
    """Data cards, rows and documents."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/data", self.datasets, name="data"),
            Route("/data/{dataset}", self.dataset, name="dataset"),
            Route("/data/{dataset}/quarantine", self.quarantine, name="quarantine"),
            Route("/data/{dataset}/{split}", self.rows, name="rows"),
            Route("/documents", self.documents, name="documents"),
            Route("/documents/{document:path}", self.document, name="document"),
        ]

    def datasets(self, request: Request) -> Response:
        inside = self.view.inside(request)
        cards = [(d, intake.data_card(*inside, d.hash)) for d in intake.datasets(*inside)]
        context = {"cards": cards, "documents": len(documents(inside))}
        return self.view.page(request, "datasets.html", context)

    def dataset(self, request: Request) -> Response:
        inside, hash_ = self.view.inside(request), request.path_params["dataset"]
        all_ = intake.datasets(*inside)
        place = next((i for i, d in enumerate(all_) if d.hash.startswith(hash_)), None)
        if place is None:
            raise NotFound("no such dataset version", where=hash_, action="open Data")
        artefact, number = all_[place], len(all_) - place
        card = intake.data_card(*inside, artefact.hash)
        return self.view.page(
            request,
            "dataset.html",
            {
                "number": number,
                "artefact": artefact,
                "card": card,
                "ribbons": figures.flow(card.rows),
                "splits": [(s.value, card.splits.get(s.value, 0)) for s in Split],
                "notices": intake.card_notices(card),
                "missing": _most_first(card.missing),
                "samples": [(b, a) for b, a in card.samples if b.strip() != a.strip()][:_SAMPLES],
            },
        )

    def rows(self, request: Request) -> Response:
        inside = self.view.inside(request)
        hash_, name = request.path_params["dataset"], request.path_params["split"]
        if name not in tuple(Split):
            raise NotFound(f"no split is called {name}", action="choose train, validation or test")
        return self.view.page(
            request,
            "rows.html",
            {
                "dataset": hash_,
                "split": name,
                "splits": [split.value for split in Split],
                "rows": intake.examples(*inside, hash_, Split(name), _ROWS),
                "total": intake.data_card(*inside, hash_).splits.get(name, 0),
            },
        )

    def quarantine(self, request: Request) -> Response:
        inside, hash_ = self.view.inside(request), request.path_params["dataset"]
        return self.view.page(
            request,
            "quarantine.html",
            {
                "dataset": hash_,
                "rows": intake.quarantined(*inside, hash_, _ROWS),
                "card": intake.data_card(*inside, hash_),
            },
        )

    def documents(self, request: Request) -> Response:
        found, trouble = _read(self.view.inside(request))
        context = {"documents": found, "trouble": trouble}
        return self.view.page(request, "documents.html", context)

    def document(self, request: Request) -> Response:
        name = request.path_params["document"]
        found = next(
            (d for d in documents(self.view.inside(request)) if d.document_id == name), None
        )
        if found is None:
            raise NotFound("no such document", where=name, action="it may have been renamed")
        return self.view.page(request, "document.html", {"document": found})


def documents(inside: Inside) -> Sequence[Document]:
    """Return the articles that can be read; () where there is no folder of them."""
    return _read(inside)[0]


def _read(inside: Inside) -> tuple[Sequence[Document], str]:
    """Return the articles, and what keeps them from being read."""
    try:
        return knowledge.documents(*inside), ""
    except InputError as error:
        return (), error.what


def _most_first(shares: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return what is missing anywhere, the most first."""
    some = [(field, share) for field, share in shares.items() if share > 0]
    return sorted(some, key=lambda pair: -pair[1])
