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
    Command(
        "up",
        "klantbeeld.cli.up:up",
        "run",
        {
            "en": "Run everything on this machine, with an example world the first time.",
            "nl": "Draai alles op deze machine, de eerste keer met voorbeelddata.",
        },
    ),
    Command(
        "demo",
        "klantbeeld.cli.demo:demo",
        "run",
        {
            "en": "An invented company group as files and services, in the database, and its score.",
            "nl": "Een verzonnen bedrijf als bestanden en diensten, in de database, en de score.",
        },
    ),
    Command(
        "status",
        "klantbeeld.cli.database:status",
        "run",
        {
            "en": "Show what runs, and where.",
            "nl": "Toon wat er draait, en waar.",
        },
    ),
    Command(
        "warm",
        "klantbeeld.cli.warm:warm",
        "care",
        {
            "en": "Compile the matching engine ahead of the first use.",
            "nl": "Compileer de vergelijkmotor vóór het eerste gebruik.",
        },
    ),
    Command(
        "database",
        "klantbeeld.cli.database:database",
        "care",
        {
            "en": "Start or stop the embedded database alone.",
            "nl": "Start of stop alleen de ingebouwde database.",
        },
    ),
    Command(
        "migrate",
        "klantbeeld.cli.database:migrate",
        "care",
        {
            "en": "Bring the tables up to date.",
            "nl": "Werk de tabellen bij.",
        },
    ),
    Command(
        "backup",
        "klantbeeld.cli.database:backup",
        "care",
        {
            "en": "Write a dump of the database.",
            "nl": "Maak een reservekopie van de database.",
        },
    ),
    Command(
        "restore",
        "klantbeeld.cli.database:restore",
        "care",
        {
            "en": "Put a dump back.",
            "nl": "Zet een reservekopie terug.",
        },
    ),
    Command(
        "psql",
        "klantbeeld.cli.database:psql",
        "care",
        {
            "en": "Open psql on the database.",
            "nl": "Open psql op de database.",
        },
    ),
    Command(
        "import",
        "klantbeeld.cli.imports:import_",
        "data",
        {
            "en": "Import a source: all its feeds, or one file.",
            "nl": "Importeer een bron: alles wat zij levert, of één bestand.",
        },
    ),
    Command(
        "sources",
        "klantbeeld.cli.imports:sources",
        "data",
        {
            "en": "List sources, connect one, and see what was refused.",
            "nl": "Toon bronnen, sluit er een aan, en zie wat is geweigerd.",
        },
    ),
    Command(
        "attributes",
        "klantbeeld.cli.attributes:attributes",
        "data",
        {
            "en": "List what can be known, and add to it.",
            "nl": "Toon wat er te weten valt, en voeg toe.",
        },
    ),
    Command(
        "rebuild",
        "klantbeeld.cli.rebuild:rebuild",
        "data",
        {
            "en": "Build all customers again: the same customers, the same ids.",
            "nl": "Bouw alle klanten opnieuw op: dezelfde klanten, dezelfde ids.",
        },
    ),
    Command(
        "train",
        "klantbeeld.cli.rebuild:train",
        "data",
        {
            "en": "Learn from the records how to match them, and see what that would change.",
            "nl": "Leer uit de records hoe ze te vergelijken, en zie wat dat zou veranderen.",
        },
    ),
    Command(
        "users",
        "klantbeeld.cli.users:users",
        "care",
        {
            "en": "Make employees, give them roles, close their accounts.",
            "nl": "Maak medewerkers aan, geef ze rollen, sluit hun accounts.",
        },
    ),
    Command(
        "keys",
        "klantbeeld.cli.keys:keys",
        "care",
        {
            "en": "Make and revoke the keys with which machines use the API.",
            "nl": "Maak en herroep de sleutels waarmee machines de API gebruiken.",
        },
    ),
    Command(
        "audit",
        "klantbeeld.cli.audit:audit",
        "care",
        {
            "en": "Check that nobody changed the audit log.",
            "nl": "Controleer dat niemand het auditlog heeft gewijzigd.",
        },
    ),
    Command(
        "openapi",
        "klantbeeld.cli.openapi:openapi",
        "care",
        {
            "en": "Print the document of the API.",
            "nl": "Toon het document van de API.",
        },
    ),
)
