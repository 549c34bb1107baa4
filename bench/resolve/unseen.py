"""Invented sets that nothing was tuned to: other languages, schemas and mistakes than those the engine was built on.

Held out: look at a result to find a failure of principle, never to choose a constant. Five sets, each with truth:

- `unseen_french_link`: two files, each without doubles, to be linked; French names, dates with the day first.
- `unseen_companies`: organisations only, German and English names, branches of one chain as companies of their own.
- `unseen_spanish_addresses`: names of two surnames and an address, nothing else.
- `unseen_polish_no_birth`: names, phone and e-mail of families that share both; no birth dates, accents lost.
- `unseen_scans`: forms that were scanned: a third of all values damaged, names cut at twelve letters or in the wrong box.
"""

# ruff: noqa: E501 - a row of a file on few lines reads best

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
ENTITIES = 4_000

GIVEN = {
    "fr": "Marie Jean Pierre Camille Louis Chloé Lucas Manon Hugo Inès Léa Nathan Sarah Théo Jules Emma Gabriel Raphaël "
    "Arthur Zoé Adèle Maël Éloïse Antoine Clément Margaux François Hélène Cédric Aurélie Benoît Célia Damien Élodie",
    "es": "María José Antonio Carmen Manuel Lucía Javier Ana Francisco Pilar David Laura Daniel Isabel Miguel Elena Ángel "
    "Rosa Luis Marta Pedro Teresa Sergio Cristina Pablo Raquel Jorge Nuria Alberto Beatriz Iván Rocío Rubén Íñigo",
    "pl": "Anna Piotr Maria Krzysztof Katarzyna Andrzej Małgorzata Tomasz Agnieszka Jan Barbara Paweł Ewa Michał Krystyna "
    "Marcin Elżbieta Jakub Zofia Łukasz Magdalena Wojciech Joanna Stanisław Grażyna Mateusz Danuta Kamil Żaneta Rafał",
    "en": "James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph "
    "Jessica Thomas Karen Charles Sarah Oliver Amelia Harry Isla Jack Ava George Freya Noah Poppy Edward Florence",
}
FAMILY = {
    "fr": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia",
    "es": "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz",
    "pl": "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski",
    "en": "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Green",
}
STARTS = {
    "fr": "Beau Mont Char Ville La Du Bon Pré Gau Ber Fon Rou Cha Mar Ser Val Tri Dela",
    "es": "Are Bar Cas Del Esca For Gar Her Ibá Lar Mon Nava Oli Que Ro Sal Torre Vil",
    "pl": "Bar Czar Dob Grz Jab Krasz Lis Maz Ol Pie Sob Szcz Tom Wro Zab Żu Kru Mal",
    "en": "Ash Black Cart Den East Fair Green Hart King Lan Mor North Old Pem Rad Stan Thorn Whit",
}
ENDS = {
    "fr": "champ ier mont ot ville eau nard lier chet don ceau tin vigne roux court bert",
    "es": "nas rrera mero tillo nero do jo nte lar vides quez cio rana bal ría do",
    "pl": "nowski icki ewicz czyk ecki owicz alski ak arz iński uk ek ała oń asz",
    "en": "well field ton ley wood ford son worth by den shaw more land combe ridge",
}
TRADES = "Metallbau Software Logistik Consulting Bakery Plumbing Energie Design Pharma Textil Foods Motors Media Garten"
FORMS = ("GmbH", "AG", "Ltd", "Limited", "KG", "PLC", "Inc.", "GmbH & Co. KG", "")
STREETS = {
    "fr": ("rue de {}", "avenue {}", "boulevard {}", "impasse {}"),
    "es": ("Calle {}", "Avda. {}", "Plaza {}", "C/ {}"),
    "pl": ("ul. {}", "al. {}", "os. {}", "pl. {}"),
    "en": ("{} Street", "{} Road", "{} Avenue", "{} Close"),
}
NEXT_KEY = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))
SCANNED = {
    "m": "rn",
    "l": "1",
    "o": "0",
    "e": "c",
    "i": "l",
    "g": "q",
    "u": "v",
    "5": "S",
    "8": "B",
    "0": "O",
    "1": "7",
}


@dataclass(frozen=True, slots=True)
class Person:
    """One entity with all that may be written down about it."""

    number: int
    given: str
    family: str
    born: tuple[int, int, int]
    street: str
    house: str
    postcode: str
    city: str
    phone: str
    mail: str


