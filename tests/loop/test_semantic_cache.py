"""What was said to other words is said again: only what audits prove, and nothing that has gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from random import Random

import pytest

from loop.test_knowledge import edited, update
from loop.world import ASKED, TOPICS, World, ask, question
from northloop.adapters.distributed.degrading_cache import DegradingSemanticCache
from northloop.adapters.distributed.redis_vectors import RedisVectors
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.adapters.embedded.vector_cache import VectorCache
from northloop.core.conversation import Message
from northloop.core.interaction import (
    Interaction,
    Origin,
    Question,
    ReviewItem,
    Source,
    VerdictKind,
)
from northloop.core.question import words_of
from northloop.core.treatment import Mode
from northloop.loop.live import LiveService, Reuse
from northloop.ports.semantic_cache import Entry, Neighbour, SemanticCache
from northloop.stages.monitoring import audits
from northloop.stages.monitoring.audits import CachePolicy, Compared
from northloop.stages.monitoring.review import Judgement
from northloop.statistics.audited import AuditSpec
from northloop.statistics.thresholds import RiskSpec
from northloop.testing.models import HashEmbedder
from northloop.testing.servers import redis_server

SPEC = AuditSpec(
    risk=RiskSpec(max_wrong=0.2, delta=0.05, steps=40),
    share=0.5,
    settled=0.2,
    settled_at=30,
    every=30,
)
"""A certificate by thirty audits, so that tests end."""
NOW = "2026-05-01T10:00:00+00:00"
_OPENINGS = ("", "Hi. ", "Hello. ", "Good morning. ", "Dear team, ", "Sorry to disturb. ")
_CLOSINGS = ("", " Thanks!", " Cheers.", " Please answer soon.", " Many thanks in advance.")


def wordings(topic: str, seed: int = 1) -> Iterator[str]:
    """Yield many ways to ask about a topic, none twice."""
    about, _ = TOPICS[topic]
    ways = [f"{a}{b.format(about)}{c}" for a, b, c in product(_OPENINGS, ASKED, _CLOSINGS)]
    Random(f"{seed} {topic}").shuffle(ways)
    yield from ways


def traffic(seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield topics and questions, as they come."""
    rng, ways = Random(seed), {topic: wordings(topic, seed) for topic in TOPICS}
    while True:
        topic = rng.choice([*TOPICS])
        yield topic, next(ways[topic])


def entries(held: Iterable[Entry] = ()) -> VectorCache:
    """Return a cache of these entries in which time stands still."""
    cache = VectorCache(clock_s=lambda: 0.0)
    for entry in held:
        cache.put(entry, HashEmbedder().embed([entry.asking.question])[0], 60)
    return cache


def serving(
    world: World,
    cache: SemanticCache | None = None,
    mode: Mode = Mode.OPEN,
    spec: AuditSpec = SPEC,
) -> LiveService:
    reuse = Reuse(cache or entries(), HashEmbedder(), spec, "seed")
    return world.live(mode=mode, reuse=reuse)


class Shop:
    """A world whose customers ask one after the other."""

    def __init__(self, world: World, held: Iterable[Entry] = (), gone: int = 0) -> None:
        self.world = world
        self.cache = entries(held)
        self.live = serving(world, self.cache)
        self.gone = gone
        """So many have asked."""
        self.stream = islice(traffic(), gone, None)

    def ask(self, text: str, live: LiveService | None = None, **who: str) -> Interaction:
        self.gone += 1
        messages = (Message("user", text),)
        given = Question(interaction_id=f"i{self.gone}", messages=messages, **who)
        return ask(live or self.live, given)[1]

    def next(self, live: LiveService | None = None, **who: str) -> tuple[str, Interaction]:
        """Have the next one ask; return the topic and the answer."""
        topic, text = next(self.stream)
        return topic, self.ask(text, live, **who)

    def until(
        self, wanted: Callable[[Interaction], bool], live: LiveService | None = None
    ) -> tuple[str, Interaction]:
        """Have customers ask until an answer is as wanted; return its topic and it."""
        found = (self.next(live) for _ in range(120))
        return next((topic, kept) for topic, kept in found if wanted(kept))

    @property
    def policy(self) -> CachePolicy:
        (found,) = self.world.records.query(CachePolicy).rows
        return found

    def judged(self, kept: Interaction, kind: VerdictKind) -> None:
        item = ReviewItem(
            review_id=f"review of {kept.interaction_id}",
            interaction_id=kept.interaction_id,
            at=NOW,
            probability=0.1,
            uniform=True,
        )
        self.world.records.add(item)
        self.live.judge(Judgement(review_id=item.review_id, kind=kind, reviewer="ada"), NOW)


