"""A small invented world for the tests of `klantbeeld resolve`: a Dutch CRM in CSV and an English shop in Parquet."""

import csv
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

GIVEN = ("Jan", "Pieter", "Anna", "Sofie", "Kees", "Emma", "Lotte", "Bram", "Zoë", "Daniël", "Hendrik", "Marijke")
FAMILY = (
    "Vries", "Berg", "Jansen", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "Groot", "Bos", "Vos", "Peters",
    "Dekker", "Brouwer", "Wit", "Dijkstra", "Graaf", "Kok", "Jacobs", "Haan", "Vermeulen", "Veen", "Bruijn",
    "Schouten", "Beek",
)  # fmt: skip
PREFIXES = ("", "", "de", "van der", "van den")


def people(number: int, seed: int = 7) -> list[dict[str, str]]:
    """Invent persons: name, birth date, address, phone, e-mail; the same for a seed."""
    chance = random.Random(seed)
    found = []
    for person in range(number):
        given, family, prefix = chance.choice(GIVEN), chance.choice(FAMILY), chance.choice(PREFIXES)
        year, month, day = chance.randint(1940, 2004), chance.randint(1, 12), chance.randint(1, 28)
        found.append(
            {
                "person": str(person),
                "given": given,
                "prefix": prefix,
                "family": family,
                "born": f"{year}-{month:02d}-{day:02d}",
                "postcode": f"{chance.randint(1000, 9999)} {chance.choice('ABCDEGHJ')}{chance.choice('KLMNPRST')}",
                "number": str(chance.randint(1, 200)),
                "phone": f"06{chance.randint(10_000_000, 99_999_999)}",
                "email": f"{''.join(chance.choices('abcdefghklmnoprstuvw', k=9))}@example.nl",
            }
        )
    return found


def write_crm(path: Path, known: list[dict[str, str]], *, encoding: str = "cp1252") -> Path:
    """Write persons as a CRM exports them: Dutch headers, semicolons, dates with the day first."""
    head = ("Klantnummer", "Voornaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "Postcode", "Huisnummer")
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*head, "Telefoon", "E-mailadres", "Persoon"])
        for row, p in enumerate(known):
            born = "-".join(reversed(p["born"].split("-")))
            name = (p["given"], p["prefix"], p["family"])
            writer.writerow(
                [f"K{row:04d}", *name, born, p["postcode"], p["number"], p["phone"], p["email"], p["person"]]
            )
    return path


def write_shop(path: Path, known: list[dict[str, str]]) -> Path:
    """Write persons as a web shop keeps them: English headers, one name, no birth dates, upper case now and then."""
    rows = {
        "customerId": [100 + row for row in range(len(known))],
        "name": [
            " ".join(filter(None, (p["given"], p["prefix"], p["family"]))).upper()
            if row % 5 == 0
            else " ".join(filter(None, (p["given"], p["prefix"], p["family"])))
            for row, p in enumerate(known)
        ],
        "email": [p["email"] for p in known],
        "zip": [p["postcode"].replace(" ", "") for p in known],
        "houseNumber": [p["number"] for p in known],
        "phone": [f"+31 6 {p['phone'][2:]}" for p in known],
        "Persoon": [p["person"] for p in known],
    }
    pq.write_table(pa.table(rows), path)
    return path
