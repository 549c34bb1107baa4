"""A schema's complaint in words that people can act on, in Dutch and English."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, cast

from jsonschema.exceptions import ValidationError

TYPES_NL = {
    "string": "tekst",
    "integer": "een geheel getal",
    "number": "een getal",
    "boolean": "true of false",
    "object": "sleutels met waarden",
    "array": "een lijst",
    "null": "niets",
}
TYPES_EN = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "keys with values",
    "array": "a list",
    "null": "nothing",
}
SHAPES = {
    "^[a-z][a-z0-9_-]{0,59}$": (
        "een code: kleine letters, cijfers, - en _, te beginnen met een letter",
        "a code: small letters, digits, - and _, starting with a letter",
    ),
    "^(.|tab)$": ("één teken, of tab", "one sign, or tab"),
    "^(.|none)$": ("één teken, of none", "one sign, or none"),
    "^https?://[^/]+": (
        "een adres dat met https:// of http:// begint",
        "an address that begins with https:// or http://",
    ),
}
Words = tuple[tuple[str, ...], str, str]


def words_for(error: ValidationError) -> Words:
    """(key that it is about, Dutch, English) for an error of the schema."""
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            missing = next(key for key in wanted if key not in cast(dict[str, Any], error.instance))
            return (missing,), "ontbreekt", "is missing"
        case "additionalProperties":
            return _unknown_key(error)
        case "type":
            types = wanted if isinstance(wanted, list) else [wanted]
            nl, en = " of ".join(TYPES_NL[one] for one in types), " or ".join(TYPES_EN[one] for one in types)
            return (
                (),
                f"verwacht: {nl}; er staat {_shown(error.instance)}",
                f"expected: {en}; found {_shown(error.instance)}",
            )
        case "enum":
            return _one_of([str(one) for one in wanted], error.instance)
        case "const":
            return _one_of([str(error.validator_value)], error.instance)
        case "pattern":
            return _shape(error)
        case "oneOf":
            return (), *_exactly_one(error)
        case "minItems" | "minLength" | "minProperties":
            return (), "mag niet leeg zijn of te weinig bevatten", "may not be empty or hold too little"
        case "maxItems" | "maxLength" | "maximum":
            return (), f"hoogstens {error.validator_value}", f"at most {error.validator_value}"
        case "minimum":
            return (), f"minstens {error.validator_value}", f"at least {error.validator_value}"
        case _:
            return (), f"past niet bij het schema: {error.message}", f"does not fit the schema: {error.message}"


def _unknown_key(error: ValidationError) -> Words:
    known = list(cast(dict[str, Any], error.schema).get("properties", {}))
    unknown = next(key for key in cast(dict[str, Any], error.instance) if key not in known)
    close = get_close_matches(unknown, known, n=1)
    if close:
        return (unknown,), f"onbekende sleutel; bedoelt u `{close[0]}`?", f"unknown key; did you mean `{close[0]}`?"
    listed = ", ".join(known)
    return (unknown,), f"onbekende sleutel; hier kan staan: {listed}", f"unknown key; possible here: {listed}"


def _one_of(wanted: list[str], found: Any) -> Words:
    close = get_close_matches(str(found), wanted, n=1)
    nl, en = " of ".join(wanted), " or ".join(wanted)
    if close and len(wanted) > 1:
        nl, en = f"{nl}; bedoelt u `{close[0]}`?", f"{en}; did you mean `{close[0]}`?"
    return (), f"er staat {_shown(found)}; verwacht: {nl}", f"found {_shown(found)}; expected: {en}"


def _shape(error: ValidationError) -> Words:
    pattern = str(error.validator_value)
    if pattern in SHAPES:
        nl, en = SHAPES[pattern]
    elif "env:" in pattern:
        nl = "een verwijzing naar het geheim (env:NAAM of file:/pad), nooit het geheim zelf"
        en = "a reference to the secret (env:NAME or file:/path), never the secret itself"
        return (), f"verwacht: {nl}", f"expected: {en}"  # what stands there may be the secret: it is not shown
    elif "yyyy" in pattern:
        nl = "iso, unix, unix_ms of een patroon van yyyy, mm, dd, HH, MM, SS, zoals dd-mm-yyyy"
        en = "iso, unix, unix_ms or a pattern of yyyy, mm, dd, HH, MM, SS, such as dd-mm-yyyy"
    else:
        nl = en = re.sub(r"^\^|\$$", "", pattern)
    return (), f"er staat {_shown(error.instance)}; verwacht: {nl}", f"found {_shown(error.instance)}; expected: {en}"


def _exactly_one(error: ValidationError) -> tuple[str, str]:
    """A choice between keys (`oneOf` of `required`) where none or several are there."""
    keys = [key for branch in cast(list[dict[str, Any]], error.validator_value) for key in branch.get("required", ())]
    if not keys:
        return "past in meer dan één vorm", "fits more than one form"
    return f"verwacht: precies één van {', '.join(keys)}", f"expected: exactly one of {', '.join(keys)}"


def _shown(value: Any) -> str:
    text = str(value)
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
