"""The book of policies: which contracts there are, on what, and who has which role from when to when."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from klantbeeld.demo.dice import Dice, Flags, Ints
from klantbeeld.demo.world import World
from klantbeeld.demo.world.calendar import TODAY, UNKNOWN

CONTENTS, LETTING, CAR, FUNERAL = range(4)
PRODUCTS = ("Inboedel", "Verhuurdersbundel", "Auto", "Uitvaart")
CODES = ("IB", "VH", "AU", "UV")
NOBODY = -(2**40)
"""No party. A party is a person (0 and up) or organisation n as -1-n."""

NO_OBJECT = -1
MOST_INSURED = 3


@dataclass(frozen=True, slots=True)
class Book:
    """Policies in columns. `thing` is a dwelling, a plate number, or NO_OBJECT, according to the product. Days are day
    numbers, UNKNOWN for an open end. `next_holder` took the policy over on `next_from`; tenants are those of the
    dwelling, one after the other.
    """

    product: Ints
    thing: Ints
    start: Ints
    end: Ints
    holder: Ints
    holder_to: Ints
    next_holder: Ints
    next_from: Ints
    payer: Ints
    insured: Ints
    tenant: Ints
    tenant_to: Ints
    next_tenant: Ints
    next_tenant_from: Ints

    def __len__(self) -> int:
        return len(self.product)

    def take(self, rows: Ints) -> Book:
        """Give the book with these rows only, in this order."""
        return Book(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def write_book(world: World) -> Book:
    """Write the book of a world, in an order that tells nothing."""
    dice = world.dice.within("policies")
    parts = (*_contents(world, dice), _letting(world, dice), _cars(world, dice), _funerals(world, dice))
    whole = Book(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Book)}
    )
    order = np.argsort(dice.bits("order", np.arange(len(whole), dtype=np.int64)), kind="stable")
    return whole.take(order)


def _page(product: int, holder: Ints, start: Ints, **columns: Ints) -> Book:
    """Give policies with what they have in common; columns that are not given are empty."""
    count = len(holder)
    nobody, unknown = np.full(count, NOBODY, dtype=np.int64), np.full(count, UNKNOWN, dtype=np.int64)
    given = {
        "product": np.full(count, product, dtype=np.int64), "thing": np.full(count, NO_OBJECT, dtype=np.int64),
        "start": start, "end": unknown, "holder": holder, "holder_to": unknown, "next_holder": nobody,
        "next_from": unknown, "payer": holder, "insured": np.full((count, MOST_INSURED), NOBODY, dtype=np.int64),
        "tenant": nobody, "tenant_to": unknown, "next_tenant": nobody, "next_tenant_from": unknown,
    }  # fmt: skip
    return Book(**{**given, **columns})


def _heads(world: World, families: Ints) -> Ints:
    return np.searchsorted(world.persons.family, families, side="left").astype(np.int64)


def _at_home(world: World, heads: Ints) -> Ints:
    """List up to three others who live with the head: partner and children who did not leave."""
    persons = world.persons
    found = np.full((len(heads), MOST_INSURED), NOBODY, dtype=np.int64)
    for place in range(MOST_INSURED):
        other = np.minimum(heads + 1 + place, world.size - 1)
        same = (persons.family[other] == persons.family[heads]) & (other > heads) & (persons.left_home[other] < 0)
        found[:, place] = np.where(same, other, NOBODY)
    return found


def _contents(world: World, dice: Dice) -> tuple[Book, Book]:
    """Insure the contents of dwellings; who moved had another policy on the dwelling before."""
    families = np.arange(world.persons.families, dtype=np.int64)
    chosen = families[dice.chance("contents", families, 0.42)]
    head, moved = _heads(world, chosen), world.occupancy.moved[chosen]
    partner, died = world.persons.partner[head], world.persons.died[head]
    long_ago = TODAY - 200 - dice.below("contents start", chosen, 4000)
    start = np.where(moved >= 0, moved + dice.below("cover", chosen, 14), long_ago)
    start = np.where((died >= 0) & (start >= died), died - 400, start)
    parted = (died < 0) & (partner >= 0) & dice.chance("parted", chosen, 0.08)
    half_way = start + (TODAY - start) // 2
    handed = np.where(died >= 0, died, np.where(parted, half_way, UNKNOWN))
    takes_over = (handed != UNKNOWN) & (partner >= 0)
    now = _page(
        CONTENTS, head, start, thing=world.occupancy.current[chosen],
        end=np.where((handed != UNKNOWN) & ~takes_over, handed + 30, UNKNOWN),
        holder_to=np.where(takes_over, handed, UNKNOWN),
        next_holder=np.where(takes_over, partner, NOBODY), next_from=np.where(takes_over, handed + 1, UNKNOWN),
        payer=np.where((partner >= 0) & dice.chance("partner pays", chosen, 0.3), partner, head),
        insured=_at_home(world, head),
    )  # fmt: skip
    gone = np.flatnonzero((moved >= 0) & dice.chance("policy before", chosen, 0.6))
    before = _page(
        CONTENTS, head[gone], moved[gone] - 300 - dice.below("before start", gone, 2000),
        thing=world.occupancy.previous[chosen[gone]], end=moved[gone] - 1,
    )  # fmt: skip
    return now, before


def _letting(world: World, dice: Dice) -> Book:
    """Insure landlords; the same policy sees one tenant leave and the next one come."""
    occupancy = world.occupancy
    leavers = np.flatnonzero(occupancy.movers & (occupancy.previous < world.persons.families))
    leavers = leavers[occupancy.previous[leavers] >= 0]
    leavers = leavers[dice.chance("let", leavers, 0.3)]
    comers = occupancy.previous[leavers]
    landlords = np.flatnonzero(world.organisations.lets_dwellings)
    holder = -1 - landlords[dice.below("landlord", comers, len(landlords))]
    return _page(
        LETTING, holder, occupancy.moved[leavers] - 400 - dice.below("let since", leavers, 2500), thing=comers,
        tenant=_heads(world, leavers), tenant_to=occupancy.moved[leavers] - 1,
        next_tenant=_heads(world, comers), next_tenant_from=occupancy.moved[comers],
    )  # fmt: skip


def _cars(world: World, dice: Dice) -> Book:
    """Insure cars; some were bought from another customer, whose policy on the same plate ended before."""
    persons = world.persons
    owners = np.flatnonzero((persons.age >= 19) & (persons.died < 0))
    owners = owners[dice.chance("car", owners, 0.3)]
    start = TODAY - 30 - dice.below("car start", owners, 3000)
    second_hand = dice.chance("second hand", owners, 0.06)
    second_hand[0] = False
    second_hand[1:] &= ~second_hand[:-1]
    seller = np.flatnonzero(second_hand) - 1
    plate = np.arange(len(owners), dtype=np.int64)
    plate[second_hand] = plate[seller]
    end = np.full(len(owners), UNKNOWN, dtype=np.int64)
    start[second_hand] = np.maximum(start[second_hand], start[seller] + 10)
    end[seller] = start[second_hand] - 1
    partner = persons.partner[owners]
    insured = np.full((len(owners), MOST_INSURED), NOBODY, dtype=np.int64)
    insured[:, 0] = np.where((partner >= 0) & dice.chance("partner drives", owners, 0.4), partner, NOBODY)
    lease = dice.chance("lease", owners, 0.05)
    employer = -1 - dice.below("employer", owners, world.organisations.count)
    payer = np.where(lease, employer, owners)
    return _page(CAR, owners, start, thing=plate, end=end, payer=payer, insured=insured)


def _funerals(world: World, dice: Dice) -> Book:
    """Insure children; the head of the family holds the policy and pays."""
    persons = world.persons
    children = np.flatnonzero((persons.age < 18) & (persons.head != np.arange(world.size)))
    children = children[dice.chance("funeral", children, 0.22)]
    insured = np.full((len(children), MOST_INSURED), NOBODY, dtype=np.int64)
    insured[:, 0] = children
    start = persons.born[children] + 30 + dice.below("funeral start", children, 300)
    return _page(FUNERAL, persons.head[children], np.minimum(start, TODAY - 1), insured=insured)


def is_person(party: Ints) -> Flags:
    """Say which parties are persons."""
    return party >= 0


def is_organisation(party: Ints) -> Flags:
    """Say which parties are organisations."""
    return (party < 0) & (party != NOBODY)