class World:
    """An invented population of one language: households of up to four, names by a steep distribution."""

    def __init__(self, language: str, seed: int, size: int = ENTITIES) -> None:
        self.rng = random.Random(seed)
        self.language = language
        self.given = GIVEN[language].split() + [
            a + b.lower() for a in ["Ar", "Bel", "Cor", "Dan", "El", "Flo", "Gi"] for b in ("ia", "an", "on")
        ]
        starts, ends = STARTS[language].split(), ENDS[language].split()
        made = [a + b for a in starts for b in ends]
        self.rng.shuffle(made)
        self.family = FAMILY[language].split() + made
        self.cities = [a + b for a, b in zip(starts, ends, strict=False)]
        self.people: list[Person] = []
        while len(self.people) < size:
            self._household()

    def steep(self, values: Sequence[str]) -> str:
        """The first values often, the last rarely."""
        return values[min(int(len(values) * self.rng.random() ** 2.2), len(values) - 1)]

    def _household(self) -> None:
        rng = self.rng
        family, city = self.steep(self.family), rng.randrange(len(self.cities))
        street = rng.choice(STREETS[self.language]).format(self.steep(self.family))
        house, postcode = str(rng.randrange(1, 160)), f"{10 + city}{rng.randrange(1000):03d}"
        line, mail = _digits(rng, "5", 8), ""
        for place in range(rng.choice((1, 1, 2, 3, 4))):
            given = self.steep(self.given)
            name = family if place != 1 or rng.random() < 0.5 else self.steep(self.family)
            if self.language == "es":
                name = f"{name} {family if place > 1 else self.steep(self.family)}"
            born = (rng.randrange(1935, 2006), rng.randrange(1, 13), rng.randrange(1, 29))
            own = f"{plain(given)}{rng.choice(('.', '', '_'))}{plain(name).split()[0]}{rng.choice(('', rng.randrange(99)))}@post.example"
            mail = mail if mail and rng.random() < 0.3 else own.lower()
            phone = line if rng.random() < 0.35 else _digits(rng, "6", 8)
            self.people.append(
                Person(len(self.people), given, name, born, street, house, postcode, self.cities[city], phone, mail)
            )


def _digits(rng: random.Random, first: str, count: int) -> str:
    return first + "".join(rng.choice("0123456789") for _ in range(count))


def plain(text: str) -> str:
    """The text without accents."""
    spread = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(c for c in spread if not unicodedata.combining(c))


def slip(text: str, rng: random.Random) -> str:
    """One mistake of the keyboard: a neighbour, a letter too many or too few, two letters in the wrong order."""
    if len(text) < 3:
        return text
    i = rng.randrange(len(text) - 1)
    change = (NEXT_KEY.get(text[i].lower(), "x"), text[i] * 2, "", text[i + 1] + text[i])[rng.randrange(4)]
    return text[:i] + change + text[i + (2 if len(change) == 2 and change[0] != change[1] else 1) :]


def scan(text: str, rng: random.Random) -> str:
    """One or two mistakes of a reader of scanned forms."""
    places = [i for i, c in enumerate(text) if c.lower() in SCANNED]
    for i in sorted(rng.sample(places, min(len(places), rng.choice((1, 1, 2)))), reverse=True):
        text = text[:i] + SCANNED[text[i].lower()] + text[i + 1 :]
    return text


def french_link(folder: Path) -> tuple[list[Path], Path]:
    world = World("fr", 11)
    rng = world.rng
    members, buyers = [], []
    for p in world.people:
        day = f"{p.born[2]:02d}/{p.born[1]:02d}/{p.born[0]}"
        if rng.random() < 0.6:
            members.append(
                {"nom": p.family.upper(), "prenom": p.given, "date_naissance": day, "adresse": f"{p.house} {p.street}",
                 "code_postal": p.postcode, "ville": p.city, "telephone": "0" + p.phone, "truth": str(p.number)}
            )  # fmt: skip
        if rng.random() < 0.6:
            moved = rng.random() < 0.2
            buyers.append(
                {"nom": maybe(plain(p.family), 0.12, slip, rng), "prenom": maybe(plain(p.given), 0.1, slip, rng),
                 "date_naissance": day if rng.random() < 0.35 else "", "adresse": f"{rng.randrange(99)} rue Neuve" if moved
                 else f"{p.house} {maybe(p.street, 0.2, slip, rng)}", "code_postal": "" if moved else p.postcode,
                 "ville": p.city.upper(), "telephone": "+33 " + p.phone if rng.random() < 0.5 else "", "truth": str(p.number)}
            )  # fmt: skip
    return written(folder, {"adherents": members, "acheteurs": buyers}, rng)


