"""Addresses: street, number, suffix, postcode and place from columns or from one text."""

from __future__ import annotations

import re

from klantbeeld.engines.matching.normalise.text import fold, words

_STREET_WORDS = {
    "street": "st",
    "str": "st",
    "straat": "st",
    "strasse": "st",
    "rue": "rue",
    "road": "rd",
    "avenue": "ave",
    "av": "ave",
    "drive": "dr",
    "lane": "ln",
    "place": "pl",
    "court": "ct",
    "boulevard": "blvd",
    "crescent": "cres",
    "cr": "cres",
    "terrace": "tce",
    "highway": "hwy",
    "parade": "pde",
    "square": "sq",
    "circuit": "cct",
    "close": "cl",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "way": "way",
    "laan": "laan",
    "ln": "ln",
    "plaza": "plz",
    "parkway": "pkwy",
    "burgemeester": "burg",
    "burg": "burg",
    "professor": "prof",
    "doctor": "dr",
    "dokter": "dr",
    "sint": "st",
    "saint": "st",
}
_STREET_ENDINGS = (("straat", "st"), ("strasse", "st"), ("str", "st"))
_LEADING_NUMBER = re.compile(r"^\s*(?:no\.?|nr\.?|#)?\s*(\d{1,6})([a-z]?)\b[\s,]+(?=\D*[^\W\d_])", re.IGNORECASE)
_INNER_NUMBER = re.compile(
    r"^[^\d,]{4,}\s(\d{1,6})([a-z]?)\s+([^\d,]*\b(?:st|street|rd|road|ave|avenue|dr|drive|ln|lane|pl|way|blvd))$"
)
_TRAILING_NUMBER = re.compile(
    r"^(.*?[^\W\d_].*?)[\s,]+(?:nr\.?\s*)?(\d{1,6})\s*[-/ ]?\s*([a-z0-9]{0,6}|bis|hs|[ivx]{1,4})$", re.IGNORECASE
)
_NUMBER = re.compile(r"^\D{0,4}?(\d{1,6})\s*[-/ ]?\s*(.*)$")
_POSTCODES = (
    re.compile(r"\b(\d{4}\s?[A-Z]{2})\b(?!\s*\d)"),  # NL
    re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\b"),  # UK
    re.compile(r"\b([A-Z]\d[A-Z]\s?\d[A-Z]\d)\b"),  # CA
    re.compile(r"\b(?:[A-Z]{2}\s+|[A-Z]{1,2}-)(\d{4,5})(?:-\d{4})?\b"),  # state or country before digits
    re.compile(r"(?:^|[\s,])(\d{5,6})(?:-\d{4})?\s*(?:$|,|\s+[A-Za-z]+$)"),
    re.compile(r",\s*(\d{4,6})\s+[A-Za-z]"),
)
_CITIES = {"denhaag": "sgravenhage", "denbosch": "shertogenbosch", "hertogenbosch": "shertogenbosch"}


def postcode(text: str) -> str:
    """Lower-case letters and digits: "1234 AB" gives "1234ab"; ZIP+4 keeps five digits."""
    code = "".join(c for c in fold(text) if c.isalnum())[:12]
    if code.isdigit() and len(code) == 9:
        return code[:5]
    return "" if not code.strip("0") else code


def area(code: str) -> str:
    """The part of a postcode that names a district: "1234" of "1234ab", "tq13" of "tq138df", "891" of "89111"."""
    if len(code) == 6 and code[:4].isdigit() and code[4:].isalpha():
        return code[:4]
    if code.isdigit():
        return code[:-2] if len(code) > 3 else code
    return code[:-3] if len(code) >= 5 else code


def street(text: str) -> tuple[str, str, str]:
    """Split into (street, number, suffix): "Dorpsstraat 12-A" and "12A Dorpsstr." alike."""
    number, suffix = "", ""
    folded = fold(text).strip(" ,.")
    before = _LEADING_NUMBER.match(folded)
    if before:
        number, suffix = before[1], before[2]
        folded = folded[before.end() :]
    else:
        inner, after = _INNER_NUMBER.match(folded), _TRAILING_NUMBER.match(folded)
        if inner:  # the name of a building before the number
            number, suffix, folded = inner[1], inner[2], inner[3]
        elif after:
            folded, number, suffix = after[1], after[2], after[3]
    return _street_name(folded), number.lstrip("0"), house_suffix(suffix)


def street_line(text: str) -> tuple[str, str, str, str, str]:
    """Split a street column into (street, number, suffix, postcode, city); it may hold a whole address with commas."""
    if "," in text:
        code, number, suffix, name, city = whole_address(text)
        return name, number, suffix, code, city
    return (*street(_before_city(text)), "", "")


def _street_name(folded: str) -> str:
    tokens = words(folded)
    out = []
    for i, token in enumerate(tokens):
        short = _STREET_WORDS.get(token)
        if short is None and i == len(tokens) - 1 and len(token) > 5:
            for ending, code in _STREET_ENDINGS:
                if token.endswith(ending):
                    short = token[: -len(ending)] + code
                    break
        out.append(short or token)
    return " ".join(out)[:60]


def house_number(text: str) -> tuple[str, str]:
    """Split into (number, suffix): "12 bis" gives ("12", "bis")."""
    found = _NUMBER.match(fold(text))
    return (found[1].lstrip("0"), house_suffix(found[2])) if found else ("", "")


def house_suffix(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())[:8]


def place(text: str) -> str:
    """A city or region as folded letters without spaces; a few Dutch places have two names."""
    joined = "".join(words(text))[:40]
    return _CITIES.get(joined, joined)


def whole_address(text: str) -> tuple[str, str, str, str, str]:
    """Split one text into (postcode, number, suffix, street, city), as well as the text allows."""
    found, rest = "", text
    upper = text.upper()
    for pattern in _POSTCODES:
        matches = list(pattern.finditer(upper))
        if matches and (matches[-1].start() > 0 or pattern is _POSTCODES[0]):
            hit = matches[-1]
            found = postcode(hit[1])
            rest = text[: hit.start()] + " , " + text[hit.end() :]
            break
    number = suffix = name = ""
    leftover: list[str] = []
    for segment in (s.strip() for s in rest.split(",")):
        if not segment:
            continue
        if not number and any(c.isdigit() for c in segment) and any(c.isalpha() for c in segment):
            name, number, suffix = street(_before_city(segment))
            if number:
                continue
        leftover.append(segment)
    if not name and leftover:
        name, number, suffix = street(leftover.pop(0))
    city = place(leftover[0]) if leftover else ""
    return found, number, suffix, name, city


_KINDS_OF_STREET = frozenset(
    [
        "st",
        "street",
        "rd",
        "road",
        "ave",
        "avenue",
        "dr",
        "drive",
        "ln",
        "lane",
        "pl",
        "place",
        "blvd",
        "way",
        "ct",
        "court",
        "straat",
        "laan",
        "weg",
        "plein",
    ]
)


def _before_city(segment: str) -> str:
    """Cut a segment after the word that ends the street: "3212 W. 32nd St Palm Harbor" gives "3212 W. 32nd St"."""
    tokens = segment.split()
    for i in range(len(tokens) - 2, 0, -1):
        if tokens[i].lower().strip(".") in _KINDS_OF_STREET and tokens[0][:1].isdigit():
            return " ".join(tokens[: i + 1])
    return segment
