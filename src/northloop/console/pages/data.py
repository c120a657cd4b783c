"""Dataset versions with their cards and rows, and the knowledge base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console import figures
from northloop.console.desk import Desk
from northloop.console.view import View
from northloop.core.conversation import Split
from northloop.core.errors import NotFound
from northloop.stages.data import card as cards

_ROWS = 50
_SAMPLES = 6


@dataclass(frozen=True)
class DataPages:
    """Data cards, rows and documents."""

    desk: Desk
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
        cards = [(dataset, self.desk.data_card(dataset.hash)) for dataset in self.desk.datasets()]
        return self.view.page(
            request,
            "datasets.html",
            {"cards": cards, "documents": len(self.desk.documents())},
        )

    def dataset(self, request: Request) -> Response:
        hash_ = request.path_params["dataset"]
        card = self.desk.data_card(hash_)
        datasets = self.desk.datasets()
        number = next(
            (len(datasets) - i for i, d in enumerate(datasets) if d.hash.startswith(hash_)), 0
        )
        artefact = next((d for d in datasets if d.hash.startswith(hash_)), None)
        if artefact is None:
            raise NotFound("no such dataset version", where=hash_, action="open Data")
        return self.view.page(
            request,
            "dataset.html",
            {
                "number": number,
                "artefact": artefact,
                "card": card,
                "ribbons": figures.flow(card.rows),
                "splits": [(s.value, card.splits.get(s.value, 0)) for s in Split],
                "notices": cards.notices(card),
                "missing": _most_first(card.missing),
                "samples": [(b, a) for b, a in card.samples if b.strip() != a.strip()][:_SAMPLES],
            },
        )

    def rows(self, request: Request) -> Response:
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
                "rows": self.desk.examples(hash_, Split(name), _ROWS),
                "total": self.desk.data_card(hash_).splits.get(name, 0),
            },
        )

    def quarantine(self, request: Request) -> Response:
        hash_ = request.path_params["dataset"]
        return self.view.page(
            request,
            "quarantine.html",
            {
                "dataset": hash_,
                "rows": self.desk.quarantined(hash_, _ROWS),
                "card": self.desk.data_card(hash_),
            },
        )

    def documents(self, request: Request) -> Response:
        return self.view.page(request, "documents.html", {"documents": self.desk.documents()})

    def document(self, request: Request) -> Response:
        name = request.path_params["document"]
        found = next((d for d in self.desk.documents() if d.document_id == name), None)
        if found is None:
            raise NotFound("no such document", where=name, action="it may have been renamed")
        return self.view.page(request, "document.html", {"document": found})


def _most_first(shares: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return what is missing anywhere, the most first."""
    some = [(field, share) for field, share in shares.items() if share > 0]
    return sorted(some, key=lambda pair: -pair[1])