def companies(folder: Path) -> tuple[list[Path], Path]:
    rng = random.Random(12)
    world = World("en", 12, 2_000)
    rows: list[Row] = []
    for p in world.people:
        core, trade = world.steep(world.family), rng.choice(TRADES.split())
        for branch in range(rng.choice((1, 1, 1, 1, 3))):
            city = rng.choice(world.cities)
            entity, number = f"{p.number}-{branch}", f"DE{rng.randrange(10**8, 10**9)}"
            street, phone = f"{rng.choice(world.people).street} {rng.randrange(1, 90)}", _digits(rng, "3", 8)
            form = rng.choice(FORMS)
            for _ in range(rng.choice((1, 2, 2, 3))):
                name = rng.choice(
                    (f"{core} {trade} {form}", f"{core} {trade}", f"{core}-{trade} {form}", f"{core} {trade} {city}")
                )
                rows.append(
                    {"company": maybe(name.strip(), 0.1, slip, rng), "vat": number if rng.random() < 0.3 else "",
                     "street": maybe(street, 0.1, slip, rng), "city": city, "phone": phone if rng.random() < 0.5 else "",
                     "website": f"www.{plain(core).lower()}-{trade.lower()}.example" if rng.random() < 0.4 else "",
                     "truth": entity}
                )  # fmt: skip
    return written(folder, {"companies": rows}, rng)


def spanish_addresses(folder: Path) -> tuple[list[Path], Path]:
    world = World("es", 13)
    rng = world.rng
    rows: list[Row] = []
    for p in world.people:
        for _ in range(rng.choice((1, 1, 2, 3))):
            family = p.family.split()[0] if rng.random() < 0.25 else p.family
            given = p.given[0] + "." if rng.random() < 0.15 else p.given
            rows.append(
                {"nombre": maybe(given, 0.05, slip, rng), "apellidos": maybe(family, 0.12, slip, rng),
                 "direccion": f"{maybe(p.street, 0.15, slip, rng)}, {p.house}", "codigo_postal": maybe(p.postcode, 0.05, slip, rng),
                 "poblacion": p.city if rng.random() < 0.9 else "", "truth": str(p.number)}
            )  # fmt: skip
    return written(folder, {"clientes": rows}, rng)


def polish_no_birth(folder: Path) -> tuple[list[Path], Path]:
    world = World("pl", 14)
    rng = world.rng
    rows: list[Row] = []
    for p in world.people:
        for _ in range(rng.choice((1, 2, 2, 4))):
            given, family = (p.given, p.family) if rng.random() < 0.5 else (plain(p.given), plain(p.family))
            if rng.random() < 0.06:
                given, family = family, given
            rows.append(
                {"imie": maybe(given, 0.08, slip, rng), "nazwisko": maybe(family, 0.08, slip, rng),
                 "telefon": p.phone if rng.random() < 0.55 else rng.choice(("", "", "000000000")),
                 "email": maybe(p.mail, 0.05, slip, rng) if rng.random() < 0.55 else rng.choice(("", "brak@brak.pl")),
                 "miasto": p.city if rng.random() < 0.5 else "", "truth": str(p.number)}
            )  # fmt: skip
    return written(folder, {"klienci": rows}, rng)


def scans(folder: Path) -> tuple[list[Path], Path]:
    world = World("en", 15)
    rng = world.rng
    rows: list[Row] = []
    for p in world.people:
        for _ in range(rng.choice((1, 1, 2, 3))):
            born = f"{p.born[1]:02d}/{p.born[2]:02d}/{p.born[0]}" if rng.random() < 0.8 else "01/01/1980"
            given, family = p.given.upper()[:12], p.family.upper()[:12]
            if rng.random() < 0.05:
                given, family = family, given
            rows.append(
                {"first_name": maybe(given, 0.3, scan, rng), "surname": maybe(family, 0.33, scan, rng),
                 "dob": maybe(born, 0.25, scan, rng), "street_address": maybe(f"{p.house} {p.street}", 0.33, scan, rng),
                 "zip": maybe(p.postcode, 0.3, scan, rng), "phone": maybe(p.phone, 0.3, scan, rng) if rng.random() < 0.4 else "",
                 "truth": str(p.number)}
            )  # fmt: skip
    return written(folder, {"forms": rows}, rng)


def maybe(text: str, share: float, change: Callable[[str, random.Random], str], rng: random.Random) -> str:
    """The text, with a mistake in this share of cases."""
    return change(text, rng) if rng.random() < share else text


def written(folder: Path, files: dict[str, list[Row]], rng: random.Random) -> tuple[list[Path], Path]:
    """Write the files in random order with a number per row, and all of them as one for the peer."""
    folder.mkdir(parents=True, exist_ok=True)
    paths, whole = [], []
    for name, rows in files.items():
        rng.shuffle(rows)
        numbered = [{"unique_id": f"{name}{i}", **row} for i, row in enumerate(rows)]
        paths.append(_write(folder / f"{name}.csv", numbered))
        whole += numbered
    return paths, _write(folder / "whole.csv", whole) if len(paths) > 1 else paths[0]


def _write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


MAKERS: dict[str, Callable[[Path], tuple[list[Path], Path]]] = {
    "unseen_french_link": french_link,
    "unseen_companies": companies,
    "unseen_spanish_addresses": spanish_addresses,
    "unseen_polish_no_birth": polish_no_birth,
    "unseen_scans": scans,
}
