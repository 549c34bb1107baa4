"""The partner: a dropshipper that knows whom it delivered to, and nothing else; a REST service with Link headers.

Each delivery has its own consignee: a full name in one field, an address, mostly a telephone number, a masked e-mail
address. One in five is not the person who ordered: somebody of the same family, or a present for somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.demo import mess
from klantbeeld.demo.dice import Dice, Ints, Texts, texts
from klantbeeld.demo.sheet import Habits, write
from klantbeeld.demo.systems import goods
from klantbeeld.demo.systems.feed import (
    Columns,
    Feed,
    System,
    constant,
    euros,
    numbered,
    person_entities,
    persons_aged,
    spaced,
)
from klantbeeld.demo.systems.shop import FIRST_ORDER, Shop, open_shop
from klantbeeld.demo.world import World
from klantbeeld.demo.world.calendar import before_now, iso_moment

CODE = "partner"
HABITS = Habits(
    given=0.8, official=0.05, nickname=0.06, initials=0.5, sex=0.0, prefix_lost=0.06, prefix_merged=0.0,
    surname_typo=0.03, by_ear=0.1, given_typo=0.02, upper=0.15, lower=0.03, born=0.0, address=1.0, street_typo=0.03,
    number_typo=0.008, suffix_lost=0.1, phone=0.78, landline=0.05, email=0.0, ascii_only=0.1,
)  # fmt: skip


@dataclass(frozen=True)
class Warehouse:
    """The deliveries: the order of the shop behind each, and who received it."""

    world: World
    dice: Dice
    shop: Shop
    order: Ints
    who: Ints

    @property
    def sent(self) -> Ints:
        """The moment at which each delivery left."""
        return before_now(self.shop.placed[self.order] + 3600 * (20 + self.dice.below("sent", self.order, 50)))

    def shipments(self, rows: Ints) -> Columns:
        """Write deliveries with their consignees."""
        dice, order, sent = self.dice.within("shipments"), self.order[rows], self.sent[rows]
        sheet = write(self.world, dice, rows, self.who[rows], sent, HABITS)
        orders = self.shop.dice.within("orders")
        line = goods.lines_at(orders, order, np.zeros(len(order), dtype=np.int64), order)
        delivered = self.updated(rows)
        masked = [f"{(row * 2_654_435_761) % 2**32:08x}@relay.pakvink.example" for row in rows.tolist()]
        return {
            "shipmentId": numbered("PV", 800_000, rows),
            "orderReference": numbered("MO-", FIRST_ORDER, order),
            "parcelCode": self.shop.parcel_codes(order),
            "consignee.name": _full_name(sheet.given, sheet.initials, sheet.prefix, sheet.surname),
            "consignee.addressLine": _line(sheet.street, sheet.number, sheet.suffix),
            "consignee.postcode": spaced(sheet.postcode, dice.chance("space", rows, 0.4)),
            "consignee.city": sheet.town,
            "consignee.country": constant("NL", len(rows)),
            "consignee.phone": mess.phone(sheet.phone, dice.below("phone style", rows, 6)),
            "consignee.email": texts(masked),
            "sku": line.sku,
            "quantity": texts([str(count) for count in line.quantity.tolist()]),
            "handlingCost": euros(395 + dice.below("cost", rows, 300)),
            "status": np.where(dice.chance("back", rows, 0.04), "returned", "delivered"),
            "shippedAt": iso_moment(sent),
            "deliveredAt": iso_moment(delivered),
            "updatedAt": iso_moment(delivered),
        }

    def updated(self, rows: Ints) -> Ints:
        """Give the moment of the last change of deliveries."""
        return before_now(self.sent[rows] + 3600 * (14 + self.dice.within("shipments").below("delivered", rows, 70)))


def receivers(world: World, dice: Dice, ordered_by: Ints, orders: Ints) -> Ints:
    """Choose who receives orders: mostly who ordered, else the next one in the family, else anybody."""
    following = np.minimum(ordered_by + 1, world.size - 1)
    family = (world.persons.family[following] == world.persons.family[ordered_by]) & dice.chance("family", orders, 0.2)
    adults = persons_aged(world, 18)
    present = adults[dice.below("present to", orders, len(adults))]
    receiver = np.where(family, following, ordered_by)
    return np.where(dice.chance("present", orders, 0.07), present, receiver)


def partner_system(world: World) -> System:
    """Give the partner as a system."""
    shop = open_shop(world)
    dice = world.dice.within(CODE)
    orders = np.arange(len(shop.owner), dtype=np.int64)
    orders = orders[shop.dropshipped(orders)]
    who = receivers(world, dice, shop.who[shop.owner[orders]], orders)
    state = Warehouse(world, dice, shop, orders, who)
    one, every = np.zeros(1, dtype=np.int64), np.arange(len(orders), dtype=np.int64)
    feed = Feed(
        CODE, "shipments", len(orders), tuple(state.shipments(one)), state.shipments, state.updated(every),
        lambda rows: numbered("PV", 800_000, rows), lambda rows: person_entities(state.who[rows]),
    )  # fmt: skip
    return System(CODE, "rest", (feed,))


def _full_name(given: Texts, initials: Texts, prefix: Texts, surname: Texts) -> Texts:
    rows = zip(given.tolist(), initials.tolist(), prefix.tolist(), surname.tolist(), strict=True)
    return texts(
        [" ".join(part for part in (first or letters, between, last) if part) for first, letters, between, last in rows]
    )


def _line(street: Texts, number: Texts, suffix: Texts) -> Texts:
    rows = zip(street.tolist(), number.tolist(), suffix.tolist(), strict=True)
    return texts([" ".join(part for part in (name, digits, rest) if part) for name, digits, rest in rows])
