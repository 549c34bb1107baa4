"""Personal names: titles off, prefixes (tussenvoegsels) apart, double names in parts, initials as letters."""

from __future__ import annotations

import re

from klantbeeld.engines.matching.normalise.text import fold, is_latin, words

PREFIXES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "ten",
        "ter",
        "te",
        "het",
        "t",
        "in",
        "op",
        "aan",
        "uit",
        "bij",
        "voor",
        "over",
        "onder",
        "von",
        "zu",
        "zum",
        "zur",
        "vom",
        "la",
        "le",
        "les",
        "du",
        "des",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "del",
        "della",
        "dello",
        "dei",
        "degli",
        "al",
        "el",
        "bin",
        "ibn",
        "bint",
        "af",
        "av",
        "y",
        "ould",
        "ben",
    ]
)
"""Words before a family name that people drop or glue; "ben" and "al" count only before another word."""

TITLES = frozenset(
    [
        "dhr",
        "heer",
        "hr",
        "mw",
        "mevr",
        "mevrouw",
        "mej",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mister",
        "sir",
        "dr",
        "drs",
        "ir",
        "ing",
        "prof",
        "mag",
        "bsc",
        "msc",
        "ba",
        "ma",
        "phd",
        "herr",
        "frau",
        "fraulein",
        "monsieur",
        "madame",
        "mme",
        "mlle",
        "dipl",
        "jhr",
        "jkvr",
        "ds",
        "pastoor",
        "familie",
        "fam",
        "weduwe",
        "wed",
        "sig",
        "sra",
    ]
)
GENERATIONS = {
    "sr": "1", "senior": "1", "sen": "1", "i": "1",
    "jr": "2", "junior": "2", "jun": "2", "ii": "2",
    "iii": "3", "iv": "4",
}  # fmt: skip
_BETWEEN = frozenset({"ev", "geb", "geboren", "wv", "gesch", "gescheiden", "nee", "born", "eo", "en", "of"})
_DOTS = re.compile(r"[.\s]+")
_PART = re.compile(r"[-/,]|\b(?:e/v|e\.v\.|geb\.?|w/v|nee)\b")


def given_name(text: str) -> tuple[str, str, str]:
    """Split given names into (names, initials, generation); names are folded words joined by a space.

    "Jan-Peter" and "Jan Peter" are alike; "J.P." has only initials; "Morris II" has generation "2".
    """
    tokens = words(text)
    generation = ""
    if len(tokens) > 1:
        if tokens[-1] in GENERATIONS and not (tokens[-1] == "i" and "." in text):
            generation = GENERATIONS[tokens.pop()]
        tokens = [w for w in tokens if w not in TITLES] or tokens
    if not tokens:
        return "", "", generation
    if all(len(w) == 1 for w in tokens) and is_latin(tokens[0]):
        return "", "".join(tokens)[:6], generation
    if len(tokens) == 1 and _looks_like_initials(text.strip(), tokens[0]):
        return "", tokens[0][:6], generation
    return " ".join(w for w in tokens[:4] if len(w) > 1 or not is_latin(w)), _first_letters(tokens), generation


def _looks_like_initials(text: str, token: str) -> bool:
    """Two to four capitals without a vowel: "JPM"."""
    return 2 <= len(token) <= 4 and text.isupper() and not any(v in "aeiouy" for v in token)


def _first_letters(tokens: list[str]) -> str:
    return "".join(w[0] for w in tokens)[:6]


def initials(text: str) -> str:
    """The letters of initials in order, at most six: "J.P.", "JP" and "J. Peter" give "jp"."""
    folded = fold(text)
    if "." in folded or " " in folded:
        return _first_letters([w for w in _DOTS.split(folded.replace("-", " ")) if w and w[0].isalpha()])
    letters = "".join(c for c in folded if c.isalpha())
    return letters[:6] if len(letters) <= 6 else letters[:1]


