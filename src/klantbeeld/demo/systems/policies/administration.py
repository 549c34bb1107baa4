"""How the policy administration writes relations and policies, and an archive with a column that must be refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.demo import mess
from klantbeeld.demo.dice import Dice, Ints, Texts, texts
from klantbeeld.demo.sheet import Habits, Stamps, stamps, write
from klantbeeld.demo.systems.feed import (
    Columns,
    Feed,
    System,
    either,
    euros,
    numbered,
    optional_dates,
    person_entities,
    persons_aged,
    spaced,
)
from klantbeeld.demo.systems.policies import book as pages
from klantbeeld.demo.systems.policies.book import NOBODY, Book, is_organisation, is_person, write_book
from klantbeeld.demo.world import World, names
from klantbeeld.demo.world.calendar import TODAY, UNKNOWN, iso_moment
from klantbeeld.demo.world.dwellings import object_ids
from klantbeeld.demo.world.reach import iban

CODE, ARCHIVE = "policies", "archive"
HABITS = Habits(
    given=0.4, official=0.0, nickname=0.02, initials=0.97, sex=0.97, prefix_lost=0.01, prefix_merged=0.02,
    surname_typo=0.015, by_ear=0.3, given_typo=0.01, swapped=0.001, upper=0.04, born=0.97, born_default=0.004,
    born_swapped=0.003, born_typo=0.006, address=0.97, suffix_lost=0.05, street_typo=0.015, town_variant=0.04,
    phone=0.5, landline=0.4, email=0.5, email_typo=0.01, register=True,
)  # fmt: skip
_OLD = Habits(given=0.1, initials=1.0, sex=0.0, upper=1.0, born=0.9, phone=0.0, email=0.0, ascii_only=1.0, official=1.0)
_VOWELS = "AEIOU"
_LETTERS = "BDFGHJKLNPRSTVXZ"


@dataclass(frozen=True)
class Administration:
    """The relations (a party each; some twice) and the book; `first` and `second` give the relation rows of parties."""

    world: World
    dice: Dice
    book: Book
    party: Ints
    stamps: Stamps
    known: Ints
    first: Ints
    second: Ints

    def entities(self, rows: Ints) -> Texts:
        """Name who is behind relations."""
        return texts([f"P{who}" if who >= 0 else f"O{-1 - who}" for who in self.party[rows].tolist()])

    def relations(self, rows: Ints) -> Columns:
        """Write relations; names as the population register keeps them."""
        world, dice, party = self.world, self.dice.within("relations"), self.party[rows]
        firm, who = is_organisation(party), np.maximum(party, 0)
        which = np.where(firm, -1 - party, 0)
        changed = self.stamps.changed[rows]
        sheet = write(world, dice, rows, who, changed, HABITS)
        known, seat = world.organisations, world.addresses(world.seat(which))
        died = world.persons.died[who]
        dead = (died >= 0) & ~firm & dice.chance("death known", rows, 0.85)
        official = names.given_table().official[world.persons.given[who]]
        return {
            "RELNR": _relation_numbers(rows),
            "SOORT": np.where(firm, "O", "P"),
            "ORGANISATIE": either(firm, known.legal_name[which], ""),
            "KVK": either(firm, known.kvk[which], ""),
            "VOORLETTERS": either(firm, "", sheet.initials),
            "VOORNAMEN": either(firm, "", np.where(dice.chance("names in full", rows, 0.6), official, "")),
            "ROEPNAAM": either(firm, "", sheet.given),
            "VOORVOEGSEL": either(firm, "", sheet.prefix),
            "ACHTERNAAM": either(firm, "", sheet.surname),
            "VOORV_PARTNER": either(firm, "", sheet.partner_prefix),
            "PARTNERNAAM": either(firm, "", sheet.partner_surname),
            "NAAMGEBRUIK": either(firm, "", sheet.name_use),
            "GESLACHT": either(firm, "", sheet.sex),
            "GEBOORTEDATUM": either(firm, "", optional_dates(sheet.born, "compact")),
            "OVERLEDEN": optional_dates(np.where(dead, died, UNKNOWN), "compact"),
            "STRAAT": either(firm, seat.street, sheet.street),
            "HUISNR": either(firm, texts([str(number) for number in seat.number.tolist()]), sheet.number),
            "TOEV": either(firm, seat.suffix, sheet.suffix),
            "POSTCODE": spaced(either(firm, seat.postcode, sheet.postcode), np.ones(len(rows), dtype=np.bool_)),
            "PLAATS": either(firm, seat.town, sheet.town),
            "TELEFOON": either(firm, "", mess.phone(sheet.phone, dice.below("phone style", rows, 3))),
            "EMAIL": either(firm, "administratie@" + known.domain[which], sheet.email),
            "REKENING": either(firm, "", np.where(dice.chance("iban", rows, 0.6), iban(self._account_of(who)), "")),
            "GEWIJZIGD": iso_moment(changed),
        }

    def policies(self, rows: Ints) -> Columns:
        """Write policies, the roles side by side with their periods."""
        page, dice = self.book.take(rows), self.dice.within("policies")
        at_dwelling = (page.product == pages.CONTENTS) | (page.product == pages.LETTING)
        dwelling = np.where(at_dwelling, page.thing, 0)
        address = self.world.addresses(dwelling)
        plates = _plates(np.where(page.product == pages.CAR, page.thing, 0))
        thing = np.where(at_dwelling, object_ids(dwelling), np.where(page.product == pages.CAR, plates, ""))
        here = lambda column: np.where(at_dwelling, column, "")  # noqa: E731
        closed = (page.end != UNKNOWN) & (page.end <= TODAY)
        changed = np.maximum(page.start, np.maximum(page.end, page.next_from))
        columns: dict[str, Texts] = {
            "POLISNR": policy_numbers(page.product, rows),
            "PRODUCT": texts(pages.PRODUCTS)[page.product],
            "STATUS": np.where(closed, "beëindigd", "lopend"),
            "INGANG": optional_dates(page.start, "compact"),
            "EINDE": optional_dates(page.end, "compact"),
            "OBJECTSOORT": np.where(at_dwelling, "woning", np.where(page.product == pages.CAR, "auto", "")),
            "OBJECT": thing,
            "OBJ_STRAAT": here(address.street),
            "OBJ_HUISNR": here(texts([str(number) for number in address.number.tolist()])),
            "OBJ_TOEV": here(address.suffix),
            "OBJ_POSTCODE": here(address.postcode),
            "OBJ_PLAATS": here(address.town),
            "NEMER": self._relation(page.holder, rows),
            "NEMER_SOORT": _kind(page.holder),
            "NEMER_TOT": optional_dates(np.where(page.holder_to != UNKNOWN, page.holder_to, page.end), "compact"),
            "NEMER2": self._relation(page.next_holder, rows),
            "NEMER2_VAN": optional_dates(page.next_from, "compact"),
        }
        for place in range(pages.MOST_INSURED):
            columns[f"VERZEKERDE{place + 1}"] = self._relation(page.insured[:, place], rows)
        columns |= {
            "BETALER": self._relation(page.payer, rows),
            "BETALER_SOORT": _kind(page.payer),
            "HUURDER1": self._relation(page.tenant, rows),
            "HUURDER1_TOT": optional_dates(page.tenant_to, "compact"),
            "HUURDER2": self._relation(page.next_tenant, rows),
            "HUURDER2_VAN": optional_dates(page.next_tenant_from, "compact"),
            "PREMIE": euros(450 + dice.below("premium", rows, 9000), ","),
            "GEWIJZIGD": optional_dates(np.minimum(changed, TODAY), "compact"),
        }
        return columns

    def changed(self) -> Ints:
        """Give the moment of each policy's last change."""
        book = self.book
        return np.minimum(np.maximum(book.start, np.maximum(book.end, book.next_from)), TODAY) * 86_400

    def _relation(self, party: Ints, policy: Ints) -> Texts:
        """Give relation numbers of parties; who is a relation twice has either number, by policy."""
        place = np.minimum(np.searchsorted(self.known, party), len(self.known) - 1)
        other = (self.second[place] >= 0) & (policy % 2 == 1)
        row = np.where(other, self.second[place], self.first[place])
        return np.where(party == NOBODY, "", _relation_numbers(row))

    def _account_of(self, who: Ints) -> Ints:
        """Give the owner of the bank account: some couples have one account together."""
        partner = self.world.persons.partner[who]
        shared = (partner >= 0) & (partner < who) & self.world.dice.chance("joint account", who, 0.3)
        return np.where(shared, partner, who)