@pytest.fixture
def new(turned: World) -> Shop:
    """Nobody has asked anything."""
    return Shop(turned)


@pytest.fixture(scope="session")
def certified_once(turned_once: World, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Audits have proven something: to be copied."""
    shop = Shop(turned_once.copied(tmp_path_factory.mktemp("certified") / "workspace"))
    for _ in range(300):
        shop.next()
        policies = shop.world.records.query(CachePolicy).rows
        if policies and policies[0].standing.certificate:
            return shop
    raise AssertionError(shop.policy.words)


@pytest.fixture
def shop(certified_once: Shop, tmp_path: Path) -> Shop:
    """Audits have proven something."""
    world = certified_once.world.copied(tmp_path / "workspace")
    return Shop(world, certified_once.cache.held().values(), certified_once.gone)


def is_served(kept: Interaction) -> bool:
    return kept.source is Source.SEMANTIC_CACHE


def step(kept: Interaction, name: str) -> str:
    return next((s.decision for s in kept.trace if s.name == name), "")


def test_nothing_is_served_until_audits_prove_it(new: Shop) -> None:
    first = [new.next()[1] for _ in range(40)]
    assert not any(map(is_served, first))
    assert {step(kept, "semantic") for kept in first} == {
        "nothing near",
        "nothing certified",
        "audited",
    }
    assert {kept.near.chance for kept in first if kept.near} == {SPEC.share}
    assert new.policy.words.startswith("nothing certified after")


def test_what_they_prove_is_served_with_its_provenance(shop: Shop) -> None:
    _, kept = shop.until(is_served)
    assert kept.near is not None and kept.near.passed and not kept.near.audited
    before = shop.world.records.get(Interaction, kept.near.entry_id)
    assert before.source is Source.GENERATED and before.answer == kept.answer
    assert words_of(before.question) != words_of(kept.question)
    assert (kept.citations, kept.evidence) == (before.citations, before.evidence)
    names = [s.name for s in kept.trace]
    assert names[-2:] == ["retrieve", "semantic"], "nothing was generated, nobody waited"
    told = kept.trace[-1].evidence
    assert told["answered_first"] == before.interaction_id
    assert told["audit_chance"] == kept.near.chance
    assert {"similarity", "score", "signs"} <= {*told}
    assert shop.policy.words.startswith("certified by")


def test_an_audited_question_is_answered_afresh_and_compared(shop: Shop) -> None:
    _, kept = shop.until(lambda k: k.near is not None and k.near.audited)
    assert kept.source is Source.GENERATED and kept.near is not None
    assert kept.near.same is not None
    assert step(kept, "semantic") == "audited"
    assert step(kept, "compared") == ("the same" if kept.near.same else "another answer")
    label = shop.world.records.get(Compared, kept.interaction_id)
    assert label.wrong is not kept.near.same and label.shelf.startswith("audit ")
    assert kept.question not in str(label)


def test_of_what_it_serves_few_are_wrong(shop: Shop) -> None:
    found = [(kept, TOPICS[topic][1]) for topic, kept in (shop.next() for _ in range(300))]
    hits = [(kept, right) for kept, right in found if is_served(kept)]
    wrong = sum(kept.answer != right for kept, right in hits)
    assert len(hits) > 60
    assert wrong <= SPEC.risk.max_wrong * len(hits), f"{wrong} of {len(hits)}"


@pytest.mark.parametrize(
    "said",
    [" It is order 7000.", " I do not want it.", " I live in Madagascar.", " It cost €25."],
)
def test_what_the_guards_part_is_never_served(shop: Shop, said: str) -> None:
    for _ in range(12):
        kept = shop.ask(f"{next(shop.stream)[1]}{said}")
        given = shop.world.records.find(Interaction, kept.near.entry_id) if kept.near else None
        assert given is None or said in given.question


def test_other_languages_have_audits_of_their_own(shop: Shop) -> None:
    serving = shop.live._serving
    german = LiveService(shop.world.parts, replace(serving, language=lambda _: "German"))
    for _ in range(12):
        _, kept = shop.next(german)
        assert not is_served(kept)
    assert {one.language for one in shop.world.records.query(CachePolicy).rows} == {"", "German"}


def test_only_a_customers_first_question_asks_it(shop: Shop) -> None:
    for number in range(8):
        _, text = next(shop.stream)
        turns = (Message("user", "And the boots?"), Message("assistant", "Fine."))
        messages = (*turns, Message("user", text))
        _, kept = ask(shop.live, Question(interaction_id=f"follows {number}", messages=messages))
        assert (kept.source, kept.near) == (Source.GENERATED, None)
        assert step(kept, "semantic") == "follow-up question"
        _, kept = ask(shop.live, question(text, f"tried {number}", origin=Origin.PLAYGROUND))
        assert (is_served(kept), kept.near) == (False, None)


def test_another_tenant_has_entries_and_audits_of_its_own(shop: Shop) -> None:
    mine = shop.policy
    theirs = [shop.next(tenant="theirs")[1] for _ in range(15)]
    assert not any(map(is_served, theirs))
    known = {kept.interaction_id for kept in theirs}
    assert {kept.near.entry_id for kept in theirs if kept.near} <= known
    policies = {one.tenant: one for one in shop.world.records.query(CachePolicy).rows}
    assert policies["default"] == mine
    assert policies["theirs"].policy != mine.policy


@pytest.mark.parametrize("mode", [Mode.DRAFT, Mode.CERTIFIED])
def test_where_generated_answers_wait_for_people_so_do_these(shop: Shop, mode: Mode) -> None:
    waiting = serving(shop.world, shop.cache, mode)
    before = shop.world.records.count(Compared)
    found = [shop.next(waiting)[1] for _ in range(12)]
    assert {kept.source for kept in found} == {Source.HANDOFF}
    assert "not certified" in {step(kept, "semantic") for kept in found}
    assert shop.world.records.count(Compared) > before, "drafts teach"


def test_a_rejected_answer_is_not_said_again_by_whichever_server(shop: Shop) -> None:
    others = entries(shop.cache.held().values())
    other = serving(shop.world, others)
    _, kept = shop.until(is_served, other)
    assert kept.near is not None
    entry_id = kept.near.entry_id
    shop.judged(kept, VerdictKind.INCORRECT)
    assert entry_id not in shop.cache.held() and entry_id in others.held()
    after = [shop.next(other)[1] for _ in range(40)]
    assert entry_id not in {k.near.entry_id for k in after if k.near}
    assert any(map(is_served, after))


def test_what_says_the_same_as_a_wrong_answer_is_wrong(new: Shop) -> None:
    _, kept = new.until(lambda k: bool(k.near and k.near.audited and k.near.same))
    records = new.world.records
    assert not records.get(Compared, kept.interaction_id).wrong
    new.judged(kept, VerdictKind.INCORRECT)
    assert records.get(Compared, kept.interaction_id).wrong
    assert audits.barred(records, kept.interaction_id)
    new.judged(kept, VerdictKind.CORRECT)
    assert not records.get(Compared, kept.interaction_id).wrong
    assert not audits.barred(records, kept.interaction_id)


def test_wrong_answers_that_were_served_blow_the_fuse(shop: Shop) -> None:
    for _ in range(12):
        _, kept = shop.until(is_served)
        shop.judged(kept, VerdictKind.INCORRECT)
        if shop.policy.standing.blown:
            break
    assert shop.policy.standing.blown == 1 and shop.policy.standing.certificate is None
    assert "began anew" in shop.policy.words


def test_a_verdict_that_is_changed_to_wrong_reaches_the_fuse(shop: Shop) -> None:
    _, kept = shop.until(is_served)
    shop.judged(kept, VerdictKind.CORRECT)
    before = shop.policy.standing.evidence
    shop.judged(kept, VerdictKind.INCORRECT)
    assert shop.policy.standing.evidence > before
    again = shop.policy.standing.evidence
    shop.judged(kept, VerdictKind.INCORRECT)
    assert shop.policy.standing.evidence == again, "it counts once"


def test_the_fuse_begins_everything_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    now = {topic: (about, "We sell tents.") for topic, (about, _) in TOPICS.items()}
    monkeypatch.setattr("loop.world.TOPICS", now)
    shop.until(lambda _: bool(shop.policy.standing.blown))
    assert shop.policy.standing.policy is None and shop.policy.standing.audits == 0
    assert shop.world.records.count(Compared) == 0
    assert not is_served(shop.next()[1])


def test_what_rests_on_a_changed_document_is_not_said_again(shop: Shop) -> None:
    shop.next()
    stale = {
        name
        for name, entry in shop.cache.held().items()
        if entry.answer.answer == TOPICS["repairs"][1]
    }
    assert stale
    update(shop.world, edited("repairs", "We repair no jackets any more."))
    for _ in range(40):
        topic, kept = shop.next()
        assert not (kept.near and kept.near.entry_id in stale)
        assert topic != "repairs" or not is_served(kept)
    assert not stale & {*shop.cache.held()}, "they have left"
    assert shop.cache.held()


def test_a_server_that_has_not_let_go_says_nothing_of_before_either(shop: Shop) -> None:
    update(shop.world, edited("repairs", "We repair no jackets any more."))
    late = serving(shop.world, shop.cache)  # it never saw the documents of before
    for _ in range(40):
        topic, kept = shop.next(late)
        assert topic != "repairs" or not is_served(kept)


def test_a_forgotten_customers_answers_are_gone_everywhere(shop: Shop) -> None:
    others = entries()
    other = serving(shop.world, others)
    theirs = {shop.next(other, customer_id="c1")[1].interaction_id for _ in range(15)}
    assert others.held().keys() & theirs
    assert shop.world.records.get_all(Compared, theirs)
    shop.live.forget("default", "c1")
    assert not shop.world.records.get_all(Compared, theirs)
    after = [shop.next(other)[1] for _ in range(15)]
    assert not {k.near.entry_id for k in after if k.near} & theirs
    other.let_go()
    assert not others.held().keys() & theirs


def test_a_restart_keeps_the_certificate(shop: Shop) -> None:
    before = shop.policy
    shop.until(is_served, serving(shop.world))
    assert shop.policy.standing.certificate == before.standing.certificate


def test_two_servers_lose_no_audit(new: Shop) -> None:
    both = new.live, serving(new.world)
    asked = [new.next(both[number % 2])[1] for number in range(50)]
    drawn = sum(bool(kept.near and kept.near.audited) for kept in asked)
    assert new.policy.standing.audits == drawn > 10


def test_two_stores_on_one_file_have_one_policy(new: Shop, tmp_path: Path) -> None:
    asked = [new.next()[1] for _ in range(90)]
    path = tmp_path / "records.sqlite"
    stores = [SqliteRecords(path), SqliteRecords(path)]

    def follow(number: int) -> None:
        store = stores[number % 2]
        with store.transaction():
            audits.follow(store, [asked[number]], SPEC)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(follow, range(len(asked))))
    for store in stores:
        (found,) = store.query(CachePolicy).rows
        assert found.standing.audits == new.policy.standing.audits
        assert store.count(Compared) == new.world.records.count(Compared)
        store.close()


def test_old_labels_make_room(new: Shop) -> None:
    spec = AuditSpec(
        risk=RiskSpec(max_wrong=0.2), share=0.5, settled=0.5, every=10, window=20, told=15
    )
    live = serving(new.world, spec=spec)
    for _ in range(110):
        new.next(live)
    kinds = [one.shelf.partition(" ")[0] for one in new.world.records.query(Compared).rows]
    assert kinds.count("audit") <= spec.window + spec.every
    assert kinds.count("told") <= spec.told + 4 * spec.every


def test_servers_share_entries_in_redis_and_do_without_it(shop: Shop, tmp_path: Path) -> None:
    with redis_server(tmp_path) as url:
        caches = [DegradingSemanticCache(RedisVectors(url), 60) for _ in range(2)]
        one, other = (serving(shop.world, cache) for cache in caches)
        first = {shop.next(one)[1].interaction_id for _ in range(30)}
        _, kept = shop.until(is_served, other)
        assert kept.near is not None and kept.near.entry_id in first
    after = [shop.next(live)[1] for _ in range(4) for live in (one, other)]
    assert {kept.source for kept in after} == {Source.GENERATED}
    assert all(cache.trouble for cache in caches)
    for cache in caches:
        cache.close()


def test_a_redis_without_vector_sets_is_as_good_as_none(shop: Shop, redis_url: str) -> None:
    class Older(RedisVectors):
        def near(self, *given: object, **named: object) -> list[Neighbour]:
            with self._answering():
                self._redis.execute_command("VSIMILAR")
            return []

    cache = DegradingSemanticCache(Older(redis_url), 60)
    _, kept = shop.next(serving(shop.world, cache))
    assert kept.source is Source.GENERATED
    assert "no vector sets" in cache.trouble and "Redis 8" in cache.trouble
    cache.close()


def test_a_planted_question_takes_few_others_along(shop: Shop) -> None:
    """Somebody asks in others' words with a tail that draws another answer."""
    planted, other = set(), TOPICS["repairs"][0]
    for topic in ("returns", "sizes"):
        about = TOPICS[topic][0]
        for text in islice(wordings(topic, 9), 12):
            bait = text.replace(about, f"{about} or {other}")
            planted.add(shop.ask(bait, customer_id="mallory").interaction_id)
    found = [shop.next() for _ in range(150)]
    hits = [(topic, kept) for topic, kept in found if is_served(kept)]
    taken = [
        kept
        for topic, kept in hits
        if kept.near and kept.near.entry_id in planted and kept.answer != TOPICS[topic][1]
    ]
    assert len(hits) > 30 and len(taken) <= SPEC.risk.max_wrong * len(hits)
