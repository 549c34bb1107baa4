"""How to reach people: telephone, e-mail, bank account, card; unique where the world makes them unique.

Addresses end in `.example` (RFC 2606) and bank codes do not exist, so that nothing sent or paid from a demo can arrive.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np

from klantbeeld.demo.dice import Dice, Flags, Ints, Texts, Weights, texts
from klantbeeld.demo.world import names
from klantbeeld.demo.world.calendar import parts
from klantbeeld.demo.world.persons import Persons

DOMAINS = texts(
    [
        "postvogel.example", "snelpost.example", "mijnmail.example", "kabelnet.example", "brievenbus.example",
        "wolkmail.example", "thuispost.example", "telepost.example", "oudnet.example", "mailhuis.example",
    ]
)  # fmt: skip
_DOMAIN_WEIGHTS = Weights([42, 16, 10, 8, 6, 5, 5, 3, 3, 2])
_BANKS = ("DUIN", "POLD", "VLIE", "GRAS")
_MOBILE_SPAN = 50_000_000
_SCATTER = 27_644_437
"""A prime: multiplying by it modulo a power-of-ten span visits every number once, in no visible order."""


def mobile(slot: Ints) -> Ints:
    """Give the eight digits after 06 of a slot; each slot has its own number."""
    return 10_000_000 + (slot * _SCATTER) % _MOBILE_SPAN


def subscriber(slot: Ints, area: Texts) -> Texts:
    """Give landlines such as 0201234567 for slots in areas; ten digits together."""
    wide, narrow = 2_000_000 + (slot * _SCATTER) % 6_000_000, 200_000 + (slot * _SCATTER) % 600_000
    rows = zip(area.tolist(), wide.tolist(), narrow.tolist(), strict=True)
    return texts([f"{code}{long if len(code) == 3 else short}" for code, long, short in rows])


def iban(slot: Ints) -> Texts:
    """Give Dutch IBANs with right check digits (ISO 7064 mod 97-10) at banks that do not exist."""
    found = []
    for number in slot.tolist():
        bank, account = _BANKS[number % 4], f"{(number * _SCATTER + 417_000_003) % 10_000_000_000:010d}"
        digits = "".join(str(ord(letter) - 55) for letter in bank) + account + "232100"
        found.append(f"NL{98 - int(digits) % 97:02d}{bank}{account}")
    return texts(found)


def loyalty(slot: Ints) -> Texts:
    """Give card numbers of 13 digits with an EAN check digit (GS1 General Specifications 7.9)."""
    found = []
    for number in slot.tolist():
        body = f"2790{(number * _SCATTER) % 100_000_000:08d}"
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
        found.append(f"{body}{-total % 10}")
    return texts(found)


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Fold a text to lower-case letters and digits without marks, as people make e-mail addresses of names."""
    folded = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ı", "i"))
    return "".join(sign for sign in folded.lower() if sign.isascii() and sign.isalnum())


def emails(dice: Dice, persons: Persons, shared: Flags, which: str) -> Texts:
    """Give an address per person, unique in the world; adults of a family with `shared` use that of its head."""
    index = np.arange(persons.count, dtype=np.int64)
    given = names.given_table()
    calls = [plain(given.calls[g][c]) for g, c in zip(persons.given.tolist(), persons.call.tolist(), strict=True)]
    folded = texts([plain(full) for full in names.surname_table().full.tolist()])
    family = folded[persons.surname].tolist()
    form = dice.below(f"{which} form", index, 7).tolist()
    years = parts(persons.born)[0].tolist()
    numbers = dice.below(f"{which} number", index, 900).tolist()
    domains = DOMAINS[dice.choose(f"{which} domain", index, _DOMAIN_WEIGHTS)].tolist()
    shared_head = (shared[persons.family] & (persons.place == 0)).tolist()
    taken: set[str] = set()
    found: list[str] = []
    for row, (call, surname) in enumerate(zip(calls, family, strict=True)):
        local = f"fam.{surname}" if shared_head[row] else _local(form[row], call, surname, years[row], numbers[row])
        address = f"{local}@{domains[row]}"
        if address in taken:
            address = f"{local}.{row}@{domains[row]}"
        taken.add(address)
        found.append(address)
    result = texts(found)
    users = shared[persons.family] & (persons.place == 1)
    result[users] = result[persons.head[users]]
    return result


def _local(form: int, call: str, surname: str, year: int, number: int) -> str:
    forms = (
        f"{call}.{surname}", f"{call[:1]}.{surname}", f"{call}{surname}", f"{call}_{surname}{number}",
        f"{surname}.{call[:1]}", f"{call}{year}", f"{call[:1]}{surname}{year % 100:02d}",
    )  # fmt: skip
    return forms[form]
