"""Trains the tagger for names and addresses and writes its weights.

    python benchmarks/train_tagger.py FOLDER OUT [--without SET] [--words]

FOLDER is in the layout of `../shared/data`. Read are the halves A of multidogo
(CDLA-Permissive-1.0) and presidio_pii (MIT, fake names CC BY-SA 3.0); texts without people of
bitext, banking77, clinc150, hwu64, natcs and endava (half A); sentences of `frames.py` filled with
people and addresses of Faker (MIT) in 64 locales; sentences with made products and towns
(`things.py`); the messages that Django, Oscar, Wagtail and allauth (BSD, MIT) were translated with;
single words of simplemma (MIT). STAR and pii_syn_nano
are never read, nor any half B. Needs torch, Faker, simplemma, polib and Babel, none of which the
product needs for this. Conditional random field (Lafferty et al. 2001) of hashed features.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import frames
import numpy as np
import polib
import simplemma
import torch
from babel import Locale
from faker import Faker
from people import LOCALES, People
from sensitive import half_of, multidogo, presidio_pii
from things import Things

from northloop.stages.data.sensitive import Sensitive, detect
from northloop.stages.data.sensitive.lexicon import (
    BRANDS,
    COMMON_WORDS,
    NO_NAMES,
    PLACES,
    TECHNICAL_WORDS,
)
from northloop.stages.data.sensitive.names import is_listed
from northloop.stages.data.sensitive.tagger import (
    BUCKETS,
    EDGE,
    OFFSETS,
    SCALE,
    TAGS,
    bucket,
    near_features,
    own_features,
    tokens,
)

SEED, EPOCHS, BATCH, RATE, DECAY = 3, 5, 512, 0.03, 1e-5
DROPPED = 0.15
"""So many features are hidden at random, so that no single one carries a word."""
MADE = {
    "sentence": 30_000,
    "prose": 50_000,
    "woven": 25_000,
    "plain": 25_000,
    "thing": 35_000,
    "beside": 15_000,
}
WORDS_A_LANGUAGE = 7_000
_COMMON_THINGS = sorted(COMMON_WORDS | NO_NAMES | PLACES | BRANDS | TECHNICAL_WORDS)
_REPOSITORIES = ("django", "oscar", "wagtail", "allauth")


class Said:
    """A text with the stretches that are names or addresses."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int, Sensitive]]) -> None:
        self.text, self.spans = text, spans


