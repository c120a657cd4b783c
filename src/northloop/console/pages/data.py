"""Dataset versions with their cards and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import datasets, intake, knowledge
from northloop.console import figures
from northloop.console.view import View
from northloop.core.artefacts import DataCard
from northloop.core.conversation import Split
from northloop.core.errors import NotFound

_ROWS = 50
_SPLITS = (Split.TRAIN, Split.VALIDATION, Split.TEST)
_SAMPLES = 6


@dataclass(frozen=True)
class DataPages:
    """Data cards and rows."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/data", self.datasets, name="data"),
            Route("/data/{dataset}", self.dataset, name="dataset"),
            Route("/data/{dataset}/quarantine", self.quarantine, name="quarantine"),
            Route("/data/{dataset}/{split}", self.rows, name="rows"),
        ]

    def datasets(self, request: Request) -> Response:
        inside = self.view.inside(request)
        cards = [(d, datasets.card(*inside, d.hash)) for d in datasets.versions(*inside)]
        return self.view.page(request, "datasets.html", {"cards": cards})

    def dataset(self, request: Request) -> Response:
        inside, hash_ = self.view.inside(request), request.path_params["dataset"]
        all_ = datasets.versions(*inside)
        place = next((i for i, d in enumerate(all_) if d.hash.startswith(hash_)), None)
        if place is None:
            raise NotFound("no such dataset version", where=hash_, action="open Data")
        artefact, number = all_[place], len(all_) - place
        card = datasets.card(*inside, artefact.hash)
        return self.view.page(
            request,
            "dataset.html",
            {
                "number": number,
                "artefact": artefact,
                "card": card,
                "ribbons": figures.flow(card.rows),
                "splits": _sizes(card),
                "notices": intake.card_notices(card),
                "missing": _most_first(card.missing),
                "samples": [(b, a) for b, a in card.samples if b.strip() != a.strip()][:_SAMPLES],
            },
        )

    def rows(self, request: Request) -> Response:
        inside = self.view.inside(request)
        hash_, name = request.path_params["dataset"], request.path_params["split"]
        if name not in tuple(Split):
            raise NotFound(f"no split is called {name}", action=f"choose one of {', '.join(Split)}")
        changed = "changed" in request.query_params
        shaken = knowledge.rows_at_stake(*inside, hash_, Split(name)) if changed else None
        rows = (
            shaken if shaken is not None else datasets.examples(*inside, hash_, Split(name), _ROWS)
        )
        card = datasets.card(*inside, hash_)
        near = datasets.nearest(*inside, hash_) if name == Split.TEST else {}
        return self.view.page(
            request,
            "rows.html",
            {
                "nearest": near,
                "dataset": hash_,
                "split": name,
                "splits": [split for split, _ in _sizes(card)],
                "rows": rows[:_ROWS],
                "changed": shaken is not None,
                "total": card.splits.get(name, 0) if shaken is None else len(shaken),
            },
        )

    def quarantine(self, request: Request) -> Response:
        inside, hash_ = self.view.inside(request), request.path_params["dataset"]
        return self.view.page(
            request,
            "quarantine.html",
            {
                "dataset": hash_,
                "rows": datasets.quarantined(*inside, hash_, _ROWS),
                "card": datasets.card(*inside, hash_),
            },
        )


def _sizes(card: DataCard) -> list[tuple[str, int]]:
    """Return how many rows each split has; retired ones where there are any."""
    return [(s.value, card.splits.get(s.value, 0)) for s in _SPLITS] + [
        (s.value, card.splits[s.value]) for s in [Split.RETIRED] if card.splits.get(s.value)
    ]


def _most_first(shares: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return what is missing anywhere, the most first."""
    some = [(field, share) for field, share in shares.items() if share > 0]
    return sorted(some, key=lambda pair: -pair[1])
