"""What the values of a column say about its meaning: the share of a sample that has the form of each type."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from klantbeeld.engines.files.guess.words import CITIES, FAMILY, GENDERS, GIVEN, KINDS, PREFIXES

EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"(?:\+|00)?[\d\s().\-/]{8,20}(?:\s*(?:x|ext\.?|tst\.?)\s*\d+)?")
DATE = re.compile(
    r"""
    (?P<ymd>(?P<y1>1[89]\d\d|20\d\d)[-/.]?(?P<m1>\d{1,2})[-/.]?(?P<d1>\d{1,2})(?:[T\s].*)?)
    | (?P<xxy>(?P<a>\d{1,2})[-/.\s](?P<b>\d{1,2})[-/.\s](?P<y2>(?:1[89]|20)?\d\d)(?:[T\s].*)?)
    | (?P<text>\d{1,2}[-\s.](?:jan|feb|m[aä]r|mrt|apr|ma[iy]|mei|ju[nl]|aug|sep|o[kc]t|nov|de[cz])[a-z]*\.?[-\s]\d{2,4})
    """,
    re.VERBOSE | re.IGNORECASE,
)
POSTCODE_NL = re.compile(r"[1-9]\d{3}\s?[A-Za-z]{2}")
POSTCODE = re.compile(
    r"[1-9]\d{3}\s?[A-Za-z]{2}|\d{4,5}(?:-\d{4})?|[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}|[A-Za-z]-?\d{4,5}"
)
HOUSE_NUMBER = re.compile(r"\d{1,5}(?:\s?[-/]?\s?[A-Za-z0-9]{1,4})?")
INITIALS = re.compile(r"(?:[A-Za-z](?:h|j)?\.\s?){1,6}|(?:[A-Z]\s){1,4}[A-Z]|[A-Z]{1,4}")
INITIALS_DOTTED = re.compile(r"(?:[A-Za-z](?:h|j)?\.\s?-?){1,6}")
URL = re.compile(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.IGNORECASE)
VAT = re.compile(r"[A-Za-z]{2}[\s.]?[\dA-Za-z.\s]{7,14}")
IBAN = re.compile(r"[A-Z]{2}\d{2}\s?(?:[A-Z0-9]{4}\s?){2,7}[A-Z0-9]{0,4}")
KVK = re.compile(r"\d{8}")
STREET = re.compile(
    r"""(straat|str\.?|weg|laan|plein|singel|gracht|kade|dijk|hof|pad|plantsoen|dreef|steeg|markt|
    street|road|lane|avenue|drive|close|place|court|crescent|terrace|\bst\b|\brd\b|\bave\b|\bdr\b|
    stra(ß|ss)e|allee|platz|gasse|ring|\brue\b|boulevard|\bchemin\b)""",
    re.IGNORECASE | re.VERBOSE,
)
ORGANISATION = re.compile(
    r"\b(b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|c\.?v\.?|u\.?a\.?|stichting|vereniging|co[oö]peratie|maatschap|holding|"
    r"beheer|groep|group|"
    r"gmbh|ag|kg|e\.?v\.?|ltd|llc|inc|corp|plc|pte|limited|company|s\.?a\.?|sarl|sas|bank|zonen|"
    r"bakkerij|installatie\w*|advies|services?|transport|autobedrijf|restaurant|school|gemeente)\b\.?",
    re.IGNORECASE,
)


def _is_bsn(value: str) -> bool:
    """Say whether a value has the form of a citizen service number: nine digits that pass the weighted 11-test."""
    digits = value.replace(".", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 9):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


@dataclass(frozen=True, slots=True)
class Profile:
    """What a sample of a column looks like: share filled, distinct among the filled, and share per form, all 0..1."""

    filled: float
    unique: bool
    distinct: int
    distinct_share: float
    shares: dict[str, float]
    examples: tuple[str, ...]


FORMS: dict[str, Callable[[str], bool]] = {
    "email": lambda v: bool(EMAIL.fullmatch(v)),
    "phone": lambda v: bool(PHONE.fullmatch(v)) and 8 <= sum(c.isdigit() for c in v) <= 15 and not DATE.fullmatch(v),
    "date": lambda v: bool(DATE.fullmatch(v)),
    "postcode_nl": lambda v: bool(POSTCODE_NL.fullmatch(v)),
    "postcode": lambda v: bool(POSTCODE.fullmatch(v)),
    "house_number": lambda v: bool(HOUSE_NUMBER.fullmatch(v)),
    "initials": lambda v: bool(INITIALS.fullmatch(v)),
    "initials_dotted": lambda v: bool(INITIALS_DOTTED.fullmatch(v)),
    "gender": lambda v: v.casefold() in GENDERS,
    "website": lambda v: bool(URL.fullmatch(v)),
    "vat": lambda v: bool(VAT.fullmatch(v)) and any(c.isdigit() for c in v),
    "iban": lambda v: bool(IBAN.fullmatch(v)),
    "bsn": lambda v: _is_bsn(v),
    "kvk": lambda v: bool(KVK.fullmatch(v)),
    "street": lambda v: bool(STREET.search(v)),
    "organisation": lambda v: bool(ORGANISATION.search(v)),
    "prefix": lambda v: v.casefold() in PREFIXES,
    "kind": lambda v: v.casefold() in KINDS,
    "given": lambda v: v.casefold().split()[0] in GIVEN,
    "family": lambda v: v.casefold().split()[-1] in FAMILY,
    "city": lambda v: v.casefold() in CITIES,
    "year": lambda v: v.isdigit() and 1880 <= int(v[:6]) <= 2035,
    "month": lambda v: v.isdigit() and 1 <= int(v[:6]) <= 12,
    "day": lambda v: v.isdigit() and 1 <= int(v[:6]) <= 31,
    "number": lambda v: v.replace(".", "", 1).replace(",", "", 1).isdigit(),
    "letters": lambda v: sum(c.isalpha() for c in v) * 2 > len(v) and "@" not in v,
    "digit": lambda v: any(c.isdigit() for c in v),
    "spaced": lambda v: " " in v,
    "comma_address": lambda v: any(c.isdigit() for c in v) and (v.count(",") >= 1 or v.count(" ") >= 3),
}
LOOKED_AT = 2_000


def profile(values: Sequence[str | None]) -> Profile:
    """Describe a sample of values; only the first 2,000 filled ones are looked at."""
    filled = [value for value in values if value]
    looked = filled[:LOOKED_AT]
    number = max(len(looked), 1)
    shares = {name: sum(map(form, looked)) / number for name, form in FORMS.items()}
    distinct = len(set(filled))
    examples = tuple(dict.fromkeys(value[:40] for value in looked[:50]))[:3]
    return Profile(
        filled=len(filled) / max(len(values), 1),
        unique=distinct == len(values) and distinct > 0,
        distinct=distinct,
        distinct_share=distinct / max(len(filled), 1),
        shares=shares,
        examples=examples,
    )


def birth_like(values: Sequence[str | None]) -> bool:
    """Say whether dates are spread as births are: over more than twenty years, most before fifteen years ago or so."""
    years = sorted(year for value in values[:LOOKED_AT] if value and (year := _year(value)))
    if len(years) < 10:
        return False
    low, middle, high = years[len(years) // 20], years[len(years) // 2], years[-1 - len(years) // 20]
    return high - low > 20 and middle < 2008


def _year(value: str) -> int | None:
    found = DATE.fullmatch(value)
    if not found:
        return None
    text = found["y1"] or found["y2"]
    return int(text) if text and len(text) == 4 else None


def date_order(values: Sequence[str | None]) -> str | None:
    """Return "dmy" or "mdy" when dates such as 31/12/1980 show which part is the day, else None."""
    day_first = month_first = 0
    for value in values:
        found = DATE.fullmatch(value) if value else None
        if found and found["xxy"]:
            day_first += int(found["a"]) > 12 >= int(found["b"])
            month_first += int(found["b"]) > 12 >= int(found["a"])
    if day_first == month_first:
        return None
    return "dmy" if day_first > month_first else "mdy"