class Maker:
    """Fills sentences with made people and addresses."""

    def __init__(self, ordinary: Sequence[str]) -> None:
        self._rng = random.Random(SEED)
        self._people = People(SEED)
        self._ordinary = ordinary
        self._things = [*_vocabulary("en"), *_COMMON_THINGS, *_COMMON_THINGS]
        self._carriers = {language: _parts(of) for language, of in frames.CARRIERS.items()}
        self._prose, self._placed = _parts(frames.PROSE), _parts(frames.PLACED)
        self._plain = [*_parts(frames.PLAIN), *_parts(frames.FOREIGN_PLAIN)]
        self._before, self._after = frames.BEFORE.split(), frames.AFTER.split()
        locale = Locale("en")
        self._days = list(locale.days["format"]["wide"].values())
        self._months = list(locale.months["format"]["wide"].values())
        named = [n for code, n in locale.territories.items() if code.isalpha()]
        self._countries = [*named, *(self._people.of["en"][0].country() for _ in named)]
        self._nations = list(locale.languages.values())
        self._made = Things(
            self._rng,
            _vocabulary("en"),
            lambda: self._people.city(self._people.anyone()),
            {
                language: list(Locale(language).months["format"]["wide"].values())
                for language in LOCALES
                if language != "other"
            },
        )

    def sentence(self) -> Said:
        """Return a sentence with people or addresses in it."""
        language = self._rng.choice([*LOCALES, "en", "en", "en"])
        carrier = self._rng.choice(self._carriers[language])
        fakes = self._people.of[language] if self._rng.random() < 0.8 else self._people.of["other"]
        if language == "en" and self._rng.random() < 0.4:
            fakes = self._people.of[self._rng.choice(list(LOCALES))]
        return self._filled(carrier, self._rng.choice(fakes))

    def prose(self) -> Said:
        """Return a sentence of another kind, with people of anywhere or where they live."""
        carrier = self._rng.choice(self._placed if self._rng.random() < 0.45 else self._prose)
        return self._filled(carrier, self._people.anyone())

    def woven(self) -> Said:
        """Return an ordinary sentence with somebody, or an address, put in somewhere."""
        rng = self._rng
        hole = rng.choices(("{n}", "{f}", "{l}", "{a}", "{s}"), (4, 2, 2, 1, 1))[0]
        put = [rng.choice(self._before)] * (rng.random() < 0.5)
        put += [hole] + [rng.choice(self._after)] * (rng.random() < 0.5)
        return self._filled(self._between(" ".join(put)), self._people.anyone())

    def plain(self) -> Said:
        """Return a sentence without."""
        return self._filled(self._rng.choice(self._plain), self._people.anyone())

    def thing(self) -> Said:
        """Return a sentence with a product, a program or a town, and nobody."""
        return self._filled(self._made.sentence(), self._people.anyone())

    def beside(self) -> Said:
        """Return an ordinary sentence with one of these put in."""
        return self._filled(self._between(self._made.beside()), self._people.anyone())

    def _between(self, put: str) -> str:
        """Return an ordinary sentence with something put in somewhere."""
        rng, words = self._rng, self._rng.choice(self._ordinary).split()[:30]
        at = rng.randint(0, len(words))
        said = [
            word.replace("{", "(") for word in [*words[:at], "", *words[at + rng.randint(0, 2) :]]
        ]
        said[at] = put
        return re.sub(r" (?=[,.!?;:)'])", "", " ".join(said))

    def _filled(self, carrier: str, fake: Faker) -> Said:
        people, rng = self._people, self._rng
        values = {
            "n": lambda: people.person(fake), "f": lambda: people.first(fake),
            "g": lambda: people.first(fake), "l": lambda: people.last(fake),
            "m": lambda: people.last(fake), "p": lambda: self._anyhow(fake),
            "a": lambda: self._address(fake), "b": lambda: self._address(fake),
            "s": lambda: people.line(fake), "x": lambda: people.street(fake),
            "y": lambda: people.street(fake), "d": self._code, "o": self._company,
            "c": lambda: people.city(fake), "w": lambda: rng.choice(self._days),
            "t": lambda: rng.choice(self._things), "city": lambda: people.city(fake),
            "town": lambda: people.city(people.anyone()), "company": self._company,
            "colour": people.of["en"][0].color_name, "day": lambda: rng.choice(self._days),
            "thing": lambda: rng.choice(self._things),
            "Thing": lambda: rng.choice(self._things).title(),
            "month": lambda: rng.choice(self._months),
            "country": lambda: rng.choice(self._countries),
            "nation": lambda: rng.choice(self._nations),
        }  # fmt: skip
        text, spans, at = "", [], 0
        for hole in re.finditer(r"\{(\w+)\}", carrier):
            text += carrier[at : hole.start()]
            value = values[hole[1]]()
            if hole[1] in "absxy":
                spans.append((len(text), len(text) + len(value), Sensitive.ADDRESS))
            elif hole[1] in "nfglmp":
                spans.append((len(text), len(text) + len(value), Sensitive.NAME))
            text, at = text + value, hole.end()
        return Said(text + carrier[at:], spans)

    def _anyhow(self, fake: Faker) -> str:
        people = self._people
        return self._rng.choice((people.first, people.last, people.person))(fake)

    def _address(self, fake: Faker) -> str:
        return self._people.address(fake, lambda: self._rng.choice(self._countries))

    def _company(self) -> str:
        rng = self._rng
        if rng.random() < 0.3:
            company: str = rng.choice(self._people.of["en"]).company()
            return company
        kind = rng.choice(("", " Ltd", " Inc", " GmbH", "ly", " Corporation", " Labs", " Inc."))
        return f"{rng.choice(self._things).title()}{kind}"

    def _code(self) -> str:
        """Return a number or a code, in one piece or letters apart from digits."""
        rng = self._rng
        letters = "".join(rng.choices("abcdefghkmnrstuvwxyz", k=rng.randint(1, 3)))
        number = str(rng.randint(10, 99_999_999))
        apart = f"{letters}{number} {letters[0]} 5"
        return rng.choice((number, number, f"{letters} {number}", apart))


