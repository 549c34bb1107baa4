"""From links to customers: the plain road for a few records (online) and the compiled one for a table.

Both follow the rule of `greedy`: must-links first, then links from strong to weak; every merge is judged on all that
both groups know. Ties are broken by record keys, so the partition is a function of records, links, decisions and model,
not of the order in which they came; and a component never looks at another, so re-resolving one is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING, Any

from klantbeeld.engines.matching.compare import Link, Prepared, compare, prepare
from klantbeeld.engines.matching.fields import Decision, decided
from klantbeeld.engines.matching.model import Model

if TYPE_CHECKING:
    import numpy as np

MEMBERS = 6
RIVALS = 12
"""Links of a member that are looked at for a rival, the strongest."""
CONFLICT = -4.0
"""Groups that do not match (odds below even) are told apart when one field says this (log2) or worse."""
PASSES = 4
"""Passes over the links per threshold: a merge can make an earlier refusal acceptable."""

Weighed = tuple[str, str, Link | float]


@dataclass(frozen=True, slots=True)
class Partition:
    """Record key to group; a group is named by its smallest record key. `customer` refines `suggested`."""

    customer: dict[str, str]
    suggested: dict[str, str]

    def groups(self, suggested: bool = False) -> list[tuple[str, ...]]:
        """The groups as sorted tuples of record keys, sorted."""
        found: dict[str, list[str]] = {}
        for key, group in (self.suggested if suggested else self.customer).items():
            found.setdefault(group, []).append(key)
        return sorted(tuple(sorted(keys)) for keys in found.values())


class Groups:
    """Disjoint sets whose members keep the order in which they joined; the plain twin of `greedy`."""

    def __init__(self, n: int) -> None:
        self.root = list(range(n))
        self.members = [[i] for i in range(n)]

    def join(self, a: int, b: int) -> None:
        """Put the smaller group behind the larger one; of equals the one with the smaller number leads."""
        mine, theirs = len(self.members[a]), len(self.members[b])
        if theirs > mine or (theirs == mine and b < a):
            a, b = b, a
        self.members[a].extend(self.members[b])
        for i in self.members[b]:
            self.root[i] = a
        self.members[b] = []


@dataclass(slots=True)
class _Entities:
    """Entity weights of groups of prepared records, pair levels remembered."""

    prepared: Sequence[Prepared]
    model: Model
    levels: dict[tuple[int, int], tuple[int, ...]]

    def weight(self, mine: Sequence[int], theirs: Sequence[int]) -> tuple[float, float]:
        """log2 odds that two groups are one entity, by the same sums in the same order as the kernel, and what
        the field says that speaks most against it."""
        return weigh_entities([self._levels(i, j) for i in mine[:MEMBERS] for j in theirs[:MEMBERS]], self.model)

    def _levels(self, i: int, j: int) -> tuple[int, ...]:
        found = self.levels.get((i, j))
        if found is None:
            found = compare(self.prepared[i], self.prepared[j], self.model.comparisons)
            self.levels[i, j] = self.levels[j, i] = found
        return found


def weigh_entities(pairs: Sequence[Sequence[int]], model: Model) -> tuple[float, float]:
    """log2 odds of match against the strongest rival for two groups, from the levels of their cross pairs; and what
    the field says (log2 ratio against chance) that speaks most against it, 0 when none does."""
    tables = model.level_lists
    count = len(model.comparisons)
    sums = [[0.0] * count for _ in range(4)]
    seen = [0.0] * count
    best = [-1e9] * count
    averaged = model.averaged.tolist()
    for levels in pairs:
        for f, level in enumerate(levels):
            if level == 0:
                continue
            if averaged[f]:
                seen[f] += 1.0
                for c in range(4):
                    sums[c][f] += tables[c][f][level]
            else:
                gain = tables[0][f][level] - tables[3][f][level]
                if gain > best[f]:
                    best[f] = gain
                    seen[f] = 1.0
                    for c in range(4):
                        sums[c][f] = tables[c][f][level]
    totals = list(model.total_list)
    for c in range(4):
        total = totals[c]
        for f in range(count):
            if seen[f] > 0.0:
                total += sums[c][f] / seen[f]
        totals[c] = total
    worst = min([(sums[0][f] - sums[3][f]) / seen[f] for f in range(count) if seen[f] > 0.0], default=0.0)
    return totals[0] - max(totals[1:]), min(worst, 0.0)


def cluster(
    record_keys: Sequence[str],
    features: Sequence[Mapping[str, Any]],
    links: Iterable[Weighed],
    decisions: Iterable[Decision | tuple[str, str, bool]],
    model: Model,
) -> Partition:
    """Partition a few records, usually one component.

    `record_keys` and `features` side by side; `links`: (key, key, Link or weight); links to unknown keys are left out.
    Raises ValueError when a record key stands twice.
    """
    order = sorted(range(len(record_keys)), key=lambda i: record_keys[i])
    keys = [record_keys[i] for i in order]
    place = {key: i for i, key in enumerate(keys)}
    if len(place) != len(keys):
        raise ValueError("A record key stands twice; keys must be unique")
    pairs = sorted(_places(links, place), key=lambda p: (-p[2], p[0], p[1]))
    made = [d for d in decided(decisions) if d.left in place and d.right in place]
    bars = _bars([(place[d.left], place[d.right]) for d in made if not d.together])
    groups = Groups(len(keys))
    chosen = {place[key] for d in made if d.together for key in (d.left, d.right)}
    for d in made:
        if d.together:
            a, b = groups.root[place[d.left]], groups.root[place[d.right]]
            if a != b and not _forbidden(groups, a, b, bars):
                groups.join(a, b)
    entities = _Entities([prepare(features[i], model) for i in order], model, {})
    named = []
    near = _links_of([p for p in pairs if p[2] >= model.thresholds.suggested])
    for threshold in (model.thresholds.customer, model.thresholds.suggested):
        strong = [p for p in pairs if p[2] >= threshold]
        for _ in range(PASSES):
            if not _pass(groups, strong, near, threshold, entities, bars, chosen):
                break
        named.append(_named(groups, keys))
    return Partition(named[0], named[1])


def _places(links: Iterable[Weighed], place: Mapping[str, int]) -> Iterable[tuple[int, int, float]]:
    for left, right, link in links:
        i, j = place.get(left), place.get(right)
        if i is not None and j is not None and i != j:
            yield min(i, j), max(i, j), link.weight if isinstance(link, Link) else float(link)


def _bars(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    bars: dict[int, set[int]] = {}
    for i, j in pairs:
        bars.setdefault(i, set()).add(j)
        bars.setdefault(j, set()).add(i)
    return bars


def _forbidden(groups: Groups, a: int, b: int, bars: Mapping[int, set[int]]) -> bool:
    return bool(bars) and any(groups.root[k] == b for i in groups.members[a] for k in bars.get(i, ()))


def _pass(
    groups: Groups,
    pairs: Sequence[tuple[int, int, float]],
    near: Mapping[int, Sequence[tuple[int, float]]],
    threshold: float,
    entities: _Entities,
    bars: Mapping[int, set[int]],
    chosen: Set[int],
) -> int:
    merged = 0
    for i, j, weight in pairs:
        a, b = groups.root[i], groups.root[j]
        if a == b:
            continue
        mine, theirs = groups.members[a], groups.members[b]
        score = weight if len(mine) == 1 and len(theirs) == 1 else entities.weight(mine, theirs)[0]
        vouched = (len(theirs) == 1 and i in chosen) or (len(mine) == 1 and j in chosen)
        if vouched:
            score = max(score, weight)
        if score < threshold or _forbidden(groups, a, b, bars):
            continue
        least = score - threshold - 1.0
        rival = least if vouched else _contest(groups, a, b, least, near, entities)
        if rival > least and score - log2(1.0 + 2.0 ** min(rival, 60.0)) < threshold:
            continue
        groups.join(a, b)
        merged += 1
    return merged


def _links_of(pairs: Sequence[tuple[int, int, float]]) -> dict[int, list[tuple[int, float]]]:
    """Per record the others that it has a link with, from strong to weak."""
    near: dict[int, list[tuple[int, float]]] = {}
    for i, j, weight in pairs:
        near.setdefault(i, []).append((j, weight))
        near.setdefault(j, []).append((i, weight))
    return near


def _contest(
    groups: Groups,
    a: int,
    b: int,
    least: float,
    near: Mapping[int, Sequence[tuple[int, float]]],
    entities: _Entities,
) -> float:
    """The strength (log2 odds) of the strongest rival of a merge above `least`, or `least`; see `greedy`."""
    strongest = least
    for x, y in ((a, b), (b, a)):
        for i in groups.members[x][:MEMBERS]:
            seen = -1
            for j, weight in near.get(i, ())[:RIVALS]:
                if weight <= strongest:
                    break
                c = groups.root[j]
                if c in (x, y, seen):
                    continue
                seen = c
                likeness, worst = entities.weight(groups.members[y], groups.members[c])
                if likeness >= 0.0 or worst > CONFLICT:
                    continue
                strength = entities.weight(groups.members[x], groups.members[c])[0]
                strongest = max(strongest, min(strength, weight))
    return strongest


def _named(groups: Groups, keys: Sequence[str]) -> dict[str, str]:
    return {keys[i]: keys[min(groups.members[root])] for i, root in enumerate(groups.root)}


def households(
    partition: Mapping[str, str], links: Iterable[tuple[str, str, Link]], threshold: float = 0.5
) -> dict[str, str]:
    """Which groups share a household: record key to household, named by its smallest record key.

    `partition`: record key to customer. Two customers share a household when a link between them has a posterior of
    the household class of at least `threshold`; a customer is never split.
    """
    keys = sorted(partition)
    place = {key: i for i, key in enumerate(keys)}
    root = list(range(len(keys)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def join(i: int, j: int) -> None:
        a, b = find(i), find(j)
        root[max(a, b)] = min(a, b)

    for key, group in partition.items():
        join(place[key], place[group])
    for left, right, link in links:
        if left in place and right in place and link.posteriors[1] >= threshold:
            join(place[left], place[right])
    return {key: keys[find(i)] for key, i in place.items()}


def cluster_table(
    model: Model,
    rows: Any,
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    together: Sequence[tuple[int, int]],
    apart: Sequence[tuple[int, int]],
) -> tuple[np.ndarray, np.ndarray]:
    """The compiled road: int64[n] labels (smallest row of the group) for customer and suggested.

    `rows`: `rows.Rows` in the order of record keys; `left`, `right`, `weight`: links at or above the suggested
    threshold;
    `together`, `apart`: decisions as places, sorted.
    """
    import numpy as np

    from klantbeeld.engines.matching import greedy

    n = len(rows.rows)
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    order = np.lexsort((high, low, -weight))
    low, high, weight = low[order], high[order], weight[order]
    bars, bar_start = _bar_table(n, apart)
    groups = greedy.start_groups(n)
    must = np.array(list(together), np.int64).reshape(-1, 2)
    greedy.join_decided(groups, np.ascontiguousarray(must[:, 0]), np.ascontiguousarray(must[:, 1]), bars, bar_start)
    chosen = np.zeros(n, np.bool_)
    chosen[must.ravel()] = True
    labels: list[np.ndarray] = []
    near = np.concatenate([low, high])
    order = np.lexsort((np.concatenate([np.arange(len(low))] * 2), near))
    links = (low, high, weight, (order % max(len(low), 1)).astype(np.int64), _starts(near, n))
    component = greedy.join_all(np.arange(n), low, high)
    for threshold in (model.thresholds.customer, model.thresholds.suggested):
        if labels and threshold == model.thresholds.customer:
            return labels[0], labels[0]
        strong = int(np.searchsorted(-weight, -threshold, side="right"))
        moved = np.zeros(n, np.int64)
        for turn in range(1, PASSES + 1):
            merged = greedy.join_greedily(  # type: ignore[call-arg]  # numba types no starred arguments
                groups, links, strong, threshold, rows.rows, rows.spec, model.averaged,
                model.log_levels, model.log_totals, *rows.args()[1:], bars, bar_start, chosen, component, moved, turn,
            )  # fmt: skip
            if not merged:
                break
        labels.append(smallest_members(greedy.roots(groups[0])))
    return labels[0], labels[1]


def _bar_table(n: int, apart: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    both = np.array([*apart, *((j, i) for i, j in apart)], np.int64).reshape(-1, 2)
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    return np.ascontiguousarray(both[:, 1]), _starts(both[:, 0], n)


def _starts(places: np.ndarray, n: int) -> np.ndarray:
    """Where the entries of every record begin in a table sorted by record, and where the last ends."""
    import numpy as np

    return np.concatenate(([0], np.cumsum(np.bincount(places, minlength=n)))).astype(np.int64)


def smallest_members(labels: np.ndarray) -> np.ndarray:
    """Rename groups to the smallest place of a member."""
    import numpy as np

    first = np.full(int(labels.max()) + 1 if len(labels) else 0, np.iinfo(np.int64).max)
    np.minimum.at(first, labels, np.arange(len(labels)))
    return first[labels]
