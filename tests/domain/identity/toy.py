"""A small matcher whose answers can be worked out by hand, and a world of records for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import Company
from klantbeeld.identity import actions
from klantbeeld.identity.models import Link, Member
from klantbeeld.identity.ports import Features, Grouped, Prepared, Scored, Waterfall
from klantbeeld.identity.rules.components import components
from klantbeeld.kit.ids import new_uuid
from klantbeeld.sources.contracts import Identifier, Kind, State, StoredRecord
from klantbeeld.sources.models import Record, Source

START = datetime(2026, 1, 1, tzinfo=UTC)
STEWARD = Actor.system("tests")
FIELDS = ("given_name", "family_name", "birth_date")


@dataclass(frozen=True)
class ToyMatcher:
    """Each field that agrees adds 3, each that differs takes 2, of fields that both have; links start at 1.

    Keys are the values themselves; a key held by more than `limit` records blocks nothing. Records are merged at 4.
    """

    kind: Kind = Kind.PERSON
    limit: int = 100
    floor: float = 1.0
    merging: float = 4.0

    def cap(self, key_type: int) -> int:
        return self.limit

    def prepare(self, records: Sequence[StoredRecord]) -> Prepared:
        features, keys = [], []
        stride = 10_000 * (self.kind - 1)
        for row, record in enumerate(records):
            says = {name: record.attributes[name] for name in FIELDS if record.attributes.get(name)}
            features.append(says)
            keys += [(row, _hash(value), stride + FIELDS.index(name)) for name, value in says.items()]
        table = np.array(keys, np.int64).reshape(-1, 3)
        return Prepared(features, table[:, 0], table[:, 1], table[:, 2])

    def pack(self, features: Features) -> bytes:
        return json.dumps(features, sort_keys=True).encode()

    def unpack(self, packed: bytes) -> Features:
        return json.loads(packed)

    def weigh(self, left: Features, right: Features) -> float:
        both = [name for name in FIELDS if name in left and name in right]
        return float(sum(3 if left[name] == right[name] else -2 for name in both))

    def score(self, features: Sequence[Features], left: np.ndarray, right: np.ndarray) -> Scored:
        weights = [self.weigh(features[a], features[b]) for a, b in zip(left, right, strict=True)]
        count = len(weights)
        return Scored(np.array(weights), np.zeros(count), np.zeros((count, len(FIELDS)), np.uint8))

    def group(
        self,
        stable: Sequence[str],
        features: Sequence[Features],
        links: Sequence[tuple[int, int, float, float, bytes]],
        must: Sequence[tuple[int, int]],
        cannot: Sequence[tuple[int, int]],
    ) -> Grouped:
        return Grouped(
            self._merge(stable, links, must, cannot, self.merging), self._merge(stable, links, must, cannot, self.floor)
        )

    def _merge(self, stable: Any, links: Any, must: Any, cannot: Any, least: float) -> list[int]:
        label = list(range(len(stable)))
        apart = [frozenset(pair) for pair in cannot]

        def join(a: int, b: int, forced: bool) -> None:
            one, other = label[a], label[b]
            if one == other:
                return
            held = [i for i, name in enumerate(label) if name in (one, other)]
            if not forced and any(pair <= set(held) for pair in apart):
                return
            for i in held:
                label[i] = one

        for a, b in must:
            join(a, b, forced=True)
        strongest = sorted(links, key=lambda link: (-link[2], *sorted((stable[link[0]], stable[link[1]]))))
        for a, b, weight, _, _ in strongest:
            if weight >= least:
                join(a, b, forced=False)
        return label

    def explain(self, left: Features, right: Features, groups: Any) -> Waterfall:
        raise NotImplementedError

    def key_label(self, key_type: int) -> str:
        return FIELDS[key_type % 10_000]


def _hash(value: str) -> int:
    return int.from_bytes(blake2b(value.encode(), digest_size=8).digest(), "big", signed=True)


@dataclass(frozen=True)
class Saying:
    """A version of a record: at `moment` the source says these attributes, or that the record is gone (None)."""

    name: str
    moment: int
    says: tuple[tuple[str, str], ...] | None
    kind: Kind = Kind.PERSON
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass
class World:
    """Records as a source keeps them: the newest saying counts, late ones change nothing."""

    matcher: ToyMatcher = field(default_factory=ToyMatcher)
    records: dict[str, Record] = field(default_factory=dict)
    heard: dict[str, Saying] = field(default_factory=dict)
    clock: int = 0

    def __post_init__(self) -> None:
        company = Company.objects.get_or_create(code="toys", defaults={"name": "Toys"})[0]
        self.source = Source.objects.create(
            code=f"s{new_uuid().hex[:12]}", label={}, company=company, owner="", trust_rank=1, purpose="service",
            declaration={},
        )  # fmt: skip

    @property
    def matchers(self) -> dict[int, ToyMatcher]:
        return {kind: ToyMatcher(kind, self.matcher.limit) for kind in (Kind.PERSON, Kind.ORGANISATION)}

    def now(self) -> datetime:
        self.clock += 1
        return START + timedelta(seconds=self.clock)

    def hear(self, *sayings: Saying) -> Any:
        """Store a batch of versions and resolve what changed."""
        changed: dict[str, Saying] = {}
        for saying in sayings:
            known = self.heard.get(saying.name)
            if known is None or saying.moment > known.moment:
                self.heard[saying.name] = changed[saying.name] = saying
        for name, saying in changed.items():
            if name not in self.records:
                self.records[name] = Record.objects.create(
                    source=self.source, kind=saying.kind, external_id=name, state="live", first_received_at=START
                )
        return actions.resolve(
            records=[self.stored(saying) for saying in changed.values()],
            cause="test",
            actor=STEWARD,
            at=self.now(),
            matchers=self.matchers,
        )

    def stored(self, saying: Saying) -> StoredRecord:
        record = self.records[saying.name]
        gone = saying.says is None
        return StoredRecord(
            record.id, record.uuid, self.source.id, saying.kind, saying.name, State.GONE if gone else State.LIVE,
            dict(saying.says or ()), tuple(Identifier(*number) for number in saying.numbers), (),
            START + timedelta(days=saying.moment), START,
        )  # fmt: skip

    def decide(self, verdict: Any, *pairs: tuple[str, str], at: datetime | None = None) -> Any:
        ids = [(self.records[a].id, self.records[b].id) for a, b in pairs]
        return actions.decide(
            verdict=verdict, pairs=ids, reason="", actor=STEWARD, at=at or self.now(), matchers=self.matchers
        )

    def revoke(self, merge_uuid: Any) -> Any:
        return actions.revoke(merge_uuid=merge_uuid, actor=STEWARD, at=self.now(), matchers=self.matchers).resolved

    def customers(self) -> dict[str, int]:
        """Record name -> customer id, live records only."""
        name = {record.id: name for name, record in self.records.items()}
        rows = Member.objects.filter(record_id__in=name, customer__isnull=False)
        return {name[row.record_id]: row.customer_id for row in rows}

    def partition(self, column: str = "customer_id") -> frozenset[frozenset[str]]:
        name = {record.id: name for name, record in self.records.items()}
        groups: dict[int, set[str]] = {}
        for row in Member.objects.filter(record_id__in=name, customer__isnull=False):
            groups.setdefault(getattr(row, column), set()).add(name[row.record_id])
        return frozenset(frozenset(group) for group in groups.values())

    def links(self) -> frozenset[tuple[frozenset[str], float]]:
        name = {record.id: name for name, record in self.records.items()}
        rows = Link.objects.filter(left_id__in=name)
        return frozenset((frozenset((name[row.left_id], name[row.right_id])), row.weight) for row in rows)

    def expected_links(self) -> frozenset[tuple[frozenset[str], float]]:
        """The links worked out from all live records at once, without any index."""
        live = {name: dict(saying.says) for name, saying in self.heard.items() if saying.says is not None}
        prepared = {name: {(f, says[f]) for f in FIELDS if says.get(f)} for name, says in live.items()}
        count: dict[tuple[str, str], int] = {}
        for keys in prepared.values():
            for key in keys:
                count[key] = count.get(key, 0) + 1
        found = set()
        for a, b in combinations(sorted(live), 2):
            if any(count[key] <= self.matcher.limit for key in prepared[a] & prepared[b]):
                weight = self.matcher.weigh(
                    {f: live[a][f] for f in FIELDS if live[a].get(f)}, {f: live[b][f] for f in FIELDS if live[b].get(f)}
                )
                if weight >= self.matcher.floor:
                    found.add((frozenset((a, b)), weight))
        return frozenset(found)


def person(name: str, moment: int = 1, numbers: Iterable[tuple[str, str]] = (), **says: str) -> Saying:
    return Saying(name, moment, tuple(sorted(says.items())), Kind.PERSON, tuple(numbers))


def gone(name: str, moment: int) -> Saying:
    return Saying(name, moment, None)


__all__ = ["Saying", "ToyMatcher", "World", "components", "gone", "person"]
