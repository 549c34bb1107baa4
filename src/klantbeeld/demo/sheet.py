"""How a system writes persons down: the truth of a person, the habits of the system, and the sheet that comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from klantbeeld.demo import mess
from klantbeeld.demo.dice import Dice, Flags, Ints, Texts, texts
from klantbeeld.demo.tables.places import TOWN_VARIANTS
from klantbeeld.demo.world import World, names
from klantbeeld.demo.world.calendar import TODAY, UNKNOWN, day_number, parts
from klantbeeld.demo.world.persons import OWN, OWN_PARTNER, PARTNER_OWN, PARTNERS

_DAY = 86_400
_SECOND_INITIALS = "AABCDEFGHIJJKLMMNPRSTW"
_DEFAULT_DATES = tuple(day_number(day) for day in (date(1900, 1, 1), date(1970, 1, 1), date(1980, 1, 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Shares 0..1 of what a system knows and of what goes wrong in it."""

    given: float = 0.95
    official: float = 0.2
    """Baptismal name instead of call name."""
    nickname: float = 0.04
    """Another call name than the person uses."""
    initials: float = 0.3
    sex: float = 0.6
    surname: float = 1.0
    other_name_use: float = 0.12
    """A married name where the person uses her own, or the other way round."""
    prefix_lost: float = 0.03
    prefix_merged: float = 0.2
    surname_typo: float = 0.03
    by_ear: float = 0.3
    """Share of the errors in names which are spellings by ear."""
    given_typo: float = 0.02
    swapped: float = 0.008
    upper: float = 0.03
    lower: float = 0.0
    born: float = 0.6
    born_default: float = 0.006
    born_swapped: float = 0.01
    born_typo: float = 0.012
    address: float = 0.9
    street: float = 1.0
    stale: float = 0.05
    """The old address although the record was changed after the move."""
    suffix_lost: float = 0.08
    street_typo: float = 0.03
    number_typo: float = 0.008
    postcode_typo: float = 0.01
    town_variant: float = 0.1
    phone: float = 0.7
    landline: float = 0.2
    old_phone: float = 0.1
    phone_typo: float = 0.012
    email: float = 0.7
    old_email: float = 0.15
    email_typo: float = 0.01
    ascii_only: float = 0.0
    mojibake: float = 0.0
    entities: float = 0.0
    register: bool = False
    """Keeps names as the population register does: own name, partner's name and a code of how they are used."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """When records were made and last changed, in seconds since 1970."""

    created: Ints
    changed: Ints


@dataclass(frozen=True, slots=True)
class Sheet:
    """Persons as one system wrote them, in columns; what it does not know is an empty text (born: UNKNOWN)."""

    given: Texts
    initials: Texts
    prefix: Texts
    surname: Texts
    partner_prefix: Texts
    partner_surname: Texts
    name_use: Texts
    sex: Texts
    born: Ints
    street: Texts
    number: Texts
    suffix: Texts
    postcode: Texts
    town: Texts
    phone: Texts
    email: Texts
    errors: dict[str, Flags]
    """Per kind of error on purpose, the rows that have it."""


def stamps(dice: Dice, records: Ints, years: int = 9) -> Stamps:
    """Draw when records were made, up to some years ago, and when they were last changed."""
    age = 40 + dice.below("created", records, years * 365)
    since = (age * dice.share("changed", records)).astype(np.int64)
    clock = 8 * 3600 + dice.below("clock", records, 12 * 3600)
    return Stamps((TODAY - age) * _DAY + clock, (TODAY - since) * _DAY + clock + 1)


def write(world: World, dice: Dice, records: Ints, who: Ints, changed: Ints, habits: Habits) -> Sheet:
    """Write persons on a sheet; `records` are numbers within the system, `who` the persons, `changed` in seconds."""
    errors: dict[str, Flags] = {}
    pen = _Pen(world, dice, records, who, habits, errors)
    given, initials = pen.given_names()
    prefix, surname = pen.surnames()
    partner_prefix, partner_surname, name_use = pen.partner_names()
    pen.spoil_names(given, prefix, surname)
    street, number, suffix, postcode, town = pen.addresses(changed)
    sheet = Sheet(
        given=given, initials=initials, prefix=prefix, surname=surname,
        partner_prefix=partner_prefix, partner_surname=partner_surname, name_use=name_use,
        sex=pen.keep(texts(["M", "V"])[world.persons.sex[who]], "sex", habits.sex), born=pen.births(),
        street=street, number=number, suffix=suffix, postcode=postcode, town=town,
        phone=pen.phones(), email=pen.emails(), errors=errors,
    )  # fmt: skip
    pen.spoil_case(sheet)
    return sheet


@dataclass(frozen=True, slots=True)
class _Pen:
    """One system writing one block of records."""

    world: World
    dice: Dice
    records: Ints
    who: Ints
    habits: Habits
    errors: dict[str, Flags]

    def happens(self, name: str, share: float) -> Flags:
        found = self.dice.chance(name, self.records, share)
        self.errors[name] = found
        return found

    def number(self, name: str) -> Ints:
        return (self.dice.bits(name, self.records) >> np.uint64(11)).astype(np.int64)

    def keep(self, column: Texts, name: str, share: float) -> Texts:
        return np.where(self.dice.chance(f"{name} known", self.records, share), column, "")

    def given_names(self) -> tuple[Texts, Texts]:
        persons, table = self.world.persons, names.given_table()
        official = self.happens("official", self.habits.official).tolist()
        other = self.happens("nickname", self.habits.nickname).tolist()
        codes, calls = persons.given[self.who].tolist(), persons.call[self.who].tolist()
        written = []
        for code, call, formal, nickname in zip(codes, calls, official, other, strict=True):
            ways = table.calls[code]
            written.append(table.official[code] if formal else ways[(call + nickname) % len(ways)])
        return self.keep(texts(written), "given", self.habits.given), self._initials()

    def _initials(self) -> Texts:
        persons, table = self.world.persons, names.given_table()
        dice = self.world.dice.within("initials")
        more = dice.below("how many", self.who, 5).tolist()
        second = dice.below("second", self.who, len(_SECOND_INITIALS)).tolist()
        third = dice.below("third", self.who, len(_SECOND_INITIALS)).tolist()
        written = []
        for code, extra, b, c in zip(persons.given[self.who].tolist(), more, second, third, strict=True):
            rest = ("", "", f"{_SECOND_INITIALS[b]}.", f"{_SECOND_INITIALS[b]}.", "")[extra]
            last = f"{_SECOND_INITIALS[b]}.{_SECOND_INITIALS[c]}." if extra == 4 else rest
            written.append(f"{table.official[code][0]}.{last}")
        return self.keep(texts(written), "initials", self.habits.initials)

    def surnames(self) -> tuple[Texts, Texts]:
        persons, table = self.world.persons, names.surname_table()
        own, partner = persons.surname[self.who], persons.partner_surname[self.who]
        changed = self.happens("other name use", self.habits.other_name_use) & (partner >= 0)
        drawn = self.dice.below("which name", self.records, 4)
        use = np.where(changed & (persons.sex[self.who] == 1), drawn, persons.name_use[self.who])
        prefix, surname = table.prefix[own], table.base[own]
        if self.habits.register:
            return prefix, surname
        leads = (use == PARTNERS) | (use == PARTNER_OWN)
        prefix[leads], surname[leads] = table.prefix[partner[leads]], table.base[partner[leads]]
        for row in np.flatnonzero(use != OWN).tolist():
            if use[row] == PARTNER_OWN:
                surname[row] = f"{surname[row]}-{table.full[own[row]]}"
            elif use[row] == OWN_PARTNER:
                surname[row] = f"{surname[row]}-{table.full[partner[row]]}"
        return prefix, surname

    def partner_names(self) -> tuple[Texts, Texts, Texts]:
        """Write the partner's name and the code of its use, in systems that keep them apart."""
        persons, table = self.world.persons, names.surname_table()
        partner = persons.partner_surname[self.who]
        married = (partner >= 0) & self.habits.register
        use = texts(["E", "P", "V", "N"])[persons.name_use[self.who]]
        columns = (table.prefix[partner], table.base[partner], use)
        prefix, surname, code = (np.where(married, column, "") for column in columns)
        return prefix, surname, code

    def spoil_names(self, given: Texts, prefix: Texts, surname: Texts) -> None:
        habits = self.habits
        heard = self.dice.chance("by ear", self.records, habits.by_ear)
        for column, name, share in (
            (surname, "surname typo", habits.surname_typo),
            (given, "given typo", habits.given_typo),
        ):
            wrong, chance = self.happens(name, share) & (column != ""), self.number(f"{name} how")
            mess.apply(column, wrong & heard, chance, mess.by_ear)
            mess.apply(column, wrong & ~heard, chance, mess.typo)
        prefix[self.happens("prefix lost", habits.prefix_lost)] = ""
        merged = self.happens("prefix merged", habits.prefix_merged) & (prefix != "")
        surname[merged] = prefix[merged] + " " + surname[merged]
        prefix[merged] = ""
        swapped = self.happens("swapped", habits.swapped) & (given != "")
        given[swapped], surname[swapped] = surname[swapped], given[swapped]
        surname[~self.dice.chance("surname known", self.records, habits.surname)] = ""

    def births(self) -> Ints:
        """Write birth days with their errors; the errors are legal days, because systems check no more than that."""
        habits, born = self.habits, self.world.persons.born[self.who]
        year, month, day = parts(born)
        swapped = self.happens("born swapped", habits.born_swapped) & (day <= 12)
        month, day = np.where(swapped, day, month), np.where(swapped, month, day)
        wrong, kind = self.happens("born typo", habits.born_typo), self.dice.below("born typo how", self.records, 3)
        step = self.dice.below("born typo by", self.records, 4)
        year = np.where(wrong & (kind == 0), year + np.asarray([-10, -1, 1, 10])[step], year)
        month = np.where(wrong & (kind == 1), month % 12 + 1, month)
        day = np.where(wrong & (kind == 2), np.clip(day + np.asarray([-10, -1, 1, 10])[step], 1, 28), day)
        months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
        last = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
        written = months.astype("datetime64[D]").astype(np.int64) + np.minimum(day, last) - 1
        default = self.happens("born default", habits.born_default)
        standard = np.asarray(_DEFAULT_DATES)[self.dice.below("which default", self.records, len(_DEFAULT_DATES))]
        written = np.where(default, standard, np.minimum(written, TODAY - 1))
        known = self.dice.chance("born known", self.records, habits.born)
        return np.where(known, written, UNKNOWN)

    def addresses(self, changed: Ints) -> tuple[Texts, Texts, Texts, Texts, Texts]:
        world, habits = self.world, self.habits
        moved = world.moved[self.who]
        stale = (changed // _DAY < moved) | self.happens("stale", habits.stale)
        old = stale & (world.previous_dwelling[self.who] >= 0)
        self.errors["old address"] = old
        found = world.addresses(np.where(old, world.previous_dwelling[self.who], world.dwelling[self.who]))
        shift = np.where(
            self.happens("number typo", habits.number_typo), 1 + self.dice.below("shift", self.records, 8), 0
        )
        number = texts([str(value) for value in (found.number + shift).tolist()])
        suffix, street, postcode, town = found.suffix, found.street, found.postcode, found.town
        suffix[self.happens("suffix lost", habits.suffix_lost)] = ""
        mess.apply(street, self.happens("street typo", habits.street_typo), self.number("street how"), mess.typo)
        mess.apply(
            postcode, self.happens("postcode typo", habits.postcode_typo), self.number("pc how"), mess.wrong_postcode
        )
        mess.apply(town, self.happens("town variant", habits.town_variant), self.number("town how"), _town_variant)
        known = self.dice.chance("address known", self.records, habits.address)
        whole = known & self.dice.chance("street known", self.records, habits.street)
        blank = lambda column, seen: np.where(seen, column, "")  # noqa: E731
        return (
            blank(street, whole),
            blank(number, known),
            blank(suffix, known),
            blank(postcode, known),
            blank(town, whole),
        )

    def phones(self) -> Texts:
        world, habits = self.world, self.habits
        old = self.happens("old phone", habits.old_phone)
        digits = np.where(old, world.old_mobile[self.who], world.mobile[self.who]).tolist()
        landline = self.dice.chance("landline", self.records, habits.landline)
        written = texts([f"06{number}" for number in digits])
        at_home = np.flatnonzero(landline)
        written[at_home] = world.landline(self.who[at_home])
        mess.apply(written, self.happens("phone typo", habits.phone_typo), self.number("phone how"), mess.wrong_digit)
        return self.keep(written, "phone", habits.phone)

    def emails(self) -> Texts:
        world, habits = self.world, self.habits
        old = self.happens("old email", habits.old_email)
        written = np.where(old, world.old_email[self.who], world.email[self.who])
        mess.apply(written, self.happens("email typo", habits.email_typo), self.number("email how"), mess.typo)
        return self.keep(written, "email", habits.email)

    def spoil_case(self, sheet: Sheet) -> None:
        habits = self.habits
        upper, lower = self.happens("upper", habits.upper), self.happens("lower", habits.lower)
        none = np.zeros(len(self.records), dtype=np.int64)
        marks = (("ascii only", habits.ascii_only, mess.without_marks), ("mojibake", habits.mojibake, mess.mojibake))
        for column in (sheet.given, sheet.prefix, sheet.surname, sheet.partner_surname, sheet.street, sheet.town):
            for name, share, change in (*marks, ("entities", habits.entities, mess.entities)):
                if share:
                    mess.apply(column, self.happens(name, share), none, change)
            mess.apply(column, upper, none, lambda text, _: text.upper())
            mess.apply(column, lower & ~upper, none, lambda text, _: text.lower())


def _town_variant(town: str, chance: int) -> str:
    ways = TOWN_VARIANTS.get(town, (town.upper(),))
    return ways[chance % len(ways)]
