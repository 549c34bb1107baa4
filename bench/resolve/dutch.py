"""The Dutch set: the persons of the demo world, in five systems with their own files.

Ours reads the files as they are. The peer gets what its expert would make of them first: one table with the same
columns for all systems, dates as dates, phone numbers as nine digits, prefixes apart, placeholders gone.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SEED = 1
SYSTEMS = ("crm", "shop", "pos", "calls", "policies")
# Flat name: the column of each system, in the order of SYSTEMS.
COLUMNS: dict[str, tuple[str, ...]] = {
    "first_name": ("firstName", "firstName", "VOORNAAM", "VOORNAAM", "ROEPNAAM"),
    "initials": ("initials", "", "VOORLETTERS", "VOORLETTERS", "VOORLETTERS"),
    "last_name": ("lastName", "lastName", "ACHTERNAAM", "NAAM", "ACHTERNAAM"),
    "gender": ("gender", "gender", "GESL", "AANHEF", "GESLACHT"),
    "dob": ("birthDate", "birthDate", "GEBDAT", "GEBOREN", "GEBOORTEDATUM"),
    "street": ("address.street", "billingAddress.street", "STRAAT", "STRAAT", "STRAAT"),
    "number": ("address.houseNumber", "billingAddress.houseNumber", "HUISNR", "HUISNUMMER", "HUISNR"),
    "postcode": ("address.postalCode", "billingAddress.zip", "POSTCODE", "POSTCODE", "POSTCODE"),
    "phone": ("phoneMobile", "phone", "TEL", "TELEFOON", "TELEFOON"),
    "email": ("emailPrivate", "email", "EMAIL", "E-MAIL", "EMAIL"),
    "loyalty": ("", "loyaltyNumber", "KAARTNR", "KLANTKAART", ""),
    "iban": ("iban", "iban", "", "", "REKENING"),
}
FILES = ("crm_contacts", "shop_customers", "pos_cards", "calls_callers", "policies_relations")
PREFIX = re.compile(
    r"^(van der|van den|van de|van het|van 't|in 't|in de|op de|op den|aan de|aan den|uit de|uit den|van|de|den|der|ten"
    r"|ter|te|het|'t|von|el|la|le|du|di)\s+"
)
DEFAULT_DATES = frozenset({"1900-01-01", "1970-01-01", "1980-01-01"})


def make(folder: Path, size: int) -> tuple[list[Path], Path]:
    """Write the files with a truth column, and the flat table; returns both."""
    from klantbeeld.demo.files import write_files
    from klantbeeld.demo.world.build import build_world

    write_files(build_world(size, SEED), folder, SYSTEMS)
    with (folder / "truth.csv").open(encoding="cp1252", newline="") as file:
        truth = {(row["source"], row["external_id"]): row["entity"] for row in csv.DictReader(file, delimiter=";")}
    written, flat = [], []
    for place, (system, name) in enumerate(zip(SYSTEMS, FILES, strict=True)):
        with (folder / f"{name}.csv").open(encoding="cp1252", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        key = next(iter(rows[0]))
        path = folder / "with_truth" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="cp1252", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0], "truth"], delimiter=";")
            writer.writeheader()
            writer.writerows({**row, "truth": truth[system, row[key]]} for row in rows)
        written.append(path)
        flat += list(_flat(system, place, key, rows, truth))
    table = pa.table({name: [row[name] or None for row in flat] for name in flat[0]})
    pq.write_table(table, folder / "flat.parquet")
    return written, folder / "flat.parquet"


def _flat(
    system: str, place: int, key: str, rows: list[dict[str, str]], truth: dict[tuple[str, str], str]
) -> Iterator[dict[str, str]]:
    """Give the persons of a system in the columns of the expert."""
    for row in rows:
        entity = truth[system, row[key]]
        found = {name: (row[columns[place]] if columns[place] else "") for name, columns in COLUMNS.items()}
        found["last_name"] = PREFIX.sub("", _plain(found["last_name"]))
        found["first_name"] = _plain(found["first_name"])
        found["initials"] = re.sub(r"[^a-z]", "", _plain(found["initials"]))
        found["gender"] = _gender(found["gender"])
        found["dob"] = _date(found["dob"])
        found["phone"] = re.sub(r"\D", "", found["phone"])[-9:]
        found["postcode"] = found["postcode"].replace(" ", "").upper()
        found["street"] = _plain(found["street"])
        found["email"] = found["email"].strip().lower()
        found["iban"] = found["iban"].replace(" ", "").upper()
        yield {"unique_id": f"{system}-{row[key]}", "source": system, "truth": entity, **found}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().strip()


def _gender(text: str) -> str:
    first = _plain(text)[:2]
    if first in {"m", "ma", "dh", "he", "de"}:
        return "m"
    return "v" if first in {"v", "vr", "f", "mw", "me"} else ""


def _date(text: str) -> str:
    digits = re.findall(r"\d+", text)
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    if len(digits) < 3:
        return ""
    year, month, day = digits[:3] if len(digits[0]) == 4 else reversed(digits[:3])
    written = f"{year}-{int(month):02d}-{int(day):02d}"
    return "" if written in DEFAULT_DATES else written
