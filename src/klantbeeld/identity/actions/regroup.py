"""From touched records to customers: the components they are in are clustered again, and the ledger gives the ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from klantbeeld.identity.actions.evidence import features_of
from klantbeeld.identity.contracts import Change, Resolved, What
from klantbeeld.identity.ports import Features, Matcher
from klantbeeld.identity.rules.components import components
from klantbeeld.identity.rules.decisions import SAME, Judged, judge
from klantbeeld.identity.rules.ids import Assignment, Bond, assign
from klantbeeld.identity.tables import inputs, links, members
from klantbeeld.identity.tables.links import LinkData
from klantbeeld.identity.tables.members import CustomerData, LedgerData, MemberData
from klantbeeld.identity.tables.nearby import Nearby
from klantbeeld.identity.tables.wire import together

DECIDED = 1e9
"""Strength of a "same" decision beside the weights of links, where a newcomer's home is looked for."""


@dataclass(frozen=True, slots=True)
class Act:
    """In whose name and why."""

    cause: str
    actor: str
    at: datetime


@dataclass(slots=True)
class Scene:
    """Everything in the touched components: members as they were, who is live now, and what connects them."""

    before: dict[int, MemberData]
    kinds: dict[int, int]
    live: set[int]
    links: list[LinkData]
    judged: Judged
    same: list[tuple[int, int]]
    companions: frozenset[int]
    nearby: Nearby | None

    @property
    def decided(self) -> set[int]:
        """Records that somebody decided about."""
        return {record for word in (*self.judged.holding, *self.judged.ties) for record in word.ends}


def regroup(
    matchers: Mapping[int, Matcher],
    seeds: Iterable[int],
    *,
    content: Mapping[int, int],
    gone: Iterable[int] = (),
    features: Mapping[int, Features],
    act: Act,
    nearby: Nearby | None = None,
) -> Resolved:
    """Cluster the components of `seeds` again and write what changed.

    `content`: records whose content changed, with their kind (live ones). `gone`: records that are there no more.
    `features`: what is known already of records' features; `nearby`: what was read
    already of what is around them. One transaction, with the writer's lock held.
    """
    scene = _load(seeds, content, set(gone), nearby)
    parts = components(scene.kinds, _edges(matchers, scene))
    groups, suggested = _cluster(matchers, scene, parts, features)
    homes = {row.record: row.home for row in scene.before.values() if row.home is not None}
    assigned = assign(groups, homes, _bonds(scene))
    return _write(scene, parts, groups, suggested, assigned, content, act)


def _load(seeds: Iterable[int], content: Mapping[int, int], gone: set[int], nearby: Nearby | None) -> Scene:
    wanted = {*seeds, *content, *gone}
    found = nearby.around(wanted) if nearby is not None else None
    if found is None:
        nearby, found = None, members.around(wanted)
    rows = {row.record: row for row in found}
    returning = {
        row.home for row in rows.values() if row.customer is None and row.record in content and row.home is not None
    }
    if returning:
        # The id it had may live on with records that it is no longer connected with: they decide together who has it.
        apart = {row.component for row in members.at_home(returning)} - {row.component for row in rows.values()}
        if apart:
            rows.update((row.record, row) for row in members.in_components(apart))
            nearby = None
    kinds = {record: row.kind for record, row in rows.items()} | dict(content)
    live = ({record for record, row in rows.items() if row.customer is not None} | set(content)) - gone
    said = members.words(kinds) if nearby is None else nearby.words_of(kinds)
    words = [word for word in said if word.left in kinds and word.right in kinds]
    held: list[LinkData] = []
    if len(live) > 1:
        held = links.inside(live) if nearby is None else nearby.inside(live)
    same = [(word.left, word.right) for word in words if word.verdict == SAME]
    companions: frozenset[int] = frozenset()
    if same:
        ends = {record for pair in same for record in pair}
        companions = inputs.without_evidence(ends) if nearby is None else nearby.without_evidence(ends)
    return Scene(rows, kinds, live, held, judge(words, companions), same, companions, nearby)


def _edges(matchers: Mapping[int, Matcher], scene: Scene) -> list[tuple[int, int]]:
    strong = [(link.left, link.right) for link in scene.links if link.weight >= matchers[scene.kinds[link.left]].floor]
    return strong + scene.same