def open_administration(world: World) -> Administration:
    """Give the policy administration of a world: everybody with a role is a relation, some are twice."""
    dice = world.dice.within(CODE)
    book = write_book(world)
    columns = (book.holder, book.next_holder, book.payer, book.tenant, book.next_tenant, book.insured.reshape(-1))
    known = np.unique(np.concatenate(columns))
    known = known[known != NOBODY]
    rows = np.arange(len(known), dtype=np.int64)
    twice = rows[dice.chance("relation twice", rows, 0.06)]
    source = np.concatenate([rows, twice])
    order = np.argsort(dice.bits("relation order", np.arange(len(source), dtype=np.int64)), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order), dtype=np.int64)
    second = np.full(len(known), -1, dtype=np.int64)
    second[twice] = place[len(known) :]
    party = known[source][order]
    when = stamps(dice, np.arange(len(party), dtype=np.int64), 14)
    return Administration(world, dice, book, party, when, known, place[: len(known)], second)


def policies_system(world: World) -> System:
    """Give the policy administration as a system."""
    state = open_administration(world)
    one = np.zeros(1, dtype=np.int64)
    feeds = (
        Feed(CODE, "relations", len(state.party), tuple(state.relations(one)), state.relations, state.stamps.changed,
             _relation_numbers, state.entities),
        Feed(CODE, "policies", len(state.book), tuple(state.policies(one)), state.policies, state.changed()),
    )  # fmt: skip
    return System(CODE, "csv", feeds)


