"""An invented population with households, several records a person and mistakes; truth is known."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa

from klantbeeld.engines.matching import Schema

GIVEN = [
    "Jan",
    "Piet",
    "Kees",
    "Johannes",
    "Willem",
    "Anna",
    "Maria",
    "Sophie",
    "Emma",
    "Lotte",
    "Sanne",
    "Fatima",
    "Ahmed",
    "Ruben",
    "Daan",
    "Bram",
    "Iris",
    "Noor",
    "Thijs",
    "Eva",
]
FAMILY = [
    "de Vries",
    "Jansen",
    "van den Berg",
    "Bakker",
    "Visser",
    "Smit",
    "Meijer",
    "Mulder",
    "de Boer",
    "Dijkstra",
    "Kok",
    "van der Linden",
    "Özdemir",
    "O'Hara",
]
ENDS = ["huis", "veld", "berg", "stra", "man", "sma", "ink", "horst", "beek", "dam", "oord", "wijk"]
STREETS = ["Dorpsstraat", "Kerkweg", "Molenlaan", "Stationsplein", "Beukenlaan", "Havenkade"]

SCHEMA = Schema.of(
    {
        "first": "given_name",
        "initials": "initials",
        "last": "family_name",
        "gender": "gender",
        "born": "birth_date",
        "street": "street",
        "number": "house_number",
        "postcode": "postcode",
        "city": "city",
        "phone": "phone",
        "mail": "email",
    },
    source="system",
    record_key="key",
)


def typo(text: str, rng: random.Random) -> str:
    if len(text) < 3:
        return text
    i = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[:i] + rng.choice("abcdefghijklmnoprstuvw") + text[i + 1 :]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def population(persons: int, seed: int = 1) -> tuple[pa.Table, list[int]]:
    """About two records a person; (table with the columns of SCHEMA, true person per row)."""
    rng = random.Random(seed)
    rows: list[dict[str, Any]] = []
    truth: list[int] = []
    person = 0
    while person < persons:
        home = (
            rng.choice(STREETS),
            str(rng.randrange(1, 99)),
            f"{rng.randrange(1000, 1400)} {rng.choice('ABCDE')}{rng.choice('ABCDE')}",
        )
        family = (
            rng.choice(FAMILY)
            if rng.random() < 0.5
            else f"{rng.choice('BDGHKLMNPRSTVWZ')}{rng.choice('aeiou')}{rng.choice('lmnrst')}{rng.choice(ENDS)}"
        )
        line = f"020{rng.randrange(10**6, 10**7)}"
        for _ in range(rng.choice((1, 1, 2, 3))):
            given = rng.choice(GIVEN)
            born = f"{rng.randrange(1940, 2005)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
            mobile = f"06{rng.randrange(10**7, 10**8)}"
            mail = f"{given}.{family.split()[-1]}{rng.randrange(99)}@example.nl".lower()
            letters = given[0] + "".join(rng.choice("ABCDE") for _ in range(rng.randrange(2)))
            for _ in range(rng.choice((1, 2, 2, 3))):
                rows.append(
                    {
                        "key": f"r{len(rows):05d}",
                        "system": rng.choice(("crm", "shop", "till")),
                        "first": (typo(given, rng) if rng.random() < 0.06 else given) if rng.random() < 0.8 else None,
                        "initials": ".".join(letters) + "." if rng.random() < 0.6 else None,
                        "last": typo(family, rng) if rng.random() < 0.06 else family,
                        "gender": rng.choice(("M", "V")) if rng.random() < 0.1 else None,
                        "born": born if rng.random() < 0.6 else None,
                        "street": home[0] if rng.random() < 0.8 else None,
                        "number": home[1] if rng.random() < 0.9 else None,
                        "postcode": home[2] if rng.random() < 0.8 else None,
                        "city": "Utrecht",
                        "phone": (mobile if rng.random() < 0.7 else line) if rng.random() < 0.6 else None,
                        "mail": (typo(mail, rng) if rng.random() < 0.04 else mail) if rng.random() < 0.7 else None,
                    }
                )
                truth.append(person)
            person += 1
    order = list(range(len(rows)))
    rng.shuffle(order)
    return pa.Table.from_pylist([rows[i] for i in order]), [truth[i] for i in order]