def main() -> None:
    """Train and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--without", default="-")
    asked.add_argument("--words", action="store_true")
    options = asked.parse_args()
    if options.words:
        options.out.write_text("\n".join(_everyday(options.folder, options.without)) + "\n")
        return
    random.seed(SEED)
    torch.manual_seed(SEED)
    said = [_varied(text) for text in _all(options.folder, options.without)]
    random.shuffle(said)
    print(f"{len(said)} texts, {sum(1 for s in said if s.spans)} with names or addresses")
    options.out.write_bytes(zlib.compress(_trained(said), 9))


def _everyday(folder: Path, without: str) -> list[str]:
    """Return the words that are met twice and more, hardly ever in a name, and are on no list."""
    met: Counter[str] = Counter()
    named: Counter[str] = Counter()
    texts = [Said(text, ()) for text in (*_ordinary(folder), *_messages())]
    for said in [*_labelled(folder, without), *texts]:
        for token in tokens(said.text):
            if token[0].isalpha() and 2 <= len(token[0]) <= 24:
                inside = any(s <= token.start() < e for s, e, _ in said.spans)
                (named if inside else met)[token[0].lower()] += 1
    known = COMMON_WORDS | NO_NAMES | TECHNICAL_WORDS
    return sorted(
        word
        for word, count in met.items()
        if count >= 2 and 20 * named[word] <= count and not is_listed(word) and word not in known
    )


def _labelled(folder: Path, without: str) -> Iterator[Said]:
    for name, read in (("presidio_pii", presidio_pii), ("multidogo", multidogo)):
        for text in read(folder / name) if without not in name else ():
            if half_of(text.group) == "A":
                gold = [(s.start, s.end, s.type) for s in text.labelled.gold if s.type in TAGS]
                yield Said(text.labelled.text, gold)


def _all(folder: Path, without: str) -> Iterator[Said]:
    for name, read in (("presidio_pii", presidio_pii), ("multidogo", multidogo)):
        if without in name or not (folder / name).exists():
            continue
        for text in read(folder / name):
            if half_of(text.group) == "A":
                spans = [(s.start, s.end, s.type) for s in text.labelled.gold if s.type in TAGS]
                said = Said(text.labelled.text, _joined(text.labelled.text, spans))
                if _is_whole(said):
                    yield from [said] * _times(name, said)
    ordinary = sorted({*_ordinary(folder), *_messages()})
    plain = [text for text in ordinary if _is_whole(Said(text, ()))]
    yield from _made(plain)
    yield from islice(_words(), 0, None, 2)
    yield from (Said(text, ()) for text in plain)


def _times(name: str, said: Said) -> int:
    """Return how often a text is learnt from: those with addresses are few."""
    if name == "presidio_pii":
        return 2
    return 4 if any(type_ is Sensitive.ADDRESS for _, _, type_ in said.spans) else 1


def _made(ordinary: Sequence[str]) -> Iterator[Said]:
    """Yield sentences of every kind, filled."""
    maker = Maker(ordinary)
    for make, count in MADE.items():
        for _ in range(count):
            yield getattr(maker, make)()


def _joined(text: str, spans: list[tuple[int, int, Sensitive]]) -> list[tuple[int, int, Sensitive]]:
    """Return the stretches, parts of one address made one with what little is between them."""
    whole: list[tuple[int, int, Sensitive]] = []
    for start, end, type_ in sorted(spans):
        last = whole[-1] if whole else (0, 0, Sensitive.NAME)
        near = start - last[1] < 30 and "." not in text[last[1] : start]
        if near and last[2] is type_ is Sensitive.ADDRESS:
            whole[-1] = (last[0], end, type_)
        else:
            whole.append((start, end, type_))
    return whole


def _is_whole(said: Said) -> bool:
    """Whether no rule finds a name or an address that the labels do not know of."""
    return all(
        any(start < span.end and span.start < end for start, end, _ in said.spans)
        for span in detect(said.text[:2_000])
        if span.type in TAGS
    )


def _ordinary(folder: Path) -> Iterator[str]:
    """Yield texts in which hardly anybody is named."""
    tables = {
        "bitext_customer_support/utterances_27k_category.csv": "instruction",
        "banking77/train.csv": "text",
        "endava_it_tickets/all_tickets_part.csv": "body",
    }
    for name, column in tables.items():
        with (folder / name).open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                if row[column] and half_of(row[column]) == "A":
                    yield row[column][:400]
    for text, _ in json.loads((folder / "clinc150/clinc150_dev.json").read_text()).get("train", ()):
        yield text
    for path in sorted((folder / "hwu64").glob("train/seq.in")):
        yield from path.read_text().splitlines()
    for line in (folder / "natcs_intents/development_utterances.jsonl").read_text().splitlines():
        yield str(json.loads(line).get("utterance", ""))


def _messages() -> Iterator[str]:
    """Yield what programs say in ten languages."""
    for name in _REPOSITORIES:
        root = Path(__import__(name).__file__ or "").parent
        for language in ("de", "fr", "es", "it", "pt", "pt_BR", "pt_PT", "nl", "pl", "sv"):
            for path in sorted(root.glob(f"**/locale/{language}/LC_MESSAGES/*.po")):
                for entry in polib.pofile(str(path)):
                    text = re.sub(r"%\(\w+\)\w|%\w|\{\w*\}|<[^>]+>", "5", entry.msgstr)
                    if 1 < len(text) < 300:
                        yield text


def _vocabulary(language: str) -> list[str]:
    data = simplemma.strategies.DefaultDictionaryFactory().get_dictionary(language)
    found = [w if isinstance(w, str) else w.decode() for w in data]
    fit = [w for w in found if w.isalpha() and 3 <= len(w) <= 14 and not is_listed(w)]
    capital = language != "de"
    fit = sorted(w for w in fit if not (capital and w[0].isupper()))
    wanted = WORDS_A_LANGUAGE * (3 if language == "en" else 1)
    return random.Random(SEED).sample(fit, min(len(fit), wanted))


def _words() -> Iterator[Said]:
    """Yield single words and pairs, as people type who search."""
    rng = random.Random(SEED)
    for language in ("en", "en", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv"):
        found = _vocabulary(language)
        rng.shuffle(found)
        for word in found:
            text = word if rng.random() < 0.6 else f"{word} {rng.choice(found)}"
            yield Said(text.capitalize() if rng.random() < 0.5 else text, ())


def _varied(said: Said) -> Said:
    """Return the text as it is, in small letters, in capitals or without marks; one of them."""
    draw = random.random()
    if draw < 0.35 and len(said.text.lower()) == len(said.text):
        return Said(said.text.lower(), said.spans)
    if draw < 0.38 and len(said.text.upper()) == len(said.text):
        return Said(said.text.upper(), said.spans)
    if draw < 0.46:
        return Said(re.sub(r"[^\w\s]", " ", said.text), said.spans)
    return said


# --- training ----------------------------------------------------------------------------------


def _trained(said: Sequence[Said]) -> bytes:
    words: dict[tuple[str, bool], int] = {}
    rows = [_row(one, words) for one in said]
    print(f"{len(words)} words", flush=True)
    features = [_Features(words, number, offset) for number, offset in enumerate(OFFSETS)]
    weights = torch.nn.Embedding(BUCKETS, len(TAGS), sparse=False)
    torch.nn.init.zeros_(weights.weight)
    bias = torch.nn.Parameter(torch.zeros(len(TAGS)))
    follows = torch.nn.Parameter(torch.zeros(3, 3))
    learner = torch.optim.Adam([weights.weight, bias, follows], lr=RATE)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(rows)).tolist()
        order.sort(key=lambda i: (len(rows[i][0]) // 4, random.random()))
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        random.shuffle(batches)
        for group in learner.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        total = 0.0
        for batch in batches:
            loss = _loss([rows[i] for i in batch], features, (weights, bias, follows))
            loss = loss + DECAY * weights.weight.abs().sum() / 100
            learner.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            learner.step()
            total += float(loss.detach())
        print(f"epoch {epoch}: {total / len(batches):.4f}", flush=True)
    kept = [*weights.weight.flatten().tolist(), *bias.tolist(), *follows.flatten().tolist()]
    return bytes(round(max(-127, min(127, v * SCALE))) & 0xFF for v in kept)


class _Features:
    """The buckets of every word's features at one offset, one list behind the other."""

    def __init__(self, words: Iterable[tuple[str, bool]], number: int, offset: int) -> None:
        of = own_features if offset == 0 else near_features
        lists = [[bucket(offset, f) for f in of(word, cased)] for word, cased in words]
        self.number = number
        self._flat = np.fromiter((b for found in lists for b in found), dtype=np.int64)
        self._sizes = np.fromiter(map(len, lists), dtype=np.int64)
        self._ends = self._sizes.cumsum()

    def of(self, used: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the buckets of the words that are used, and where each word's begin."""
        sizes = self._sizes[used]
        begins = sizes.cumsum() - sizes
        shift = np.repeat(self._ends[used] - sizes - begins, sizes)
        flat = self._flat[np.arange(len(shift)) + shift]
        return torch.from_numpy(flat), torch.from_numpy(begins)


def _row(said: Said, words: dict[tuple[str, bool], int]) -> tuple[list[int], list[int]]:
    found = tokens(said.text)[:150]
    cased = said.text.lower() != said.text
    ids, tags = [], []
    for token in found:
        ids.append(words.setdefault((token[0], cased), len(words)))
        of = [t for s, e, t in said.spans if s <= token.start() < e]
        tags.append(TAGS.index(of[0]) + 1 if of else 0)
    edge = words.setdefault((EDGE, cased), len(words))
    return [edge, edge, *ids, edge, edge], tags


def _loss(
    batch: Sequence[tuple[list[int], list[int]]],
    features: Sequence[_Features],
    model: tuple[torch.nn.Embedding, torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Return the mean negative log-likelihood of the batch's tags."""
    weights, bias, follows = model
    length = max(len(tags) for _, tags in batch)
    rows = np.full((len(batch), length + 4), batch[0][0][0], dtype=np.int64)
    gold = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    for i, (row, tags) in enumerate(batch):
        rows[i, : len(row)] = row
        gold[i, : len(tags)] = torch.tensor(tags, dtype=torch.long)
        mask[i, : len(tags)] = True
    used, inverse = np.unique(rows, return_inverse=True)
    ids = torch.from_numpy(inverse.reshape(rows.shape))
    scores = bias + torch.zeros(len(batch), length, len(TAGS))
    for of in features:
        flat, begins = of.of(used)
        kept = (torch.rand(len(flat)) > DROPPED).float()
        summed = torch.nn.functional.embedding_bag(
            flat, weights.weight, begins, mode="sum", per_sample_weights=kept
        )
        scores = scores + summed[ids[:, of.number : of.number + length]]
    emit = torch.cat([torch.zeros(len(batch), length, 1), scores], dim=2)
    alpha = follows[0] + emit[:, 0]
    path = follows[0][gold[:, 0]] + emit[:, 0].gather(1, gold[:, :1]).squeeze(1)
    for step in range(1, length):
        more = torch.logsumexp(alpha.unsqueeze(2) + follows, dim=1) + emit[:, step]
        alpha = torch.where(mask[:, step : step + 1], more, alpha)
        gain = follows[gold[:, step - 1], gold[:, step]]
        gain = gain + emit[:, step].gather(1, gold[:, step : step + 1]).squeeze(1)
        path = path + gain * mask[:, step]
    return (torch.logsumexp(alpha, dim=1) - path).mean()


def _parts(text: str) -> list[str]:
    lines = "".join(f"{line.strip()} " for line in text.splitlines())
    return [part.strip().replace("\\n", "\n") for part in lines.split("|") if part.strip()]


if __name__ == "__main__":
    main()
