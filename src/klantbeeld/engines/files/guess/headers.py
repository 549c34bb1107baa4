"""What a column's name says about its meaning: the words people use in Dutch, English, German and French.

A name is cut into words (also camelCase and digits), accents dropped. It counts fully when the whole name is known, a
little less when it is known without words such as "customer" or "billing", less again when only its end is.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from klantbeeld.engines.files.guess.words import (
    FORBIDDEN,
    GROUPS,
    IDENTIFIERS,
    NAMES,
    OTHER_SUBJECT,
    QUALIFIERS,
)

STEMS: tuple[tuple[str, str], ...] = (
    (r"(geboorte|geburts|birth)_?(dat|date|day|tag)", "birth_date"),
    (r"naissance", "birth_date"),
    (r"e-?mail", "email"),
    (r"(telefoon|telefon|telephone|phone|mobiel|mobile|handy|gsm)", "phone"),
    (r"(postcode|postalcode|zipcode|postleitzahl|codepostal)", "postcode"),
    (r"(voornaam|roepnaam|vorname|firstname|forename|givenname|prenom)", "given_name"),
    (r"(achternaam|familienaam|nachname|surname|lastname|familyname)", "family_name"),
    (r"(tussenvoegsel|voorvoegsel)", "name_prefix"),
    (r"(huisnummer|hausnummer|housenumber)", "house_number"),
    (r"(straat|strasse|street)", "street"),
    (r"(woonplaats|plaatsnaam|wohnort)", "city"),
    (r"(bedrijfsnaam|organisatienaam|companyname|firmenname|organi[sz]ationname)", "organisation_name"),
)


LIKE_AN_ID = re.compile(r"(nr|nummer|number|num|id|no|code|key|schluessel)\d*$")


@dataclass(frozen=True, slots=True)
class HeaderMeaning:
    """What a name says: a type, how sure (0..1), and for identifiers and addresses which one."""

    type: str
    score: float
    scheme: str = ""
    group: str = ""


def words_of(name: str) -> list[str]:
    """Cut a column name into lower-case words without accents: `PRIMARY_NAME_LAST`, `geboorteDatum`, `Straße 2`."""
    text = name.replace("ß", "ss")
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        text = text.replace(umlaut, plain)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    text = re.sub(r"([A-Za-z])(\d+)\b", r"\1 \2", text)
    return [word.lower() for word in re.findall(r"[A-Za-z]+|\d+", text)]


def read_header(name: str) -> HeaderMeaning | None:
    """Say what a column name means, or None if it says nothing."""
    words = words_of(name)
    if found := _known(words, 1.0):
        return found
    plain = [word for word in words if not word.isdigit()]
    if len(plain) != len(words) and (found := _known(plain, 0.95)):
        return found
    core = [word for word in plain if word not in QUALIFIERS and len(word) > 1]
    if found := _known(core, 0.9):
        return found
    ungrouped = [word for word in core if not _group(word)]
    if len(ungrouped) != len(core) and (found := _known(ungrouped, 0.85, core)):
        return found
    if any(word in OTHER_SUBJECT for word in plain):
        return None
    for start in range(1, len(plain)):
        found = _known(plain[start:], 0.7, plain[:start])
        if found and found.type != "record_id" and len("".join(plain[start:])) > 2:
            return found
    joined = "".join(plain)
    return next((HeaderMeaning(type_, 0.6) for stem, type_ in STEMS if re.search(stem, joined)), None)


ADDRESS_PARTS = frozenset(
    {"street", "house_number", "house_suffix", "postcode", "city", "region", "country", "address"}
)


def _known(words: list[str], score: float, beside: list[str] | None = None) -> HeaderMeaning | None:
    """Look the words up as one; the words beside them may tell which address is meant."""
    joined = "".join(words)
    if joined in FORBIDDEN:
        return HeaderMeaning("forbidden", score)
    if scheme := _schemes().get(joined):
        return HeaderMeaning("identifier", score, scheme=scheme)
    if joined in _created():
        return HeaderMeaning("updated_at", 0.6 * score)  # better than nothing
    if type_ := _types().get(joined):
        group = next(filter(None, map(_group, beside or [])), "") if type_ in ADDRESS_PARTS else ""
        return HeaderMeaning(type_, score, group=group)
    return None


def _group(word: str) -> str:
    return next((group for group, known in _groups().items() if word in known), "")


@cache
def _created() -> frozenset[str]:
    return frozenset(NAMES["created_at"].split())


@cache
def _types() -> dict[str, str]:
    return {name: type_ for type_, names in NAMES.items() for name in names.split()}


@cache
def _schemes() -> dict[str, str]:
    return {name: scheme for scheme, names in IDENTIFIERS.items() for name in names.split()}


@cache
def _groups() -> dict[str, frozenset[str]]:
    return {group: frozenset(words.split()) for group, words in GROUPS.items()}
