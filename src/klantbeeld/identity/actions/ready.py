"""Evidence made before the database is asked: a batch is prepared while the one before it is being written.

Features and keys are functions of what a record says, the model and the catalogue. Another thread may work them out,
without a connection; whoever resolves takes them only while model and catalogue are still the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from klantbeeld.foundation import catalogue
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity.actions.models import active_matchers, matchers_of
from klantbeeld.identity.hashing import hash_form, match_key
from klantbeeld.identity.ports import Matcher
from klantbeeld.identity.rules.numbers import Carried, carried_by
from klantbeeld.identity.rules.pairs import FIND_FROM
from klantbeeld.identity.tables.inputs import NO_EVIDENCE
from klantbeeld.identity.tables.keys import KeyRows
from klantbeeld.sources.contracts import Encoded, Identifier, Kind, StoredRecord


class _Saying(NamedTuple):
    """What a draft says, as the matcher reads it."""

    kind: Kind
    source_id: int
    attributes: Mapping[str, Any]
    identifiers: Sequence[Identifier]


@dataclass(frozen=True, slots=True)
class Ready:
    """Evidence of a batch of drafts, by their places in it; `keys` are sorted by place (in `record`), key and type."""

    matchers: Mapping[int, Matcher]
    kinds: Mapping[str, Mapping[str, AttributeSpec]]
    drafts: Sequence[Encoded]
    of_id: Mapping[tuple[int, str], Sequence[int]]
    packed: Sequence[bytes]
    keys: KeyRows

    @classmethod
    def of(cls, preparer: Preparer, drafts: Sequence[Encoded], packed: Sequence[bytes], keys: KeyRows) -> Ready:
        """The evidence of these drafts, as this preparer or its double made it."""
        of_id: dict[tuple[int, str], list[int]] = {}
        for place, one in enumerate(drafts):
            key = (int(one.kind), one.external_id)
            if key in of_id:
                of_id[key].append(place)
            else:
                of_id[key] = [place]
        return cls(preparer.matchers, preparer.kinds, drafts, of_id, packed, keys)

    def holds(self, matchers: Mapping[int, Matcher]) -> bool:
        """Is it what these matchers would say under the catalogue as it is now?"""
        return self.matchers is matchers and self.in_force

    @property
    def in_force(self) -> bool:
        """Is the catalogue the one under which it was made?"""
        return self.kinds is catalogue.all_kinds()

    def places(self, records: Sequence[StoredRecord]) -> list[int] | None:
        """Where the drafts stand that these records were stored from; None when one of them came another way."""
        found = []
        for record in records:
            for place in self.of_id.get((int(record.kind), record.external_id), ()):
                if self.drafts[place].attributes is record.attributes:
                    found.append(place)
                    break
            else:
                return None
        return found

    def keys_at(self, places: Sequence[int], records: np.ndarray) -> KeyRows:
        """The keys of the drafts at these places as those of these records, in the order of records."""
        place = np.array(places, np.int64)
        first = np.searchsorted(self.keys.record, place, "left")
        count = np.searchsorted(self.keys.record, place, "right") - first
        offset = np.repeat(first - (np.cumsum(count) - count), count)
        which = np.arange(len(offset)) + offset
        return KeyRows(self.keys.key[which], self.keys.type[which], np.repeat(records, count))


@dataclass(frozen=True, slots=True)
class Recipe:
    """What another process needs to prepare as a Preparer of this one does, without a database. It holds a secret."""

    source_id: int
    parameters: Mapping[str, Any]
    kinds: Mapping[str, Mapping[str, AttributeSpec]]
    secret: bytes


class Preparer:
    """Makes evidence of the drafts of one source, under the model and the catalogue at the moment it was made."""

    def __init__(self, source_id: int) -> None:
        self.source_id = source_id
        self.kinds = catalogue.all_kinds()
        self.matchers = active_matchers()
        self._secret = match_key()
        self._frozen = {kind: matcher.frozen() for kind, matcher in self.matchers.items()}

    @property
    def recipe(self) -> Recipe:
        """How to make a double of it elsewhere."""
        parameters = {Kind(kind).code: matcher.parameters for kind, matcher in self.matchers.items()}
        kinds = {kind: dict(specs) for kind, specs in self.kinds.items()}
        return Recipe(self.source_id, parameters, kinds, self._secret)

    @classmethod
    def by(cls, recipe: Recipe) -> Preparer:
        """The double of a Preparer of another process, for a process that asks no database."""
        catalogue.hold(recipe.kinds)
        made = cls.__new__(cls)
        made.source_id, made.kinds, made._secret = recipe.source_id, catalogue.all_kinds(), recipe.secret
        made.matchers = matchers_of(recipe.parameters, recipe.secret)
        made._frozen = {kind: matcher.frozen() for kind, matcher in made.matchers.items()}
        return made

    def prepare(self, drafts: Sequence[Encoded]) -> Ready:
        """The evidence of drafts; asks no database."""
        packed = [NO_EVIDENCE] * len(drafts)
        parts: list[KeyRows] = []
        places: dict[int, list[int]] = {}
        for place, one in enumerate(drafts):
            if not one.gone:
                places.setdefault(int(one.kind), []).append(place)
        for kind in filter(places.__contains__, Kind):
            sayings = [
                _Saying(kind, self.source_id, one.attributes, one.identifiers)
                for one in map(drafts.__getitem__, places[kind])
            ]
            at = np.array(places[kind], np.int64)
            types = types_of(kind, self.kinds)
            parts.append(number_keys(at, [carried_by(one, types) for one in sayings], self._secret))
            matcher = self._frozen.get(kind)
            if matcher is not None:
                made = matcher.prepare(sayings)
                for place, features in zip(places[kind], made.features, strict=True):
                    packed[place] = matcher.pack(features)
                parts.append(KeyRows(made.key, made.type, at[made.row]))
        return Ready.of(self, drafts, packed, reduce(add, parts, KeyRows.of([])).once())


def types_of(kind: Kind, kinds: Mapping[str, Mapping[str, AttributeSpec]] | None = None) -> Mapping[str, str]:
    """Attribute code -> type, of a kind, in this catalogue or the one that is in force."""
    specs = (catalogue.all_kinds() if kinds is None else kinds).get(kind.code, {})
    return {code: spec.type for code, spec in specs.items()}


def number_keys(owner: np.ndarray, carried: Sequence[Sequence[Carried]], secret: bytes | None = None) -> KeyRows:
    """The keys under which the numbers of records are found; `owner` and what each carries, side by side."""
    key = match_key() if secret is None else secret
    hashes = [hash_form(one.form, key) for several in carried for one in several]
    count = np.fromiter(map(len, carried), np.int64, len(carried))
    return KeyRows(np.array(hashes, np.int64), np.full(len(hashes), FIND_FROM, np.int64), np.repeat(owner, count))
