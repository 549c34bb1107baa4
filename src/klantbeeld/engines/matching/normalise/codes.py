"""Gender, record kinds, identifiers, organisation names and other text."""

from __future__ import annotations

import re

from klantbeeld.engines.matching.normalise.text import fold, words

_GENDERS = {
    **dict.fromkeys(
        [
            "m",
            "man",
            "male",
            "dhr",
            "heer",
            "h",
            "hr",
            "mr",
            "mannelijk",
            "jongen",
            "masculine",
            "maennlich",
            "mannlich",
            "homme",
            "herr",
            "1",
        ],
        "m",
    ),
    **dict.fromkeys(
        [
            "v",
            "f",
            "vrouw",
            "female",
            "mw",
            "mevr",
            "mevrouw",
            "mrs",
            "ms",
            "vrouwelijk",
            "meisje",
            "feminine",
            "weiblich",
            "femme",
            "frau",
            "w",
            "2",
        ],
        "f",
    ),
}
_KINDS = {
    **dict.fromkeys(
        [
            "person",
            "persoon",
            "p",
            "natural",
            "individual",
            "particulier",
            "consument",
            "consumer",
            "b2c",
            "prive",
            "np",
        ],
        "person",
    ),
    **dict.fromkeys(
        [
            "organisation",
            "organization",
            "organisatie",
            "o",
            "company",
            "bedrijf",
            "business",
            "zakelijk",
            "b2b",
            "legal",
            "nnp",
            "firma",
        ],
        "organisation",
    ),
}
LEGAL_FORMS = frozenset(
    [
        "bv",
        "nv",
        "vof",
        "cv",
        "besloten",
        "vennootschap",
        "naamloze",
        "maatschap",
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "ug",
        "inc",
        "incorporated",
        "llc",
        "llp",
        "ltd",
        "limited",
        "corp",
        "corporation",
        "co",
        "company",
        "plc",
        "sa",
        "srl",
        "sarl",
        "spa",
        "oy",
        "ab",
        "as",
        "aps",
        "pty",
        "se",
        "sas",
        "bvba",
        "eenmanszaak",
        "the",
        "de",
        "het",
    ]
)
_DOTTED = re.compile(r"\b((?:[a-z]\.){2,}[a-z]?)(?=\W|$)")


def gender(text: str) -> str:
    """ "m", "f" or "" (ISO 5218 numbers too)."""
    return _GENDERS.get(fold(text).strip(". "), "")


def record_kind(text: str) -> str:
    """ "person", "organisation" or ""."""
    return _KINDS.get(fold(text).strip(), "")


def identifier(text: str) -> str:
    """Letters and digits only; "" when all characters are alike (0000, 9999): a filler, not a number."""
    code = "".join(c for c in fold(text) if c.isalnum())[:64]
    return "" if len(code) < 2 or code == code[0] * len(code) else code


def vat(text: str) -> str:
    """A VAT number; a Dutch one keeps the nine digits that name the company before "B"."""
    return identifier(text)


def kvk(text: str) -> str:
    """A Dutch chamber of commerce number: eight digits."""
    digits = "".join(c for c in text if c.isdigit())
    return digits.zfill(8) if 7 <= len(digits) <= 8 else digits[:8] if len(digits) == 12 else ""


def organisation_name(text: str) -> str:
    """The words that tell an organisation apart, in order; legal forms and bracketed remarks gone."""
    folded = re.sub(r"[(\[].*?[)\]]", " ", fold(text)) or fold(text)
    folded = _DOTTED.sub(lambda m: m[1].replace(".", ""), folded.replace("&", " "))
    tokens = words(folded)
    kept = [w for w in tokens if w not in LEGAL_FORMS] or tokens
    return " ".join(kept[:8])


def category(text: str) -> str:
    return " ".join(words(text))[:64]


def bag_of_words(text: str) -> str:
    """The distinct words of a free text, sorted, at most sixteen."""
    return " ".join(sorted(set(words(text)))[:16])
