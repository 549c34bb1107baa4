"""The sentences of every problem, Dutch and English beside each other; the key is the stable code of the problem."""

from __future__ import annotations

PHRASES: dict[str, dict[str, str]] = {
    "place": {"nl": "regel {line}, kolom {column}", "en": "line {line}, column {column}"},
    "expected": {"nl": "Verwacht: {wanted}.", "en": "Expected: {wanted}."},
    "suggestion": {"nl": "Bedoelde u `{suggestion}`?", "en": "Did you mean `{suggestion}`?"},
}

MESSAGES: dict[str, dict[str, str]] = {
    # --- limits
    "too_long": {
        "nl": "De expressie telt {size} tekens; het maximum is {limit}. Splits haar op.",
        "en": "The expression has {size} characters; the limit is {limit}. Split it up.",
    },
    "too_deep": {
        "nl": "De expressie is dieper genest dan {limit} niveaus. Maak haar vlakker.",
        "en": "The expression is nested deeper than {limit} levels. Make it flatter.",
    },
    "too_many_nodes": {
        "nl": "De expressie heeft {size} onderdelen; het maximum is {limit}. Splits haar op.",
        "en": "The expression has {size} parts; the limit is {limit}. Split it up.",
    },
    "macro_too_deep": {
        "nl": "Lijstbewerkingen zijn dieper genest dan {limit} niveaus.",
        "en": "List macros are nested deeper than {limit} levels.",
    },
    # --- tokens and grammar
    "unknown_character": {"nl": "Het teken {found} hoort hier niet.", "en": "The character {found} has no place here."},
    "open_text": {"nl": "De tekst is niet afgesloten met {quote}.", "en": "The text is not closed with {quote}."},
    "bad_escape": {
        "nl": "De reeks {found} is geen geldige escape in een tekst.",
        "en": "The sequence {found} is not a valid escape in a text.",
    },
    "number_out_of_range": {
        "nl": "Het getal {found} past niet: gehele getallen hebben 64 bits, andere hoogstens 26 cijfers voor en 12 achter de komma.",  # noqa: E501
        "en": "The number {found} does not fit: integers have 64 bits, others at most 26 digits before and 12 after the point.",  # noqa: E501
    },
    "left_out": {
        "nl": "{feature} hoort niet bij dit profiel van CEL.",
        "en": "{feature} is not part of this profile of CEL.",
    },
    "reserved": {"nl": "`{found}` is een gereserveerd woord.", "en": "`{found}` is a reserved word."},
    "unexpected": {"nl": "Hier staat {found}.", "en": "Found {found} here."},
    "empty": {"nl": "De expressie is leeg.", "en": "The expression is empty."},
    # --- names and types
    "unknown_attribute": {"nl": "Er is geen attribuut `{name}`.", "en": "There is no attribute `{name}`."},
    "unknown_function": {"nl": "Er is geen functie `{name}`.", "en": "There is no function `{name}`."},
    "unknown_field": {"nl": "`{name}` heeft geen veld `{field}`.", "en": "`{name}` has no field `{field}`."},
    "no_value": {"nl": "`{name}` is zelf geen waarde.", "en": "`{name}` is not a value by itself."},
    "wrong_type": {"nl": "Dit is van de soort {found}.", "en": "This has the type {found}."},
    "no_overload": {
        "nl": "`{name}` kan niet met ({found}).",
        "en": "`{name}` does not apply to ({found}).",
    },
    "not_comparable": {
        "nl": "{left} en {right} kunnen niet met elkaar worden vergeleken.",
        "en": "{left} and {right} cannot be compared with each other.",
    },
    "mixed_list": {
        "nl": "Een lijst heeft elementen van één soort; hier staan {left} en {right}.",
        "en": "A list has elements of one type; this one has {left} and {right}.",
    },
    "mixed_choice": {
        "nl": "Beide uitkomsten van ?: moeten van één soort zijn; hier staan {left} en {right}.",
        "en": "Both outcomes of ?: must have one type; these are {left} and {right}.",
    },
    "empty_list": {
        "nl": "De soort van een lege lijst is hier niet te bepalen.",
        "en": "The type of an empty list cannot be told here.",
    },
    "nested_list": {"nl": "Een lijst van lijsten kan niet.", "en": "A list of lists is not possible."},
    "chained_comparison": {
        "nl": "Vergelijkingen kunnen niet aan elkaar worden geregen.",
        "en": "Comparisons cannot be chained.",
    },
    "not_a_name": {
        "nl": "Het eerste argument van `{name}` moet een eenvoudige naam zijn.",
        "en": "The first argument of `{name}` must be a simple name.",
    },
    "name_taken": {
        "nl": "De naam `{name}` is al in gebruik; kies een andere.",
        "en": "The name `{name}` is already in use; choose another.",
    },
    "not_an_attribute": {
        "nl": "`has` vraagt naar een attribuut, niet naar een berekening.",
        "en": "`has` asks about an attribute, not about a computation.",
    },
    "not_constant": {
        "nl": "`{name}` wil hier een vaste tekst tussen aanhalingstekens.",
        "en": "`{name}` wants a fixed text between quotes here.",
    },
    "bad_constant": {"nl": "{found} is geen geldige {type}.", "en": "{found} is not a valid {type}."},
    "null": {
        "nl": "`null` bestaat hier niet: wat ontbreekt is onbekend.",
        "en": "There is no `null` here: what is missing is unknown.",
    },
    # --- regular expressions
    "pattern_unsupported": {
        "nl": "De reguliere expressie gebruikt {feature}, wat niet veilig of niet overal gelijk is.",
        "en": "The regular expression uses {feature}, which is not safe or not the same everywhere.",
    },
    "pattern_syntax": {
        "nl": "De reguliere expressie klopt niet bij teken {position}: {reason}.",
        "en": "The regular expression is wrong at character {position}: {reason}.",
    },
    "pattern_too_large": {
        "nl": "De reguliere expressie is te groot: {size} toestanden, het maximum is {limit}.",
        "en": "The regular expression is too large: {size} states, the limit is {limit}.",
    },
}
