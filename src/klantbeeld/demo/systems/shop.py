"""The web shop: accounts of consumers and businesses, orders, parcels and returns, over a REST service with cursors.

Customers type their own data: complete, in mixed notation, the tussenvoegsel in the surname; guests order again without
logging in, so that many have two accounts; now and then an export spoilt the encoding.
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
    constant,
    either,
    euros,
    members,
    numbered,
    optional_dates,
    persons_aged,
    scramble,
    spaced,
)
from klantbeeld.demo.world import World
from klantbeeld.demo.world.calendar import before_now, iso_moment
from klantbeeld.demo.world.reach import iban, loyalty

CODE = "shop"
HABITS = Habits(
    given=0.97, official=0.06, nickname=0.05, initials=0.12, sex=0.4, prefix_lost=0.05, prefix_merged=0.8,
    surname_typo=0.035, by_ear=0.1, given_typo=0.025, swapped=0.02, upper=0.02, lower=0.07, born=0.24,
    born_default=0.01, address=0.93, street_typo=0.04, phone=0.74, landline=0.07, email=0.985, old_email=0.14,
    email_typo=0.008, mojibake=0.03, entities=0.04,
)  # fmt: skip
ORDERS = Weights([0.16, 0.34, 0.22, 0.12, 0.07, 0.05, 0.04])
DROPSHIP_SHARE = 0.2
FIRST_ACCOUNT, FIRST_ORDER = 100_000, 2_000_000


@dataclass(frozen=True)
class Shop:
    """The shop's own state: who has which account, and which orders there are. `subject` is a person, or -1-n for
    organisation n.
    """

    world: World
    dice: Dice
    subject: Ints
    stamps: Stamps
    owner: Ints
    placed: Ints

    @property
    def who(self) -> Ints:
        """The person of each account; the contact person for a business."""
        return np.where(self.subject >= 0, self.subject, self.world.organisations.contacts[self._organisation, 0])

    @property
    def _organisation(self) -> Ints:
        return np.where(self.subject < 0, -1 - self.subject, 0)

    def entities(self, rows: Ints) -> Texts:
        """Name who is behind accounts."""
        return texts([f"P{who}" if who >= 0 else f"O{-1 - who}" for who in self.subject[rows].tolist()])

    def account_ids(self, rows: Ints) -> Texts:
        """Give account numbers."""
        return numbered("W-", FIRST_ACCOUNT, rows)

    def types(self, rows: Ints) -> Texts:
        """Say whether accounts are of a consumer or a business."""
        return either(self.subject[rows] < 0, "business", "consumer")

    def dropshipped(self, orders: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say per order whether the partner delivers it."""
        return self.dice.chance("dropship", orders, DROPSHIP_SHARE)

    def parcel_codes(self, orders: Ints) -> Texts:
        """Give the parcel code of orders; the carrier's, so the same at every party."""
        return texts([f"VK{(order * 7_919 + 104_729) % 1_000_000_007:010d}NL" for order in orders.tolist()])

    def customers(self, rows: Ints) -> Columns:
        """Write accounts."""
        world, who, changed = self.world, self.who[rows], self.stamps.changed[rows]
        dice = self.dice.within("customers")
        sheet = write(world, dice, rows, who, changed, HABITS)
        business, organisation = self.subject[rows] < 0, self._organisation[rows]
        known = world.organisations
        seat = world.addresses(world.seat(organisation))
        company = np.where(
            dice.chance("legal name", rows, 0.4), known.legal_name[organisation], known.trade_name[organisation]
        )
        mess.apply(company, dice.chance("company escaped", rows, 0.3), rows, mess.entities)
        partners_card = dice.chance("shared card", who, 0.08) & (world.persons.partner[who] >= 0)
        card = loyalty(np.where(partners_card, world.persons.partner[who], who))
        site = texts([f"inkoop@{domain}" for domain in known.domain[organisation].tolist()])
        return {
            "id": self.account_ids(rows),
            "type": self.types(rows),
            "company.name": either(business, company, ""),
            "company.vatNumber": either(
                business, np.where(dice.chance("vat", rows, 0.5), known.vat[organisation], ""), ""
            ),
            "company.kvk": either(business, np.where(dice.chance("kvk", rows, 0.35), known.kvk[organisation], ""), ""),
            "firstName": sheet.given,
            "lastName": _joined(sheet.prefix, sheet.surname),
            "gender": np.where(sheet.sex == "M", "male", np.where(sheet.sex == "V", "female", "")),
            "email": either(business, site, sheet.email),
            "phone": mess.phone(sheet.phone, dice.below("phone style", rows, 8)),
            "birthDate": either(business, "", optional_dates(sheet.born, "iso")),
            "billingAddress.street": either(business, seat.street, sheet.street),
            "billingAddress.houseNumber": either(business, texts([str(n) for n in seat.number.tolist()]), sheet.number),
            "billingAddress.addition": either(business, seat.suffix, sheet.suffix),
            "billingAddress.zip": spaced(
                either(business, seat.postcode, sheet.postcode), dice.chance("space", rows, 0.5)
            ),
            "billingAddress.city": either(business, seat.town, sheet.town),
            "billingAddress.country": constant("NL", len(rows)),
            "loyaltyNumber": either(business, "", np.where(dice.chance("card", rows, 0.27), card, "")),
            "iban": np.where(dice.chance("iban", rows, 0.3), iban(who), ""),
            "newsletter": dice.chance("newsletter", rows, 0.46).astype(object),
            "createdAt": iso_moment(self.stamps.created[rows]),
            "updatedAt": iso_moment(changed),
        }

    def orders(self, rows: Ints) -> Columns:
        """Write orders with their lines, each with what it cost."""
        dice, who = self.dice.within("orders"), self.who[self.owner[rows]]
        found = goods.lines(dice, rows)
        price, cost = goods.totals(found, len(rows))
        home = self.world.addresses(self.world.dwelling[who])
        dropshipped = self.dropshipped(rows).tolist()
        listed: list[list[dict[str, object]]] = [[] for _ in rows]
        columns = (found.basket, found.sku, found.title, found.quantity, found.price, found.cost)
        for basket, sku, title, quantity, line_price, line_cost in zip(*(c.tolist() for c in columns), strict=True):
            listed[basket].append(
                {
                    "sku": sku, "title": title, "quantity": quantity,
                    "unitPrice": f"{line_price / 100:.2f}", "unitCost": f"{line_cost / 100:.2f}",
                    "margin": f"{quantity * (line_price - line_cost) / 100:.2f}",
                    "fulfilledBy": "partner" if dropshipped[basket] else "own",
                }
            )  # fmt: skip
        return {
            "orderNumber": numbered("MO-", FIRST_ORDER, rows),
            "customerId": self.account_ids(self.owner[rows]),
            "customerType": self.types(self.owner[rows]),
            "placedAt": iso_moment(self.placed[rows]),
            "status": texts(["delivered", "cancelled", "returned"])[dice.choose("status", rows, Weights([91, 3, 6]))],
            "currency": constant("EUR", len(rows)),
            "totalAmount": euros(price),
            "totalCost": euros(cost),
            "lines": texts(listed),  # type: ignore[arg-type]
            "shipTo.zip": home.postcode,
            "shipTo.houseNumber": texts([str(n) for n in home.number.tolist()]),
            "parcelCode": self.parcel_codes(rows),
            "updatedAt": iso_moment(self.placed[rows]),
        }

    def delivered(self, orders: Ints) -> Ints:
        """Give the moment at which the parcels of orders arrived."""
        dice = self.dice.within("parcels")
        return before_now(
            self.placed[orders] + 3600 * (17 + dice.below("sent", orders, 40) + dice.below("delivered", orders, 60))
        )

    def returned(self, orders: Ints) -> Ints:
        """Give the moment at which returns of orders came in."""
        return before_now(self.placed[orders] + 86_400 * (6 + self.dice.within("returns").below("back", orders, 20)))

    def parcels(self, orders: Ints) -> Columns:
        """Write the parcels which the shop itself sends, one per order."""
        dice, rows = self.dice.within("parcels"), orders
        sent = before_now(self.placed[rows] + 3600 * (5 + dice.below("sent", rows, 40)))
        delivered = self.delivered(rows)
        neighbour = dice.chance("neighbour", rows, 0.07)
        return {
            "parcelCode": self.parcel_codes(rows),
            "orderNumber": numbered("MO-", FIRST_ORDER, rows),
            "customerId": self.account_ids(self.owner[rows]),
            "customerType": self.types(self.owner[rows]),
            "carrier": constant("Vlugge Koerier", len(rows)),
            "sentAt": iso_moment(sent),
            "deliveredAt": iso_moment(delivered),
            "deliveredTo": np.where(neighbour, "neighbour", "addressee"),
            "updatedAt": iso_moment(delivered),
        }

    def returns(self, orders: Ints) -> Columns:
        """Write returns: the first line of some orders, with the reason."""
        dice = self.dice.within("returns")
        first = goods.lines_at(self.dice.within("orders"), orders, np.zeros(len(orders), dtype=np.int64), orders)
        back = self.returned(orders)
        reasons = texts(["te klein", "te groot", "beschadigd", "verkeerd artikel", "bevalt niet", "te laat geleverd"])
        return {
            "returnNumber": numbered("RT-", 0, orders, 7),
            "orderNumber": numbered("MO-", FIRST_ORDER, orders),
            "customerId": self.account_ids(self.owner[orders]),
            "customerType": self.types(self.owner[orders]),
            "sku": first.sku,
            "reason": reasons[dice.below("reason", orders, len(reasons))],
            "refund": euros(first.quantity * first.price),
            "returnedAt": iso_moment(back),
            "updatedAt": iso_moment(back),
        }


