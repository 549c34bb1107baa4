"""What keys are made of: a template is a list of parts joined by "+", a part is a text derived from atoms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from klantbeeld.engines.matching.derived import (
    Derive,
    first_letter,
    full_date,
    head,
    joined,
    long_email_user,
    month_day,
    same,
    sorted_words,
    sound_of_word,
    tail,
    two_or_more,
    word,
    year,
)
from klantbeeld.engines.matching.normalise import address


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a key: the stem of the atoms it comes from and functions, each of which may give a value."""

    stem: str
    functions: tuple[Derive, ...]


PARTS: dict[str, Part] = {
    "given": Part("given", (word(0),)),
    "given_sound": Part("given", (sound_of_word(0),)),
    "given_head": Part("given", (head(3),)),
    "other_sound": Part("given", (sound_of_word(0), sound_of_word(1))),
    "initial": Part("initials", (first_letter,)),
    "initials": Part("initials", (two_or_more,)),
    "family": Part("family", (joined,)),
    "family_sound": Part("family", (sound_of_word(0), sound_of_word(1))),
    "family_head": Part("family", (head(4),)),
    "birth": Part("birth", (full_date,)),
    "year": Part("birth", (year,)),
    "month_day": Part("birth", (month_day,)),
    "postcode": Part("addresses.postcode", (same,)),
    "area": Part("addresses.postcode", (address.area,)),
    "street": Part("addresses.street", (same,)),
    "city": Part("addresses.city", (same,)),
    "phone": Part("phones", (same,)),
    "phone_tail": Part("phones", (tail,)),
    "email": Part("emails", (same,)),
    "email_user": Part("emails", (long_email_user,)),
    "organisation": Part("organisation", (joined,)),
    "organisation_words": Part("organisation", (sorted_words,)),
    "organisation_word": Part("organisation", tuple(word(i) for i in range(8))),
    "organisation_sound": Part("organisation", (sound_of_word(0), sound_of_word(1))),
    "organisation_head": Part("organisation", (head(5),)),
}

COMPOSED: dict[str, tuple[tuple[str, str], ...]] = {
    # parts of one and the same address
    "postcode_number": (("postcode", "number"),),
    "street_number": (("street", "number"),),
}

TEMPLATES = """
email
phone
email_user
phone_tail
name_pair
family+given
birth+family_sound
birth+other_sound
birth+initial
birth+area
birth+city
birth
postcode_number+initial
postcode_number+family_sound
postcode_number+organisation_sound
postcode_number
street_number+family_sound
street_number+month_day
street_number+initial
street_number+organisation_sound
street_number
postcode+family_sound
postcode+other_sound
postcode+given_head
postcode+family_head
postcode+birth
postcode+year
area+family_sound+initial
area+family_head
area+other_sound+year
area+given+family_head
area+given
city+family_sound+initial
city+given
city+organisation_word
area+organisation_word
family_sound+month_day
family_sound+initial+year
other_sound+month_day
given+year
family_head+year
family_head+given_head
family_sound+initial
given_head+month_day
initials+family_head
initials+birth
family
given
organisation
organisation_words
organisation_head
organisation_sound
organisation_word
"""


def templates_for(atoms: Iterable[str]) -> tuple[str, ...]:
    """All templates whose parts these atoms can fill, identifiers first."""
    stems = {stem_of(a) for a in atoms}
    made = [f"ids.{key}" for key in sorted(s.removeprefix("ids.") for s in stems if s.startswith("ids."))]
    categories = sorted(s for s in stems if s.startswith("categories."))
    usual = [t for t in TEMPLATES.split("\n") if t]
    for category in categories:
        usual += [f"birth+{category}", f"{category}+given", f"{category}+family_sound", f"{category}+email_user"]
        usual += [
            f"{category}+name_pair",
            f"{category}+family_head+given_head",
            f"{category}+postcode",
            f"{category}+month_day",
        ]
    for template in usual:
        if all(stems_of(part) <= stems for part in template.split("+")):
            made.append(template)
    return tuple(made)


def stem_of(atom: str) -> str:
    if atom.startswith("addresses."):
        return f"addresses.{atom.rsplit('.', 1)[1]}"
    stem = atom.split("#")[0]
    return "organisation" if stem == "aliases" else stem


def stems_of(part: str) -> set[str]:
    if part == "name_pair":
        return {"given", "family"}
    if part == "postcode_number":
        return {"addresses.postcode", "addresses.number"}
    if part == "street_number":
        return {"addresses.street", "addresses.number"}
    known = PARTS.get(part)
    return {known.stem if known else part}


def part_of(name: str) -> Part:
    """The part of a name; identifiers and categories are parts by their stem."""
    return PARTS.get(name) or Part(name, (same,))


def part_texts(name: str, atoms: Mapping[str, list[str]], places: Sequence[Mapping[str, str]]) -> list[str]:
    """The distinct texts of a part for one record. `atoms`: texts per stem; `places`: the addresses."""
    if name == "name_pair":
        pairs = product(part_texts("other_sound", atoms, places), part_texts("family_sound", atoms, places))
        return list(dict.fromkeys(name_pair(g, f) for g, f in pairs))
    if name in COMPOSED:
        (first, second) = COMPOSED[name][0]
        found = [p[first] + "|" + p[second] for p in places if p.get(first) and p.get(second)]
        return list(dict.fromkeys(found))
    part = part_of(name)
    texts = [function(text) for text in atoms.get(part.stem, ()) for function in part.functions]
    return list(dict.fromkeys(t for t in texts if t))


def name_pair(given: str, family: str) -> str:
    """The sounds of given and family name in one order, so that swapped names share a key."""
    return f"{given}|{family}" if given <= family else f"{family}|{given}"
