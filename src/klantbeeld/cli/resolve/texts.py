"""What `klantbeeld resolve` says to people, in English and Dutch."""

from klantbeeld.cli.language import Language, Text

TEXTS: dict[str, Text] = {
    "look": {"en": "Looking at the files", "nl": "Bestanden bekijken"},
    "read": {"en": "Reading", "nl": "Inlezen"},
    "resolve": {"en": "Matching", "nl": "Matchen"},
    "golden": {"en": "Choosing golden values", "nl": "Gouden waarden kiezen"},
    "write": {"en": "Writing", "nl": "Wegschrijven"},
    # What the engine does after the phase it reports as done.
    "after_normalise": {"en": "counting values", "nl": "waarden tellen"},
    "after_rows": {"en": "choosing keys", "nl": "sleutels kiezen"},
    "after_keys": {"en": "comparing pairs", "nl": "paren vergelijken"},
    "after_score": {"en": "learning weights", "nl": "gewichten leren"},
    "after_learn": {"en": "grouping", "nl": "groeperen"},
    "after_cluster": {"en": "collecting links", "nl": "koppelingen verzamelen"},
    "guessed": {
        "en": "What the columns seem to mean (change it in {path} and run again with --mapping):",
        "nl": "Wat de kolommen lijken te betekenen (verbeter het in {path} en voer opnieuw uit met --mapping):",
    },
    "column": {"en": "Column", "nl": "Kolom"},
    "meaning": {"en": "Meaning", "nl": "Betekenis"},
    "why": {"en": "Why", "nl": "Waarom"},
    "by_name": {"en": "by its name", "nl": "door de naam"},
    "by_values": {"en": "by its values", "nl": "door de waarden"},
    "examples": {"en": "Examples", "nl": "Voorbeelden"},
    "filled": {"en": "Filled", "nl": "Gevuld"},
    "ignored": {"en": "Not used: {names}", "nl": "Niet gebruikt: {names}"},
    "row_number": {"en": "row number", "nl": "regelnummer"},
    "written_as": {"en": "{encoding}, delimiter {delimiter}", "nl": "{encoding}, scheidingsteken {delimiter}"},
    "no_header": {"en": "no header", "nl": "geen kopregel"},
    "records": {"en": "Records", "nl": "Records"},
    "refused": {"en": "Refused rows", "nl": "Geweigerde regels"},
    "customers": {"en": "Customers", "nl": "Klanten"},
    "suggested": {"en": "If every doubtful pair is accepted", "nl": "Als elk twijfelachtig paar wordt geaccepteerd"},
    "review": {"en": "Pairs for review", "nl": "Paren ter beoordeling"},
    "households": {"en": "Households of several persons", "nl": "Huishoudens van meer personen"},
    "precision": {"en": "Precision", "nl": "Precisie"},
    "recall": {"en": "Recall", "nl": "Volledigheid"},
    "pairwise": {"en": "pairs", "nl": "paren"},
    "cluster": {"en": "exact customers", "nl": "exacte klanten"},
    "b_cubed": {"en": "B-cubed", "nl": "B-cubed"},
    "against": {"en": "Against {column}", "nl": "Tegen {column}"},
    "refused_in": {
        "en": "{name}: {count} rows refused ({reasons}); first at line {line}",
        "nl": "{name}: {count} regels geweigerd ({reasons}); de eerste op regel {line}",
    },
    "written": {"en": "Written to {path} in {seconds}: {names}", "nl": "Geschreven naar {path} in {seconds}: {names}"},
    "open_report": {"en": "Open {path} in a browser.", "nl": "Open {path} in een browser."},
}


def say(key: str, language: Language, **values: object) -> str:
    """Return one of the texts."""
    return TEXTS[key][language].format(**values)
