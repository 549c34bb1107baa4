"""Claims: what the records of one customer say about one attribute, and when two of them say the same."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from klantbeeld.engines.matching.normalise.contact import phone

COUNTRY = "NL"
"""Numbers without a country code are read as Dutch."""


class Witness(NamedTuple):
    """A record as a witness: how far its source is trusted, and when it spoke."""

    record: int
    source: str  # the source's code
    source_id: int
    key: str  # stable name of the record: source, kind and external id; never the order of arrival
    rank: int  # trust rank of the source; 1 is trusted most
    steward: bool  # an employee's correction
    at: datetime  # the moment the source gives its version
    verified: bool = False  # what the customer said


class Claim(NamedTuple):
    """One value as one record states it. `same` is equal for claims that say the same thing."""

    value: Any
    same: str
    witness: Witness
    role: str = ""
    from_date: str = ""
    to_date: str = ""
    verified: bool = False


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Letters and digits only, lower case, without accents: `"O'Brien "` and `OBRIEN` fold to `obrien`."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@lru_cache(maxsize=200_000)
def phone_core(text: str) -> str:
    """The number in E.164: equal for 06-12345678, +31612345678 and 0031 6 1234 5678."""
    return phone(text, COUNTRY) or text


def address_core(address: dict[str, Any]) -> str:
    """Postcode, number and suffix; without a postcode street, number, suffix and town."""

    def part(name: str) -> str:
        value = address.get(name)
        return "" if value is None else fold(str(value))

    place = part("postcode") or f"{part('street')}|{part('city')}"
    return f"{place}|{part('house_number')}|{part('house_suffix')}"


def same_key(value: Any, type_: str) -> str:
    """The text under which equal values of a type meet."""
    if isinstance(value, str):
        if type_ == "phone":
            return phone_core(value)
        if type_ == "email":
            return value.strip().casefold()
        return fold(value) or value
    if isinstance(value, dict) and type_ == "address":
        return address_core(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def completeness(value: Any) -> int:
    """How much a value says: filled parts of an address, length of a text (an initial says less than a name)."""
    if isinstance(value, dict):
        return sum(1 for part in value.values() if part not in (None, ""))
    return len(str(value))
