"""The table of commands: one row each, imported only when it is called.

A new command is a module `cli/<command>.py` with a click command of the same name in it, and a row here.
"""

from dataclasses import dataclass

from klantbeeld.cli.language import Text


@dataclass(frozen=True, slots=True)
class Command:
    """One row: `module:attribute` of the click command, and its line in `klantbeeld --help`."""

    name: str
    target: str
    section: str
    summary: Text


SECTIONS: dict[str, Text] = {
    "files": {"en": "On files, without any database", "nl": "Op bestanden, zonder database"},
    "run": {"en": "Run the product", "nl": "Het product draaien"},
    "data": {"en": "Bring records in, and build customers", "nl": "Records binnenhalen en klanten opbouwen"},
    "care": {"en": "Look after it", "nl": "Onderhoud"},
}

COMMANDS: tuple[Command, ...] = (
    Command(
        "resolve",
        "klantbeeld.cli.resolve:resolve",
        "files",
        {
            "en": "Find which records in your files are the same customer.",
            "nl": "Vind welke records in uw bestanden dezelfde klant zijn.",
        },
    ),
)
