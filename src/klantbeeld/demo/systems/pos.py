"""The tills of the shops: loyalty cards typed over from paper, and receipts, as semicolon CSV in Windows-1252.

Much of it is in capitals, without marks and abbreviated; a quarter of the receipts has no card.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.demo import mess
from klantbeeld.demo.dice import Dice, Ints, Texts, Weights, texts
from klantbeeld.demo.sheet import Habits, Stamps, stamps, write
from klantbeeld.demo.systems import goods
from klantbeeld.demo.systems.feed import (
    Columns,
    Feed,
    System,
    euros,
    members,
    numbered,
    optional_dates,
    person_entities,
    persons_aged,
    spaced,
)
from klantbeeld.demo.world import World
from klantbeeld.demo.world.reach import loyalty

CODE = "pos"
HABITS = Habits(
    given=0.5, official=0.15, nickname=0.06, initials=0.55, sex=0.5, surname=0.97, prefix_lost=0.09,
    prefix_merged=0.35, surname_typo=0.06, by_ear=0.45, given_typo=0.05, swapped=0.006, upper=0.36, born=0.66,
    born_default=0.022, born_swapped=0.012, born_typo=0.02, address=0.72, street=0.45, suffix_lost=0.3,
    street_typo=0.06, number_typo=0.015, postcode_typo=0.02, phone=0.5, landline=0.12, phone_typo=0.02, email=0.52,
    email_typo=0.03, ascii_only=0.25,
)  # fmt: skip
RECEIPTS = Weights([0.1, 0.3, 0.25, 0.16, 0.1, 0.06, 0.03])
FIRST_RECEIPT = 70_000_000
SHOPS = ("Markt 4", "Stationsplein", "Winkelhof", "Outlet Zuid", "Havenkwartier", "De Passage", "Molenpoort")


@dataclass(frozen=True)
class Tills:
    """Who has which card, and which receipts there are; `receipt` is the receipt of each line."""

    world: World
    dice: Dice
    who: Ints
    card: Texts
    stamps: Stamps
    owner: Ints
    moment: Ints
    receipt: Ints
    place: Ints

    def cards(self, rows: Ints) -> Columns:
        """Write loyalty cards."""
        dice = self.dice.within("cards")
        sheet = write(self.world, dice, rows, self.who[rows], self.stamps.changed[rows], HABITS)
        return {
            "KAARTNR": self.card[rows],
            "VOORLETTERS": sheet.initials,
            "VOORNAAM": sheet.given,
            "TUSSENV": sheet.prefix,
            "ACHTERNAAM": sheet.surname,
            "GESL": sheet.sex,
            "GEBDAT": optional_dates(sheet.born, "dmy"),
            "STRAAT": sheet.street,
            "HUISNR": _number(sheet.number, sheet.suffix),
            "POSTCODE": spaced(sheet.postcode, dice.chance("space", rows, 0.3)),
            "PLAATS": sheet.town,
            "TEL": mess.phone(sheet.phone, dice.below("phone style", rows, 4)),
            "EMAIL": sheet.email,
            "UITGIFTE": optional_dates(self.stamps.created[rows] // 86_400, "dmy"),
            "MUTATIE": _moments(self.stamps.changed[rows]),
        }

    def receipts(self, rows: Ints) -> Columns:
        """Write lines of receipts; the lines of one receipt follow each other."""
        receipt = self.receipt[rows]
        dice = self.dice.within("receipts")
        found = goods.lines_at(dice, receipt, self.place[rows], receipt)
        whole, position = np.unique(receipt, return_inverse=True)
        total, cost = goods.totals(goods.lines(dice, whole), len(whole))
        owner = self.owner[receipt]
        return {
            "BONNR": numbered("", FIRST_RECEIPT, receipt),
            "REGEL": texts([str(place + 1) for place in found.place.tolist()]),
            "TIJDSTIP": _moments(self.moment[receipt]),
            "FILIAAL": texts(SHOPS)[self.dice.below("shop", receipt, len(SHOPS))],
            "KAARTNR": np.where(owner >= 0, self.card[owner], ""),
            "BONTOTAAL": euros(total[position], ","),
            "BONINKOOP": euros(cost[position], ","),
            "ARTIKEL": found.sku,
            "OMSCHRIJVING": found.title,
            "AANTAL": texts([str(count) for count in found.quantity.tolist()]),
            "BEDRAG": euros(found.quantity * found.price, ","),
            "INKOOP": euros(found.quantity * found.cost, ","),
            "MARGE": euros(found.quantity * (found.price - found.cost), ","),
        }


def open_tills(world: World) -> Tills:
    """Give the tills of a world; a person with two cards has two numbers."""
    dice = world.dice.within(CODE)
    who = members(dice, persons_aged(world, 14), 0.45, 0.07)
    rows = np.arange(len(who), dtype=np.int64)
    first = np.zeros(len(who), dtype=np.bool_)
    first[np.unique(who, return_index=True)[1]] = True
    when = stamps(dice, rows, 12)
    owner, moment = goods.spread(dice.within("receipts"), when.created, RECEIPTS, extra=len(who) * 6 // 10)
    receipts = np.arange(len(owner), dtype=np.int64)
    counts = goods.line_counts(dice.within("receipts"), receipts)
    place = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return Tills(
        world, dice, who, loyalty(np.where(first, who, world.size + rows)), when, owner, moment,
        np.repeat(receipts, counts), place,
    )  # fmt: skip


def pos_system(world: World) -> System:
    """Give the tills as a system."""
    state = open_tills(world)
    one = np.zeros(1, dtype=np.int64)
    feeds = (
        Feed(CODE, "cards", len(state.who), tuple(state.cards(one)), state.cards, state.stamps.changed,
             lambda rows: state.card[rows], lambda rows: person_entities(state.who[rows])),
        Feed(CODE, "receipts", len(state.receipt), tuple(state.receipts(one)), state.receipts,
             state.moment[state.receipt]),
    )  # fmt: skip
    return System(CODE, "csv", feeds)


def _number(number: Texts, suffix: Texts) -> Texts:
    """Write number and suffix in one field, as tills do."""
    rows = zip(number.tolist(), suffix.tolist(), strict=True)
    return texts([f"{first}{'-' if len(rest) > 1 else ''}{rest}" if rest and first else first for first, rest in rows])


def _moments(seconds: Ints) -> Texts:
    days = optional_dates(seconds // 86_400, "dmy").tolist()
    clock = (seconds % 86_400 // 60).tolist()
    return texts([f"{day} {minute // 60:02d}:{minute % 60:02d}" for day, minute in zip(days, clock, strict=True)])
