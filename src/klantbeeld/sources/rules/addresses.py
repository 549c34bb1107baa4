"""Splitting an address line as it is written in the Netherlands and around."""

from __future__ import annotations

import re

LINE = re.compile(
    r"(?P<street>\D.*?)[ ,]+(?P<number>\d{1,5})"
    r"(?:\s*[-/ ]?\s*(?P<suffix>[A-Za-z]{1,5}|\d{1,4}|[A-Za-z]\s?\d{1,3}))?"
)
TOWN = re.compile(r"(?P<postcode>[1-9]\d{3}\s?[A-Za-z]{2})\b\s*(?P<city>.*)")


def split_line(text: str) -> dict[str, str]:
    """Street, house number and suffix of a line, with postcode and city when they follow a comma.

    What cannot be told apart stays whole under `street`.

    >>> split_line("Hofweg 12 bis, 2511 AA Den Haag")
    {'street': 'Hofweg', 'house_number': '12', 'house_suffix': 'bis', 'postcode': '2511 AA', 'city': 'Den Haag'}
    >>> split_line("Plein 1944 8")
    {'street': 'Plein 1944', 'house_number': '8'}
    """
    first, _, rest = text.partition(",") if "," in text else text.partition("\n")
    parts: dict[str, str] = {}
    found = LINE.fullmatch(first.strip())
    if found:
        # The last number is the house number: "Plein 1944 8".
        parts = {"street": found["street"].strip(), "house_number": found["number"]}
        suffix = found["suffix"]
        if suffix and suffix.isdigit() and " " in first[found.end("number") : found.start("suffix")]:
            parts = {"street": f"{parts['street']} {parts['house_number']}", "house_number": suffix}
        elif suffix:
            parts["house_suffix"] = suffix
    else:
        parts = {"street": first.strip()}
    town = TOWN.search(rest)
    if town:
        parts["postcode"] = town["postcode"]
        if town["city"].strip(" ,"):
            parts["city"] = town["city"].strip(" ,")
    elif rest.strip():
        parts["city"] = rest.strip()
    return parts