def _cluster(
    matchers: Mapping[int, Matcher],
    scene: Scene,
    parts: Sequence[Sequence[int]],
    known: Mapping[int, Features],
) -> tuple[list[tuple[int, ...]], dict[int, int]]:
    """Groups of live records that are one customer, and per record the smallest record of its suggested group."""
    groups: list[tuple[int, ...]] = []
    suggested: dict[int, int] = {}
    waiting: dict[int, list[int]] = {}
    decided = scene.decided
    weight = {(link.left, link.right): link.weight for link in scene.links}
    for part in parts:
        alive = [record for record in part if record in scene.live and record not in scene.companions]
        if len(alive) == 1:
            groups.append((alive[0],))
            suggested[alive[0]] = alive[0]
        elif len(alive) == 2 and len(part) == 2 and not decided.intersection(part):
            groups += _two(matchers[scene.kinds[alive[0]]], min(alive), max(alive), weight)
            suggested |= dict.fromkeys(alive, min(alive))
        elif alive:
            waiting.setdefault(scene.kinds[alive[0]], []).extend(alive)
    for kind, records in waiting.items():
        made, doubtful = _ask(matchers[kind], scene, sorted(records), known)
        groups += made
        suggested |= doubtful
    return _with_companions(scene, groups, suggested), suggested


def _two(matcher: Matcher, left: int, right: int, weight: Mapping[tuple[int, int], float]) -> list[tuple[int, ...]]:
    """Most components are two records: their link alone decides, as it does in the engine."""
    return [(left, right)] if weight[left, right] >= matcher.merging else [(left,), (right,)]


def _with_companions(scene: Scene, groups: list[tuple[int, ...]], suggested: dict[int, int]) -> list[tuple[int, ...]]:
    """Put what employees wrote with the record it was written about; without one it stands alone."""
    place = {record: number for number, group in enumerate(groups) for record in group} if scene.companions else {}
    for companion in sorted(scene.companions & scene.live):
        partner = scene.judged.partner(companion, scene.live - scene.companions)
        if partner is None:
            groups.append((companion,))
            suggested[companion] = companion
        else:
            groups[place[partner]] = tuple(sorted((*groups[place[partner]], companion)))
            suggested[companion] = suggested[partner]
    return groups


def _ask(
    matcher: Matcher, scene: Scene, records: list[int], known: Mapping[int, Features]
) -> tuple[list[tuple[int, ...]], dict[int, int]]:
    position = {record: place for place, record in enumerate(records)}
    nearby = scene.nearby
    own = inputs.load(records) if nearby is None else [nearby.inputs[record] for record in records]
    stable = {row.record_id: row.stable for row in own}
    features = features_of(matcher, known, records, nearby)
    grouped = matcher.group(
        [stable[record] for record in records],
        [features[record] for record in records],
        [
            (position[link.left], position[link.right], link.weight, link.household, link.levels)
            for link in scene.links
            if link.left in position and link.right in position
        ],
        [(position[a], position[b]) for a, b in scene.judged.must(set(records))],
        [(position[a], position[b]) for a, b in scene.judged.cannot(set(records))],
    )
    by_label: dict[int, list[int]] = {}
    for record, label in zip(records, grouped.customer, strict=True):
        by_label.setdefault(int(label), []).append(record)
    first: dict[int, int] = {}
    doubtful = {
        record: first.setdefault(int(label), record) for record, label in zip(records, grouped.suggested, strict=True)
    }
    return [tuple(group) for group in by_label.values()], doubtful


def _bonds(scene: Scene) -> list[Bond]:
    return [(link.weight, link.left, link.right) for link in scene.links] + [
        (DECIDED, left, right) for left, right in scene.same
    ]


def _write(
    scene: Scene,
    parts: Sequence[Sequence[int]],
    groups: Sequence[tuple[int, ...]],
    suggested: Mapping[int, int],
    assigned: Sequence[Assignment],
    content: Mapping[int, int],
    act: Act,
) -> Resolved:
    ids, born = _name_groups(scene, groups, assigned, act)
    component = {record: min(part) for part in parts for record in part}
    rows, ledger = _new_rows(scene, groups, suggested, assigned, ids, component)
    known = _customers(
        scene,
        {row.customer for row in scene.before.values() if row.customer is not None}
        | {customer for one in assigned for customer in one.retired}
        | set(ids) - born.keys(),
    )
    known |= born
    known |= _customers(scene, {row.into for row in known.values() if row.into is not None} - known.keys())
    targets = _targets(known, assigned, ids)
    for customer, target in targets.items():
        old = known[customer].into
        event, other = ("revived", old) if target is None else ("merged", target)
        ledger.append(LedgerData(event, customer, other, None))
    with together():
        members.store_members(rows)
        members.point(targets, act.at)
        members.write_ledger(ledger, cause=act.cause, actor=act.actor, at=act.at)
    changes = tuple(_changes(scene, groups, assigned, ids, known, targets, content))
    return Resolved(changes, _clusters(scene, suggested))


def _clusters(scene: Scene, suggested: Mapping[int, int]) -> frozenset[int]:
    """Of the touched components the suggested groups, as they were and as they are, that have several records."""
    if len(scene.live) < 2 and len(scene.before) < 2:
        return frozenset()
    before = Counter(row.suggested for row in scene.before.values() if row.customer is not None)
    now = Counter(suggested.values())
    return frozenset(label for one in (before, now) for label, records in one.items() if records > 1)