def open_shop(world: World) -> Shop:
    """Give the shop of a world: who has an account, and the orders."""
    dice = world.dice.within(CODE)
    people = members(dice, persons_aged(world, 16), 0.5, 0.13)
    firms = np.arange(world.organisations.count, dtype=np.int64)
    firms = members(dice.within("firms"), firms, 0.3, 0.1)
    subject = scramble(dice.within("all"), np.concatenate([people, -1 - firms]))
    when = stamps(dice, np.arange(len(subject), dtype=np.int64))
    owner, placed = goods.spread(dice.within("orders"), when.created, ORDERS)
    return Shop(world, dice, subject, when, owner, placed)


def shop_system(world: World) -> System:
    """Give the web shop as a system."""
    state = open_shop(world)
    orders = np.arange(len(state.owner), dtype=np.int64)
    own_parcels = orders[~state.dropshipped(orders)]
    returned = orders[state.dice.chance("returned", orders, 0.08)]
    one = np.zeros(1, dtype=np.int64)
    feeds = (
        Feed(CODE, "customers", len(state.subject), tuple(state.customers(one)), state.customers, state.stamps.changed,
             state.account_ids, state.entities),
        Feed(CODE, "orders", len(orders), tuple(state.orders(one)), state.orders, state.placed),
        Feed(CODE, "parcels", len(own_parcels), tuple(state.parcels(one)),
             lambda rows: state.parcels(own_parcels[rows]), state.delivered(own_parcels)),
        Feed(CODE, "returns", len(returned), tuple(state.returns(one)),
             lambda rows: state.returns(returned[rows]), state.returned(returned)),
    )  # fmt: skip
    return System(CODE, "rest", feeds)


def _joined(prefix: Texts, surname: Texts) -> Texts:
    rows = zip(prefix.tolist(), surname.tolist(), strict=True)
    return texts([f"{first} {rest}" if first and rest else rest for first, rest in rows])