def family_name(text: str) -> tuple[str, str]:
    """Split a family name into (main words, generation): "Vries-van den Berg" gives "vries berg".

    Prefixes and titles go, unless nothing else is left ("Le" stays a name).
    """
    if text.isalpha() and text.isascii():  # the usual case: one plain word
        return text.lower(), ""
    found: list[str] = []
    left_over: list[str] = []
    generation = ""
    for part in _PART.split(fold(text)):
        tokens = [w for w in words(part) if w not in _BETWEEN and w not in TITLES] or words(part)
        if len(tokens) > 1 and tokens[-1] in GENERATIONS:
            generation = GENERATIONS[tokens.pop()]
        elif found and len(tokens) == 1 and tokens[0] in GENERATIONS:
            generation = GENERATIONS[tokens[0]]
            continue
        main = [w for i, w in enumerate(tokens) if w not in PREFIXES or (i and tokens[i - 1] not in PREFIXES)]
        if main and main[0] in PREFIXES:
            main = main[1:]
        main = [w for w in main if w not in PREFIXES] or main
        found.extend(main)
        left_over.extend(tokens)
    if not found:
        found = left_over[-1:]
    return " ".join(dict.fromkeys(found[:4])), generation


def full_name(text: str) -> tuple[str, str, str, str]:
    """Split a whole name into (given names, initials, family words, generation).

    "Vries, Jan de", "J.P. de Vries", "Dr. Robert Smith Jr", and names of Chinese characters (family name first).
    """
    text = _without_brackets(text)
    if "," in text:
        family_part, _, given_part = text.partition(",")
        if words(family_part) and not set(words(given_part)) <= GENERATIONS.keys():
            given, letters, generation = given_name(_drop_trailing_prefix(given_part))
            family, other = family_name(family_part)
            return given, letters, family, generation or other
        text = f"{family_part} {given_part}"
    tokens = [w for w in text.split() if w.strip(".").lower() not in TITLES]
    if not tokens:
        return "", "", "", ""
    if len(tokens) == 1:
        return _single_token(tokens[0])
    generation = ""
    last = fold(tokens[-1]).strip(".")
    if len(tokens) > 2 and last in GENERATIONS:
        generation = GENERATIONS[last]
        tokens.pop()
    start = len(tokens) - 1
    for i in range(1, len(tokens)):
        if fold(tokens[i]).strip("'’.") in PREFIXES:
            start = min(i, len(tokens) - 1)
            break
    given, letters, own = given_name(" ".join(tokens[:start]))
    family, other = family_name(" ".join(tokens[start:]))
    return given, letters, family, generation or own or other


def _single_token(token: str) -> tuple[str, str, str, str]:
    if not token.isascii() and 2 <= len(token) <= 4 and "\u3400" <= token[0] <= "\u9fff":
        return token[1:], "", token[0], ""
    family, _ = family_name(token)
    return "", "", family, ""


def _without_brackets(text: str) -> str:
    return re.sub(r"[(\[<\"].*?[)\]>\"]", " ", text) if any(c in text for c in '([<"') else text


def _drop_trailing_prefix(text: str) -> str:
    tokens = text.split()
    while len(tokens) > 1 and fold(tokens[-1]).strip("'’.") in PREFIXES:
        tokens.pop()
    return " ".join(tokens)


SOUNDS = [
    ("sch", "s"),
    ("tsj", "s"),
    ("sz", "s"),
    ("cz", "s"),
    ("ck", "k"),
    ("ph", "f"),
    ("gh", "g"),
    ("th", "t"),
    ("dt", "t"),
    ("ks", "x"),
    ("qu", "k"),
    ("ch", "g"),
    ("ce", "se"),
    ("ci", "si"),
    ("c", "k"),
    ("q", "k"),
    ("d", "t"),
    ("v", "f"),
    ("w", "f"),
    ("z", "s"),
    ("x", "s"),
    ("b", "p"),
]


def sound(word: str) -> str:
    """A code that misspellings by ear share: first letter class, then consonant classes, vowels gone.

    Own rules for Dutch, fitting German and English reasonably: "Smit", "Smith", "Schmidt" and "Smid" are one.
    """
    if not word or not is_latin(word):
        return word
    code = word
    for old, new in SOUNDS:
        if old in code:
            code = code.replace(old, new)
    head = "a" if code[0] in "aeiouyj" else code[0]
    out = [head]
    for letter in code[1:]:
        if letter not in "aeiouyjh" and letter != out[-1]:
            out.append(letter)
    return "".join(out)
