"""Organisations: legal and trade names, branches, contact persons, sole traders who are consumers too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.demo.dice import Dice, Flags, Ints, Texts, Weights, texts
from klantbeeld.demo.tables import business
from klantbeeld.demo.world import names
from klantbeeld.demo.world.persons import Persons
from klantbeeld.demo.world.reach import plain

SOLE = 0
"""Legal form of a sole trader: the person is the business."""

CONTACTS = 3
"""At most so many contact persons per organisation."""

_FORMS = Weights(business.LEGAL_FORM_WEIGHTS)
_BRANCHES = Weights([0.74, 0.12, 0.07, 0.04, 0.03])


@dataclass(frozen=True, slots=True)
class Organisations:
    """One row per organisation. `contacts` has three persons per row, -1 where there are fewer; the first is the owner
    of a sole trade. `first_dwelling` is the seat, the branches have the dwelling numbers after it; `parent` is the
    organisation it belongs to, or -1. `at_home`: a sole trader whose business has the address of the owner's home.
    """

    form: Ints
    trade_name: Texts
    legal_name: Texts
    kvk: Texts
    vat: Texts
    domain: Texts
    contacts: Ints
    branches: Ints
    first_dwelling: Ints
    at_home: Flags
    parent: Ints
    lets_dwellings: Flags
    dwellings_end: int
    """The first dwelling number that no organisation uses."""

    @property
    def count(self) -> int:
        """Number of organisations."""
        return len(self.form)


def organisations_for(size: int) -> int:
    """Give how many organisations go with so many persons: 6 on each 100."""
    return max(HOUSING_MINIMUM, size * 6 // 100)


HOUSING_MINIMUM = 2 * business.HOUSING_EVERY


def found_organisations(dice: Dice, persons: Persons, first_dwelling: int) -> Organisations:
    """Found the organisations of a world; their dwellings are numbered from `first_dwelling`."""
    count = organisations_for(persons.count)
    index = np.arange(count, dtype=np.int64)
    lets = index % business.HOUSING_EVERY == 5
    form = np.where(lets, 3, dice.choose("form", index, _FORMS))
    contacts = _contacts(dice, index, persons)
    branches = np.where(form == SOLE, 0, dice.choose("branches", index, _BRANCHES))
    at_home = (form == SOLE) & dice.chance("at home", index, 0.6)
    trade, legal = _names(dice, index, form, persons.surname[contacts[:, 0]], lets)
    daughter = (form == 1) & (index >= 20) & dice.chance("daughter", index, 0.08)
    parent = np.where(daughter, dice.below("parent", index, 20), -1)
    domains = [f"{plain(name)[:28]}{row if row % 3 == 0 else ''}.example" for row, name in enumerate(trade)]
    starts = first_dwelling + np.cumsum(1 + branches) - 1 - branches
    return Organisations(
        form=form, trade_name=trade, legal_name=legal,
        kvk=texts([f"{10_000_000 + (n * 27_644_437 + 4_410_007) % 79_999_999:08d}" for n in index.tolist()]),
        vat=texts([_vat(n, sole) for n, sole in zip(index.tolist(), (form == SOLE).tolist(), strict=True)]),
        domain=_unique(domains), contacts=contacts, branches=branches, first_dwelling=starts, at_home=at_home,
        parent=parent, lets_dwellings=lets, dwellings_end=int(starts[-1] + branches[-1] + 1),
    )  # fmt: skip


def _unique(domains: list[str]) -> Texts:
    taken: set[str] = set()
    for row, domain in enumerate(domains):
        domains[row] = domain if domain not in taken else f"{row}-{domain}"
        taken.add(domains[row])
    return texts(domains)


def _contacts(dice: Dice, index: Ints, persons: Persons) -> Ints:
    """Choose one to three adults of working age per organisation; no adult owns two sole trades."""
    adults = np.flatnonzero((persons.age >= 21) & (persons.age < 68) & (persons.died < 0))
    order = adults[np.argsort(dice.bits("working", adults), kind="stable")]
    found = np.full((len(index), CONTACTS), -1, dtype=np.int64)
    number = 1 + dice.choose("contacts", index, Weights([0.5, 0.32, 0.18]))
    for place in range(CONTACTS):
        mine = np.flatnonzero(number > place)
        found[mine, place] = order[(place * len(index) + mine) % len(order)]
    return found


def _names(dice: Dice, index: Ints, form: Ints, owner_surname: Ints, lets: Flags) -> tuple[Texts, Texts]:
    """Compose trade names and legal names; a third of the companies are known by a name that is not the legal one."""
    full = names.surname_table().full
    town_bound = dice.below("naming", index, 10)
    trades = dice.below("trade", index, len(business.TRADES))
    fantasy = dice.below("fantasy", index, len(business.FANTASY))
    holding = dice.chance("holding", index, 0.33)
    trade_names, legal_names = [], []
    for row, (kind, naming) in enumerate(zip(form.tolist(), town_bound.tolist(), strict=True)):
        surname = full[owner_surname[row]]
        capital = surname[:1].upper() + surname[1:]
        trade, fancy = business.TRADES[trades[row]], business.FANTASY[fantasy[row]]
        if lets[row]:
            trade, naming = business.LETTING[row % len(business.LETTING)], 7
        shown = f"{trade} {capital}" if naming < 5 else f"{trade} {fancy}" if naming < 8 else f"{fancy} {trade}"
        shown = f"{capital} & Zn. {trade}" if naming == 4 else shown
        suffix = business.LEGAL_FORMS[kind]
        if kind == SOLE:
            legal = shown
        elif kind in (3, 4):
            legal = f"{suffix} {shown}"
        else:
            legal = f"{capital} Holding {suffix}" if holding[row] and kind == 1 else f"{shown} {suffix}"
        trade_names.append(shown)
        legal_names.append(legal)
    return texts(trade_names), texts(legal_names)


def _vat(number: int, sole: bool) -> str:
    """Give a Dutch VAT id with right check digits; that of a sole trader hides no number of a person (since 2020)."""
    body = 80_000_000 + (number * 27_644_437) % 9_999_991
    digits = f"{body:08d}"
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
    if not sole:
        if remainder == 10:
            return _vat(number + 7_000_003, sole)
        return f"NL{digits}{remainder}B01"
    digits += str((remainder + 1) % 10)
    value = int(f"2321{digits}11")
    return f"NL{digits}B{98 - value * 100 % 97:02d}"
