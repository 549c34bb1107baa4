"""The words of explanations, in English and Dutch: names of comparisons, levels and classes."""

from __future__ import annotations

from klantbeeld.engines.matching.levels import Comparison, Op

COMPARISONS: dict[Op, tuple[str, str]] = {
    Op.GIVEN: ("given name", "voornaam"),
    Op.INITIALS: ("initials", "voorletters"),
    Op.FAMILY: ("family name", "achternaam"),
    Op.GENERATION: ("junior or senior", "junior of senior"),
    Op.GENDER: ("gender", "geslacht"),
    Op.BIRTH: ("date of birth", "geboortedatum"),
    Op.ADDRESS: ("address", "adres"),
    Op.PHONE: ("phone number", "telefoonnummer"),
    Op.EMAIL: ("e-mail address", "e-mailadres"),
    Op.IDENTIFIER: ("number", "nummer"),
    Op.ORGANISATION: ("organisation name", "organisatienaam"),
    Op.CATEGORY: ("feature", "kenmerk"),
    Op.TEXT: ("text", "tekst"),
    Op.SOURCE: ("source", "bron"),
}

LEVELS: dict[str, tuple[str, str]] = {
    "missing": ("unknown for at least one", "bij minstens een van beide onbekend"),
    "same_rare": ("the same, a rare value", "gelijk, een zeldzame waarde"),
    "same_uncommon": ("the same, an uncommon value", "gelijk, een weinig voorkomende waarde"),
    "same_ordinary": ("the same", "gelijk"),
    "same_common": ("the same, a common value", "gelijk, een veelvoorkomende waarde"),
    "same_very_common": ("the same, a very common value", "gelijk, een zeer veelvoorkomende waarde"),
    "variant": ("a known variant of the name", "een bekende variant van de naam"),
    "typo": ("nearly the same", "vrijwel gelijk"),
    "other_given": ("the other one's second name", "de tweede naam van de ander"),
    "initial_agrees": ("the initial agrees", "de voorletter klopt"),
    "swapped": ("given and family name swapped", "voor- en achternaam verwisseld"),
    "alike": ("alike", "lijkt erop"),
    "resembles": ("resembles it, but sounds different", "lijkt erop, maar klinkt anders"),
    "same_initial": ("different names with the same initial", "verschillende namen met dezelfde voorletter"),
    "different": ("different", "verschillend"),
    "initial_differs": ("the initial differs", "de voorletter verschilt"),
    "same": ("the same", "gelijk"),
    "part": ("partly the same", "gedeeltelijk gelijk"),
    "similar": ("similar", "sterk gelijkend"),
    "sounds_alike": ("sounds alike", "klinkt hetzelfde"),
    "day_month_swapped": ("day and month swapped", "dag en maand verwisseld"),
    "two_parts": ("two of day, month and year are the same", "twee van dag, maand en jaar zijn gelijk"),
    "compatible": ("what is known agrees", "wat bekend is, klopt"),
    "two_typos": ("two digits differ", "twee cijfers verschillen"),
    "year_only": ("only the year is the same", "alleen het jaar is gelijk"),
    "same_street_number": ("same street and house number", "zelfde straat en huisnummer"),
    "other_suffix": ("same house number, other suffix", "zelfde huisnummer, andere toevoeging"),
    "street_typo": ("street nearly the same, same number", "straat vrijwel gelijk, zelfde nummer"),
    "same_street": ("same street, number differs or is unknown", "zelfde straat, nummer anders of onbekend"),
    "same_postcode": ("same postcode", "zelfde postcode"),
    "postcode_typo": ("postcode nearly the same, same number", "postcode vrijwel gelijk, zelfde nummer"),
    "street_elsewhere": ("same street name", "zelfde straatnaam"),
    "same_area": ("same district or town", "zelfde wijk of plaats"),
    "same_fixed_line": ("the same line", "hetzelfde vaste nummer"),
    "same_shared_line": ("the same line, used by many", "hetzelfde nummer, door velen gebruikt"),
    "same_without_area": ("the same without area code", "gelijk zonder netnummer"),
    "same_user": ("same name before the @", "gelijk voor het apenstaartje"),
    "user_alike": ("name before the @ alike", "lijkt op elkaar voor het apenstaartje"),
    "same_own_domain": ("same uncommon domain", "zelfde weinig voorkomende domein"),
    "same_words": ("same words in another order", "dezelfde woorden in een andere volgorde"),
    "contained": ("one contains the other", "de een bevat de ander"),
    "half_shared": ("half of the words shared", "de helft van de woorden gedeeld"),
    "first_word": ("begins the same", "begint hetzelfde"),
    "mostly": ("mostly the same words", "grotendeels dezelfde woorden"),
    "partly": ("partly the same words", "gedeeltelijk dezelfde woorden"),
    "little": ("few words shared", "weinig woorden gedeeld"),
    "other": ("another source", "een andere bron"),
}

CLASSES: dict[str, tuple[str, str]] = {
    "match": ("the same", "dezelfde"),
    "household": ("same household, other person", "zelfde huishouden, andere persoon"),
    "namesake": ("same name, other person", "zelfde naam, andere persoon"),
    "random": ("nothing to do with each other", "hebben niets met elkaar te maken"),
}


def comparison_text(comparison: Comparison, dutch: bool) -> str:
    """The name of a comparison for people; numbers, features and texts with their own name."""
    text = COMPARISONS[comparison.op][dutch]
    return f"{text} {comparison.key}" if comparison.key else text


def level_text(name: str, dutch: bool) -> str:
    return LEVELS[name][dutch]


def class_text(name: str, dutch: bool) -> str:
    return CLASSES[name][dutch]
