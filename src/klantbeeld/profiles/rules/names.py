"""Names as the Dutch write them.

A prefix (tussenvoegsel) has a small letter after a given name or initials and a capital where nothing stands before
it: "E. de Vries", "mevrouw De Vries-van den Berg" (Taaladvies.net, "Hoofdletter in voor- en achternamen"). Use of the
partner's name follows the register of persons (Logisch Ontwerp BRP, element 61.10): E own, P partner, V partner before
own, N partner after own.
"""

from __future__ import annotations

from typing import NamedTuple

from klantbeeld.profiles.rules.claims import fold

PREFIXES = frozenset(
    {
        *("aan", "aan de", "aan den", "aan der", "aan het", "aan 't", "bij", "bij de", "bij den", "bij het", "bij 't"),
        *("d'", "da", "dal", "de", "de la", "de die", "de l'", "de le", "de van der", "del", "della", "den", "der"),
        *("des", "deze", "di", "do", "don", "dos", "du", "el", "het", "in", "in de", "in den", "in der", "in het"),
        *("in 't", "l'", "la", "las", "le", "les", "lo", "los", "of", "onder", "onder de", "onder den", "onder het"),
        *("onder 't", "op", "op de", "op den", "op der", "op gen", "op het", "op 't", "op ten", "over", "over de"),
        *("over den", "over het", "over 't", "'s", "'t", "te", "ten", "ter", "tho", "thoe", "thor", "to", "toe"),
        *("tot", "uijt", "uijt de", "uijt den", "uijt ten", "uit", "uit de", "uit den", "uit het", "uit 't"),
        *("uit te de", "uit ten", "van", "van de", "van de l'", "van den", "van der", "van gen", "van het", "van la"),
        *("van 't", "van ter", "van van de", "ver", "vom", "von", "von dem", "von den", "von der", "von 't", "voor"),
        *("voor de", "voor den", "voor 't", "vor", "vor der", "zu", "zum", "zur"),
    }
)
WORDS_AT_MOST = 3


class PersonName(NamedTuple):
    """The parts of a person's name as they were written; empty where unknown. `use` is E, P, V, N or empty."""

    given: str = ""
    initials: str = ""
    prefix: str = ""
    family: str = ""
    partner_prefix: str = ""
    partner_family: str = ""
    use: str = ""
    gender: str = ""


def split_family_name(text: str) -> tuple[str, str]:
    """Prefix and base of a family name written in one: `"VAN DEN BERG"` gives `("van den", "BERG")`."""
    words = text.replace("\u2019", "'").split()
    for count in range(min(WORDS_AT_MOST, len(words) - 1), 0, -1):
        prefix = " ".join(words[:count]).casefold()
        if prefix in PREFIXES:
            return prefix, " ".join(words[count:])
    return "", " ".join(words)


def write(word: str) -> str:
    """A name in ordinary letters: only what is wholly in capitals or small letters is rewritten."""
    if len(word) < 2 or not (word.isupper() or word.islower()):
        return word
    written = "-".join(" ".join(capital(part) for part in side.split(" ")) for side in word.lower().split("-"))
    return written.replace("Ij", "IJ") if written.startswith("Ij") else written


def capital(word: str) -> str:
    """The first letter large: `o'brien` gives `O'Brien`, a prefix inside a name stays small."""
    if word in PREFIXES:
        return word
    head, mark, tail = word.partition("'")
    if mark and len(head) == 1 and len(tail) > 1:
        return f"{head.upper()}'{tail[:1].upper()}{tail[1:]}"
    return word[:1].upper() + word[1:]


def dotted(initials: str) -> str:
    """Initials with points: `JP`, `J P` and `j.p.` give `J.P.`; `Th.` stays as it is."""
    text = initials.strip()
    if not text:
        return ""
    if "." in text:
        parts = [part.strip() for part in text.split(".") if part.strip()]
    else:
        parts = text.split() if " " in text else list(text)
    return "".join(f"{part[:1].upper()}{part[1:].lower()}." for part in parts)


def joined(prefix: str, family: str) -> str:
    """Prefix and base as one name, the prefix small."""
    prefix = prefix.casefold().strip()
    gap = "" if prefix.endswith("'") and prefix not in ("'t", "'s") else " "
    return f"{prefix}{gap}{write(family)}" if prefix else write(family)


def family_name(name: PersonName) -> str:
    """The family name in use, prefix small: own, partner's, or both with a hyphen."""
    own, partner = joined(name.prefix, name.family), joined(name.partner_prefix, name.partner_family)
    if not name.family or not name.partner_family:
        return own if name.family else partner
    use = name.use.upper() or "V"
    return {"E": own, "P": partner, "V": f"{partner}-{own}", "N": f"{own}-{partner}"}.get(use, f"{partner}-{own}")


def standing_first(family: str) -> str:
    """A family name with nothing before it: its prefix gets a capital, but `'t` and `'s` never do."""
    return family if family.startswith("'") else family[:1].upper() + family[1:]


def full_name(name: PersonName) -> str:
    """`Els de Vries-van den Berg`, or with initials when the given name is unknown."""
    first = write(name.given) or dotted(name.initials)
    family = family_name(name)
    return f"{first} {family}".strip() if first else standing_first(family)


def sort_name(name: PersonName) -> str:
    """Where a Dutch reader looks: base first, then given name or initials, then the prefix; folded."""
    leads_with_partner = bool(name.partner_family) and (name.use.upper() or "V") in "PV"
    base, prefix = (
        (name.partner_family, name.partner_prefix)
        if leads_with_partner or not name.family
        else (name.family, name.prefix)
    )
    return " ".join(part for part in (fold(base), fold(name.given or name.initials), fold(prefix)) if part)


TITLES = {
    ("nl", "F"): "mevrouw",
    ("nl", "M"): "de heer",
    ("en", "F"): "Ms",
    ("en", "M"): "Mr",
}


def addressed(name: PersonName, language: str) -> str:
    """As on an envelope or on the telephone: `mevrouw De Vries-van den Berg`; without gender the full name."""
    title = TITLES.get((language, name.gender.upper()[:1]))
    return f"{title} {standing_first(family_name(name))}" if title and family_name(name) else full_name(name)


#: How one writes to somebody of whom too little is known: by gender, and when that is not known either.
UNNAMED = {
    ("nl", "F"): "mevrouw",
    ("nl", "M"): "heer",
    ("nl", ""): "heer/mevrouw",
    ("en", "F"): "Madam",
    ("en", "M"): "Sir",
    ("en", ""): "Sir or Madam",
}


def salutation(name: PersonName, language: str) -> str:
    """The opening of a letter: `Geachte mevrouw De Vries-van den Berg`, `Dear Mr De Vries`.

    Without a gender the given name stands for it (`Geachte Sam van Dijk`), else both are named (`Geachte heer/mevrouw
    Van Dijk`, `Dear S. van Dijk`); without a name `Geachte heer/mevrouw`, `Dear Sir or Madam`.
    """
    opening = "Geachte" if language == "nl" else "Dear"
    name = PersonName(*(part.strip() for part in name))
    gender = name.gender.upper()[:1]
    if name.given or (family_name(name) and (language, gender) in TITLES):
        whom = addressed(name, language).replace("de heer ", "heer ", 1)
    elif family_name(name):
        family = standing_first(family_name(name))
        whom = f"heer/mevrouw {family}" if language == "nl" else full_name(name) if name.initials else f"Mr/Ms {family}"
    else:
        whom = UNNAMED.get((language, gender), UNNAMED[(language, "")])
    return f"{opening} {whom}"
