"""The call centre: cards of callers as agents heard them, and the log of calls, as semicolon CSV in Windows-1252."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.demo import mess
from klantbeeld.demo.dice import Dice, Ints, Weights, texts
from klantbeeld.demo.sheet import Habits, Stamps, stamps, write
from klantbeeld.demo.systems import goods
from klantbeeld.demo.systems.feed import (
    Columns,
    Feed,
    System,
    members,
    numbered,
    optional_dates,
    person_entities,
    persons_aged,
    spaced,
)
from klantbeeld.demo.world import World
from klantbeeld.demo.world.calendar import iso_moment

CODE = "calls"
HABITS = Habits(
    given=0.45, official=0.04, nickname=0.1, initials=0.35, sex=0.6, surname=0.97, prefix_lost=0.14,
    prefix_merged=0.3, surname_typo=0.17, by_ear=0.75, given_typo=0.12, swapped=0.012, upper=0.1, lower=0.05,
    born=0.42, born_default=0.004, born_swapped=0.03, born_typo=0.04, address=0.64, street=0.4, suffix_lost=0.4,
    street_typo=0.12, number_typo=0.03, postcode_typo=0.05, phone=0.94, landline=0.3, phone_typo=0.04, email=0.18,
    email_typo=0.1, ascii_only=0.3,
)  # fmt: skip
CALLS = Weights([0.0, 0.55, 0.24, 0.12, 0.06, 0.03])
FIRST_CARD, FIRST_CALL = 30_000, 5_500_000
REASONS = (
    "Levering",
    "Retour",
    "Factuur",
    "Garantie",
    "Adreswijziging",
    "Klacht",
    "Polisvraag",
    "Schade melden",
    "Overig",
)
NOTES = (
    "Klant belt over status bestelling, uitgelegd.", "Teruggebeld, geen gehoor.", "Adres aangepast op verzoek.",
    "Klant ontevreden over levertijd; tegoedbon toegezegd.", "Doorverbonden met de zaak.", "Vraag beantwoord.",
    "Partner belt namens klant.", "Nota nogmaals gemaild.", "Afspraak gemaakt voor ophalen retour.",
)  # fmt: skip


@dataclass(frozen=True)
class CallCentre:
    """Who has a card, and the calls; a call without a card is of somebody who would not say (row -1)."""

    world: World
    dice: Dice
    who: Ints
    stamps: Stamps
    owner: Ints
    moment: Ints

    def callers(self, rows: Ints) -> Columns:
        """Write cards of callers."""
        dice = self.dice.within("callers")
        sheet = write(self.world, dice, rows, self.who[rows], self.stamps.changed[rows], HABITS)
        return {
            "KLANTKAART": numbered("KC", FIRST_CARD, rows),
            "AANHEF": np.where(sheet.sex == "M", "dhr.", np.where(sheet.sex == "V", "mevr.", "")),
            "VOORLETTERS": sheet.initials,
            "VOORNAAM": sheet.given,
            "TUSSENVOEGSEL": sheet.prefix,
            "NAAM": sheet.surname,
            "GEBOREN": optional_dates(sheet.born, "compact"),
            "STRAAT": sheet.street,
            "HUISNUMMER": sheet.number,
            "TOEVOEGING": sheet.suffix,
            "POSTCODE": spaced(sheet.postcode, dice.chance("space", rows, 0.6)),
            "WOONPLAATS": sheet.town,
            "TELEFOON": mess.phone(sheet.phone, dice.below("phone style", rows, 8)),
            "E-MAIL": sheet.email,
            "GEWIJZIGD": iso_moment(self.stamps.changed[rows]),
        }

    def calls(self, rows: Ints) -> Columns:
        """Write calls."""
        dice, owner = self.dice.within("calls"), self.owner[rows]
        numbers = mess.phone(
            texts([f"06{digits}" for digits in self.world.mobile[self.who[owner]].tolist()]),
            np.full(len(rows), 2, dtype=np.int64),
        )
        hidden = dice.chance("hidden number", rows, 0.12) | (owner < 0)
        return {
            "GESPREKNR": numbered("", FIRST_CALL, rows),
            "BEGIN": iso_moment(self.moment[rows]),
            "DUUR_SEC": texts([str(20 + seconds) for seconds in dice.below("seconds", rows, 900).tolist()]),
            "WACHT_SEC": texts([str(seconds) for seconds in dice.below("waiting", rows, 400).tolist()]),
            "RICHTING": texts(["in", "uit"])[dice.chance("out", rows, 0.12).astype(np.int64)],
            "NUMMER": np.where(hidden, "anoniem", numbers),
            "KLANTKAART": np.where(owner >= 0, numbered("KC", FIRST_CARD, owner), ""),
            "AGENT": texts([f"A{agent:03d}" for agent in (100 + dice.below("agent", rows, 24)).tolist()]),
            "REDEN": texts(REASONS)[dice.below("reason", rows, len(REASONS))],
            "NOTITIE": texts(NOTES)[dice.below("note", rows, len(NOTES))],
        }


def open_call_centre(world: World) -> CallCentre:
    """Give the call centre of a world."""
    dice = world.dice.within(CODE)
    who = members(dice, persons_aged(world, 17), 0.28, 0.19)
    when = stamps(dice, np.arange(len(who), dtype=np.int64), 5)
    owner, moment = goods.spread(dice.within("calls"), when.created, CALLS, extra=len(who) // 8)
    return CallCentre(world, dice, who, when, owner, moment)


def calls_system(world: World) -> System:
    """Give the call centre as a system."""
    state = open_call_centre(world)
    one = np.zeros(1, dtype=np.int64)
    feeds = (
        Feed(CODE, "callers", len(state.who), tuple(state.callers(one)), state.callers, state.stamps.changed,
             lambda rows: numbered("KC", FIRST_CARD, rows), lambda rows: person_entities(state.who[rows])),
        Feed(CODE, "log", len(state.owner), tuple(state.calls(one)), state.calls, state.moment),
    )  # fmt: skip
    return System(CODE, "csv", feeds)
