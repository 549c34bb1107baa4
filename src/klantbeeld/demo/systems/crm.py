"""The CRM: contacts and accounts, kept by people who know them, over a REST service with numbered pages.

Contacts are consumers, contact persons of accounts, and representatives of the elderly and of minors. Accounts are
organisations, some of them twice and some per branch; a branch is the organisation it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.demo import mess
from klantbeeld.demo.dice import Dice, Ints, Texts, Weights, texts
from klantbeeld.demo.sheet import Habits, Stamps, stamps, write
from klantbeeld.demo.systems.feed import (
    Columns,
    Feed,
    System,
    constant,
    numbered,
    optional_dates,
    organisation_entities,
    person_entities,
    persons_aged,
    scramble,
    spaced,
)
from klantbeeld.demo.tables import business
from klantbeeld.demo.world import World
from klantbeeld.demo.world.calendar import iso, iso_moment
from klantbeeld.demo.world.organisations import CONTACTS, SOLE
from klantbeeld.demo.world.reach import iban, subscriber

CODE = "crm"
HABITS = Habits(
    given=0.6, official=0.3, nickname=0.03, initials=0.86, sex=0.85, prefix_lost=0.02, prefix_merged=0.03,
    surname_typo=0.025, by_ear=0.4, given_typo=0.015, swapped=0.003, upper=0.02, born=0.86, born_default=0.01,
    born_swapped=0.005, address=0.94, street_typo=0.02, phone=0.8, landline=0.0, email=0.7, email_typo=0.012,
)  # fmt: skip
FIRST_CONTACT, FIRST_ACCOUNT = 40_000, 7_000
REPRESENTATIONS = ("gemachtigde", "bewindvoerder", "mentor", "curator")


@dataclass(frozen=True)
class Crm:
    """Contacts and accounts. `employer` is the account row of a contact person, `ward` the contact row of whom a
    contact represents; -1 for none. `branch` of an account counts from 1, 0 is the seat.
    """

    world: World
    dice: Dice
    who: Ints
    employer: Ints
    ward: Ints
    contact_stamps: Stamps
    organisation: Ints
    branch: Ints
    account_stamps: Stamps

    def contacts(self, rows: Ints) -> Columns:
        """Write contacts; a contact person has the address and numbers of the work, and some also private ones."""
        world, dice, who = self.world, self.dice.within("contacts"), self.who[rows]
        changed = self.contact_stamps.changed[rows]
        sheet = write(world, dice, rows, who, changed, HABITS)
        employer, ward = self.employer[rows], self.ward[rows]
        at_work = employer >= 0
        private = ~at_work | dice.chance("private too", rows, 0.6)
        home = lambda column: np.where(private, column, "")  # noqa: E731
        landline = np.where(dice.chance("landline", rows, 0.3), world.landline(who), "")
        minor = world.persons.age[np.maximum(self.who[ward], 0)] < 18
        relation = texts(REPRESENTATIONS)[dice.choose("representation", rows, Weights([6, 2, 1, 1]))]
        functions = texts(business.FUNCTIONS)[dice.below("function", rows, len(business.FUNCTIONS))]
        died = world.persons.died[who]
        dead = (died >= 0) & (died < changed // 86_400 + 200)
        return {
            "contactId": numbered("C", FIRST_CONTACT, rows),
            "salutation": np.where(sheet.sex == "M", "De heer", np.where(sheet.sex == "V", "Mevrouw", "")),
            "initials": sheet.initials,
            "firstName": sheet.given,
            "infix": sheet.prefix,
            "lastName": sheet.surname,
            "gender": np.where(sheet.sex == "V", "F", sheet.sex),
            "birthDate": home(optional_dates(sheet.born, "iso")),
            "deceasedOn": np.where(dead, iso(died), ""),
            "emailPrivate": home(sheet.email),
            "emailWork": np.where(at_work, self._work_mail(rows, who, employer), ""),
            "phoneMobile": home(mess.phone(sheet.phone, dice.below("phone style", rows, 5))),
            "phoneHome": home(mess.phone(landline, dice.below("landline style", rows, 8))),
            "phoneWork": np.where(at_work, mess.phone(self._work_phone(employer), rows), ""),
            "address.street": home(sheet.street),
            "address.houseNumber": home(sheet.number),
            "address.addition": home(sheet.suffix),
            "address.postalCode": home(spaced(sheet.postcode, dice.chance("space", rows, 0.8))),
            "address.city": home(sheet.town),
            "iban": home(np.where(dice.chance("iban", rows, 0.2), iban(who), "")),
            "account.id": np.where(at_work, numbered("A", FIRST_ACCOUNT, employer), ""),
            "account.function": np.where(at_work, functions, ""),
            "represents.contactId": np.where(ward >= 0, numbered("C", FIRST_CONTACT, ward), ""),
            "represents.as": np.where(ward >= 0, np.where(minor, "ouder", relation), ""),
            "createdAt": iso_moment(self.contact_stamps.created[rows]),
            "modifiedAt": iso_moment(changed),
        }

    def accounts(self, rows: Ints) -> Columns:
        """Write accounts."""
        known, dice, which = self.world.organisations, self.dice.within("accounts"), self.organisation[rows]
        branch = self.branch[rows]
        sole, at_branch = known.form[which] == SOLE, branch > 0
        dwelling = np.where(at_branch, known.first_dwelling[which] + branch, self.world.seat(which))
        address = self.world.addresses(dwelling)
        legal, trade = known.legal_name[which], known.trade_name[which]
        mess.apply(trade, dice.chance("name typo", rows, 0.03), _how(dice, rows), mess.typo)
        mess.apply(legal, dice.chance("dotless", rows, 0.3), rows, lambda text, _: text.replace("B.V.", "BV"))
        for column in (legal, trade):
            mess.apply(column, dice.chance("upper", rows, 0.06), rows, lambda text, _: text.upper())
        mobiles = texts([f"06{n}" for n in self.world.mobile[known.contacts[which, 0]].tolist()])
        landline = subscriber(3_000_000 + 40 * which + branch, address.area)
        phone = np.where(sole & dice.chance("owner's mobile", rows, 0.7), mobiles, landline)
        parent = known.parent[which]
        postal = dice.chance("post box", rows, 0.2)
        return {
            "accountId": numbered("A", FIRST_ACCOUNT, rows),
            "name": np.where(dice.chance("legal as name", rows, 0.35), legal, trade),
            "legalName": np.where(dice.chance("legal known", rows, 0.75), legal, ""),
            "tradeName": np.where(dice.chance("trade known", rows, 0.6), trade, ""),
            "legalForm": texts(business.LEGAL_FORMS)[known.form[which]],
            "kvk": np.where(dice.chance("kvk known", rows, 0.8), known.kvk[which], ""),
            "vat": np.where(dice.chance("vat known", rows, 0.5), _vat_notation(dice, rows, known.vat[which]), ""),
            "establishment": texts([f"{3 * 10**7 + 50 * o + b:012d}" for o, b in zip(which, branch, strict=True)]),
            "website": np.where(dice.chance("site", rows, 0.6), "www." + known.domain[which], ""),
            "email": np.where(dice.chance("mail", rows, 0.8), "info@" + known.domain[which], ""),
            "phone": mess.phone(phone, dice.below("phone style", rows, 8)),
            "visit.street": address.street,
            "visit.houseNumber": texts([str(number) for number in address.number.tolist()]),
            "visit.addition": address.suffix,
            "visit.postalCode": spaced(address.postcode, dice.chance("space", rows, 0.8)),
            "visit.city": address.town,
            "post.box": np.where(postal, numbered("Postbus ", 100, which), ""),
            "post.postalCode": np.where(postal, texts([f"{code[:3]}0 AA" for code in address.postcode.tolist()]), ""),
            "post.city": np.where(postal, address.town, ""),
            "parentKvk": np.where(parent >= 0, known.kvk[parent], ""),
            "country": constant("NL", len(rows)),
            "modifiedAt": iso_moment(self.account_stamps.changed[rows]),
        }

    def _work_mail(self, rows: Ints, who: Ints, employer: Ints) -> Texts:
        domains = self.world.organisations.domain[self.organisation[employer]].tolist()
        locals_ = [address.partition("@")[0] for address in self.world.email[who].tolist()]
        general = self.dice.chance("general mail", rows, 0.25).tolist()
        parts = zip(domains, locals_, general, strict=True)
        return texts([f"info@{domain}" if info else f"{local}@{domain}" for domain, local, info in parts])

    def _work_phone(self, employer: Ints) -> Texts:
        organisation = self.organisation[employer]
        area = self.world.addresses(self.world.seat(organisation)).area
        return subscriber(3_000_000 + 40 * organisation, area)


def representations(world: World, dice: Dice) -> tuple[Ints, Ints]:
    """Give pairs (represented, representative): elderly with a younger adult in the family, minors with the head."""
    persons = world.persons
    index = np.arange(world.size, dtype=np.int64)
    age = persons.age
    able = np.full(persons.families, world.size, dtype=np.int64)
    adults = np.flatnonzero((age >= 25) & (age < 72) & (persons.died < 0))
    np.minimum.at(able, persons.family[adults], adults)
    old = (age >= 80) & (persons.died < 0) & dice.chance("needs help", index, 0.4)
    young = (age < 18) & dice.chance("minor known", index, 0.06)
    wards = np.flatnonzero((old | young) & (able[persons.family] < world.size))
    return wards, able[persons.family[wards]]


def open_crm(world: World) -> Crm:
    """Give the CRM of a world."""
    dice = world.dice.within(CODE)
    organisation, branch = _accounts(world, dice)
    wards, guardians = representations(world, dice)
    consumers = persons_aged(world, 18)
    consumers = np.union1d(consumers[dice.chance("member", consumers, 0.38)], np.union1d(wards, guardians))
    again = consumers[dice.chance("twice", consumers, 0.05)]
    plain = scramble(dice, np.concatenate([consumers, again]))
    known = world.organisations
    seats = np.flatnonzero(branch == 0)
    staff = known.contacts[organisation[seats]].reshape(-1)
    employer = np.repeat(seats, CONTACTS)[staff >= 0]
    who = np.concatenate([plain, staff[staff >= 0]])
    row_of = np.full(world.size, -1, dtype=np.int64)
    row_of[plain[::-1]] = np.arange(len(plain) - 1, -1, -1, dtype=np.int64)
    ward = np.full(len(who), -1, dtype=np.int64)
    ward[row_of[guardians]] = row_of[wards]
    return Crm(
        world, dice, who, np.concatenate([np.full(len(plain), -1, dtype=np.int64), employer]), ward,
        stamps(dice.within("contacts"), np.arange(len(who), dtype=np.int64)), organisation, branch,
        stamps(dice.within("accounts"), np.arange(len(organisation), dtype=np.int64)),
    )  # fmt: skip


def crm_system(world: World) -> System:
    """Give the CRM as a system."""
    state = open_crm(world)
    one = np.zeros(1, dtype=np.int64)
    feeds = (
        Feed(CODE, "accounts", len(state.organisation), tuple(state.accounts(one)), state.accounts,
             state.account_stamps.changed, lambda rows: numbered("A", FIRST_ACCOUNT, rows),
             lambda rows: organisation_entities(state.organisation[rows])),
        Feed(CODE, "contacts", len(state.who), tuple(state.contacts(one)), state.contacts,
             state.contact_stamps.changed, lambda rows: numbered("C", FIRST_CONTACT, rows),
             lambda rows: person_entities(state.who[rows])),
    )  # fmt: skip
    return System(CODE, "rest", feeds)


def _accounts(world: World, dice: Dice) -> tuple[Ints, Ints]:
    """List the accounts as (organisation, branch): every seat, half of the branches, and a tenth once more."""
    known = world.organisations
    seats = np.arange(known.count, dtype=np.int64)
    owners = np.repeat(seats, known.branches)
    branch = (
        1
        + np.arange(len(owners), dtype=np.int64)
        - np.repeat(np.cumsum(known.branches) - known.branches, known.branches)
    )
    kept = dice.chance("branch known", owners * 16 + branch, 0.5)
    again = seats[dice.chance("account twice", seats, 0.1)]
    organisation = np.concatenate([seats, owners[kept], again])
    branches = np.concatenate([np.zeros_like(seats), branch[kept], np.zeros_like(again)])
    order = scramble(dice.within("accounts"), np.arange(len(organisation), dtype=np.int64))
    return organisation[order], branches[order]


def _vat_notation(dice: Dice, rows: Ints, vat: Texts) -> Texts:
    dotted = dice.chance("dotted vat", rows, 0.3).tolist()
    return texts(
        [f"{v[:2]} {v[2:6]}.{v[6:8]}.{v[8:11]}.{v[11:]}" if d else v for v, d in zip(vat, dotted, strict=True)]
    )


def _how(dice: Dice, rows: Ints) -> Ints:
    return dice.below("typo how", rows, 2**40)