def _customers(scene: Scene, wanted: set[int]) -> dict[int, CustomerData]:
    read = scene.nearby.customers if scene.nearby is not None else {}
    found = {customer: read[customer] for customer in wanted if customer in read}
    return found | members.customers(wanted - found.keys())


def _name_groups(
    scene: Scene, groups: Sequence[tuple[int, ...]], assigned: Sequence[Assignment], act: Act
) -> tuple[list[int], dict[int, CustomerData]]:
    """The customer id of each group, and the new ones among them, born in the order of their oldest records."""
    new = sorted((min(group), place) for place, group in enumerate(groups) if assigned[place].customer is None)
    born = members.bear([scene.kinds[oldest] for oldest, _ in new], act.at)
    made = {place: customer.id for (_, place), customer in zip(new, born, strict=True)}
    ids = [made.get(place) or one.customer or 0 for place, one in enumerate(assigned)]
    return ids, {customer.id: customer for customer in born}


def _new_rows(
    scene: Scene,
    groups: Sequence[tuple[int, ...]],
    suggested: Mapping[int, int],
    assigned: Sequence[Assignment],
    ids: Sequence[int],
    component: Mapping[int, int],
) -> tuple[list[MemberData], list[LedgerData]]:
    """Members that are not what they were, and the ledger's lines about records."""
    rows: list[MemberData] = []
    ledger: list[LedgerData] = []
    for group, one, customer in zip(groups, assigned, ids, strict=True):
        born_with = min(group) if one.customer is None else None
        if born_with is not None:
            ledger.append(LedgerData("born", customer, None, born_with))
        for record in group:
            before = scene.before.get(record)
            moved = record in one.homes
            home = (one.homes[record] or customer) if moved else (before.home if before else customer)
            row = MemberData(record, scene.kinds[record], customer, home, component[record], suggested[record])
            if row != before:
                rows.append(row)
            if (moved or (before is not None and before.customer is None)) and record != born_with:
                ledger.append(LedgerData("joined", home or customer, None, record))
    for record, before in scene.before.items():
        if record in scene.live:
            continue
        row = before._replace(customer=None, component=component[record], suggested=record)
        if row != before:
            rows.append(row)
        if before.customer is not None and before.home is not None:
            ledger.append(LedgerData("left", before.home, None, record))
    return rows, ledger


def _targets(
    known: Mapping[int, CustomerData], assigned: Sequence[Assignment], ids: Sequence[int]
) -> dict[int, int | None]:
    """Where ids point that pointed elsewhere before."""
    targets: dict[int, int | None] = {}
    for one, customer in zip(assigned, ids, strict=True):
        if known[customer].into is not None:
            targets[customer] = None
        targets.update((retired, customer) for retired in one.retired if known[retired].into != customer)
    return targets


def _changes(
    scene: Scene,
    groups: Sequence[tuple[int, ...]],
    assigned: Sequence[Assignment],
    ids: Sequence[int],
    known: Mapping[int, CustomerData],
    targets: Mapping[int, int | None],
    content: Mapping[int, int],
) -> Iterable[Change]:
    held: dict[int, set[int]] = {}
    for row in scene.before.values():
        if row.customer is not None:
            held.setdefault(row.customer, set()).add(row.record)
    for group, one, customer in zip(groups, assigned, ids, strict=True):
        for retired in one.retired:
            was = known[retired].into
            if retired in targets and (was is None or targets.get(was, was) != customer):
                yield _change(known, retired, What.MERGED, customer, group)
        if one.customer is None:
            yield _change(known, customer, What.BORN, _origin(scene, group), group)
        elif known[customer].into is not None:
            yield _change(known, customer, What.REVIVED, known[customer].into, group)
        elif customer not in held:
            yield _change(known, customer, What.REVIVED, None, group)
        elif held[customer] != set(group) or any(record in content for record in group):
            yield _change(known, customer, What.CHANGED, None, group)
    standing = set(ids)
    for customer in sorted(held.keys() - standing - targets.keys()):
        yield _change(known, customer, What.EMPTIED, None, ())


def _origin(scene: Scene, group: Sequence[int]) -> int | None:
    """The customer that a new one was split from: the one that had most of its records."""
    was = [scene.before[record].customer for record in group if record in scene.before]
    held = sorted({customer for customer in was if customer is not None}, key=lambda c: (-was.count(c), c))
    return held[0] if held else None


def _change(
    known: Mapping[int, CustomerData], customer: int, what: What, other: int | None, group: Sequence[int]
) -> Change:
    row = known[customer]
    other_uuid = known[other].uuid if other is not None else None
    return Change(customer, row.uuid, row.kind, what, other, other_uuid, tuple(sorted(group)))