def archive_system(world: World) -> System:
    """Give the archive of 2009, a small file whose column SOFINR holds invented citizen service numbers.

    It is there to be refused: klantbeeld takes no BSN unless a law is named. Nothing else in the world has one.
    """
    dice = world.dice.within(ARCHIVE)
    grown = persons_aged(world, 40)
    who = grown[np.argsort(dice.bits("who", grown), kind="stable")][: max(40, min(60, world.size // 100))]
    when = stamps(dice, np.arange(len(who), dtype=np.int64))

    def rows(index: Ints) -> Columns:
        sheet = write(world, dice, index, who[index], when.changed[index], _OLD)
        return {
            "OUDNR": numbered("X", 4000, index),
            "VOORL": sheet.initials,
            "TUSSENV": sheet.prefix,
            "NAAM": sheet.surname,
            "GEBDAT": optional_dates(sheet.born, "dmy"),
            "SOFINR": texts([_sofi(number) for number in dice.below("sofi", index, 80_000_000).tolist()]),
            "POSTCODE": sheet.postcode,
            "HUISNR": sheet.number,
        }

    one = np.zeros(1, dtype=np.int64)
    feed = Feed(ARCHIVE, "relations", len(who), tuple(rows(one)), rows, when.changed,
                lambda index: numbered("X", 4000, index), lambda index: person_entities(who[index]))  # fmt: skip
    return System(ARCHIVE, "csv", (feed,))


def policy_numbers(product: Ints, rows: Ints) -> Texts:
    """Give policy numbers such as IB-0012345-38, with a check number (the rest after dividing by 97)."""
    parts = zip(product.tolist(), rows.tolist(), strict=True)
    return texts([f"{pages.CODES[code]}-{4_100_000 + row:07d}-{(4_100_000 + row) % 97:02d}" for code, row in parts])


def _relation_numbers(rows: Ints) -> Texts:
    return numbered("R", 500_000, rows, 7)


def _kind(party: Ints) -> Texts:
    return np.where(is_person(party), "P", np.where(is_organisation(party), "O", "")).astype(object)


def _plates(numbers: Ints) -> Texts:
    """Give number plates with a vowel, which real ones do not have."""
    found = []
    for number in numbers.tolist():
        mixed = (number * 27_644_437) % (5 * 16 * 16 * 1000)
        rest, digits = divmod(mixed, 1000)
        first, second, third = rest % 5, rest // 5 % 16, rest // 80
        found.append(f"{_VOWELS[first]}{_LETTERS[second]}-{digits:03d}-{_LETTERS[third]}")
    return texts(found)


def _sofi(number: int) -> str:
    """Give an invented nine-digit number that passes the 11-test."""
    body = f"{10_000_000 + number:08d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, range(9, 1, -1), strict=True)) % 11
    return _sofi(number + 1) if check == 10 else f"{body}{check}"
