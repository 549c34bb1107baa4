"""Which group of records gets which customer id.

Every record has a *home*: the id under which it first stood, or to which it moved. Merging does not change homes, so
the home tells whose record it was before. Each id goes to the group that holds most of its home; a group that wins
several ids stands under the oldest of them and the others point to it. From this follow the rules of
docs/architecture.md: the oldest id survives a merge, a part that holds the records of an id takes that id back, of a
plain split the largest part keeps the id, and what wins no id gets a new one.

The result depends on nothing but (groups, homes), so merging and unmerging in any order ends where it began, and
computing it again from the ledger changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Bond = tuple[float, int, int]
"""Weight of a link and its two records: a newcomer to a merged customer takes the home of whom it belongs with."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One group's id (None: a new one), the other ids that now point to it, and the homes that change.

    A home of None stands for the new id.
    """

    customer: int | None
    retired: tuple[int, ...]
    homes: Mapping[int, int | None]


def assign(groups: Sequence[Sequence[int]], homes: Mapping[int, int], bonds: Iterable[Bond] = ()) -> list[Assignment]:
    """Give every group of record ids its customer id; one assignment per group, in the same order.

    `homes`: record id -> customer id, missing for records that were never in a customer. Smaller customer ids are
    older. `bonds`: links and decisions between records of one group; used only where several ids meet.
    """
    won: list[list[int]] = [[] for _ in groups]
    for customer, group in _winners(groups, homes).items():
        won[group].append(customer)
    bonded = list(bonds) if any(len(ids) > 1 for ids in won) else []
    return [_settle(group, sorted(ids), homes, bonded) for group, ids in zip(groups, won, strict=True)]


def _winners(groups: Sequence[Sequence[int]], homes: Mapping[int, int]) -> dict[int, int]:
    """For each id the number of the group that it goes to."""
    votes = [Counter(homes[record] for record in group if record in homes) for group in groups]
    best: dict[int, tuple[int, int, int]] = {}
    winner: dict[int, int] = {}
    for number, counts in enumerate(votes):
        if not counts:
            continue
        total, oldest = sum(counts.values()), min(groups[number])
        for customer, count in counts.items():
            # Most of its records; then where fewest others are, so that an id stays with a part that has no other;
            # then the oldest record.
            rank = (count, -(total - count), -oldest)
            if customer not in best or rank > best[customer]:
                best[customer], winner[customer] = rank, number
    return winner


def _settle(group: Sequence[int], ids: list[int], homes: Mapping[int, int], bonds: Sequence[Bond]) -> Assignment:
    if not ids:
        return Assignment(None, (), dict.fromkeys(group))
    held = set(ids)
    newcomers = [record for record in group if homes.get(record) not in held]
    if len(ids) == 1 or not newcomers:
        return Assignment(ids[0], tuple(ids[1:]), dict.fromkeys(newcomers, ids[0]))
    return Assignment(ids[0], tuple(ids[1:]), _adopt(group, newcomers, homes, bonds, ids[0]))


def _adopt(
    group: Sequence[int], newcomers: Sequence[int], homes: Mapping[int, int], bonds: Sequence[Bond], default: int
) -> dict[int, int | None]:
    """Homes of newcomers where several ids meet: along the strongest bonds first, as Prim's tree grows."""
    inside, waiting = set(group), set(newcomers)
    settled = {record: homes[record] for record in group if record not in waiting}
    strongest = sorted((bond for bond in bonds if bond[1] in inside and bond[2] in inside), key=_strength)
    adopted: dict[int, int | None] = {}
    while waiting:
        found = next(
            ((a, b) if b in waiting else (b, a) for _, a, b in strongest if (a in waiting) != (b in waiting)), None
        )
        if found is None:
            adopted.update(dict.fromkeys(waiting, default))
            break
        known, new = found
        settled[new] = settled[known]
        adopted[new] = settled[known]
        waiting.discard(new)
    return adopted


def _strength(bond: Bond) -> tuple[float, int, int]:
    return (-bond[0], min(bond[1], bond[2]), max(bond[1], bond[2]))
