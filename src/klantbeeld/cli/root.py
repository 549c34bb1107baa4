"""The root of the command line: a group that imports a command only when it is called, and a help page in nl and en."""

import importlib

import click

from klantbeeld.cli.commands import COMMANDS, SECTIONS, Command
from klantbeeld.cli.language import Text, language_of

INTRODUCTION: Text = {
    "en": """klantbeeld joins what every system knows about a customer into one trusted record,
and can say why. Every command answers --help with examples.""",
    "nl": """klantbeeld voegt wat elk systeem over een klant weet samen tot één betrouwbaar record,
en kan zeggen waarom. Elk commando geeft met --help uitleg en voorbeelden.""",
}
START: Text = {"en": "Start here", "nl": "Begin hier"}
EXAMPLES: tuple[tuple[str, str, Text], ...] = (
    (
        "up",
        "klantbeeld up",
        {"en": "the whole product, with an example world", "nl": "het hele product, met voorbeelddata"},
    ),
    (
        "resolve",
        "klantbeeld resolve crm.csv shop.parquet --out result",
        {"en": "who is who in two files", "nl": "wie is wie in twee bestanden"},
    ),
)
USAGE: Text = {"en": "klantbeeld COMMAND [OPTIONS]", "nl": "klantbeeld COMMANDO [OPTIES]"}
OPTIONS: tuple[tuple[str, Text], ...] = (
    ("--help", {"en": "Show this page, or the page of a command.", "nl": "Toon deze pagina, of die van een commando."}),
    ("--version", {"en": "Show the version.", "nl": "Toon de versie."}),
)
ENVIRONMENT: tuple[tuple[str, Text], ...] = (
    (
        "DATABASE_URL",
        {
            "en": "A PostgreSQL 15 or later to use in place of the embedded one.",
            "nl": "Een PostgreSQL 15 of nieuwer in plaats van de ingebouwde.",
        },
    ),
    (
        "KLANTBEELD_LANGUAGE",
        {
            "en": "nl or en; otherwise the language of the terminal (LC_ALL, LC_MESSAGES, LANG).",
            "nl": "nl of en; anders de taal van de terminal (LC_ALL, LC_MESSAGES, LANG).",
        },
    ),
    ("NO_COLOR", {"en": "Set to anything: no colours.", "nl": "Indien gezet: geen kleuren."}),
)
EXIT_CODES: tuple[tuple[str, Text], ...] = (
    ("0", {"en": "Done.", "nl": "Gelukt."}),
    (
        "1",
        {
            "en": "It could not be done; the message says what is wrong, where, and what to do.",
            "nl": "Het lukte niet; de melding zegt wat er mis is, waar, en wat te doen.",
        },
    ),
    (
        "2",
        {
            "en": "The command was not understood: a wrong option or argument, or a file that is not there.",
            "nl": "Het commando is niet begrepen: een verkeerde optie of argument, of een bestand dat er niet is.",
        },
    ),
    ("130", {"en": "Stopped with Ctrl+C.", "nl": "Gestopt met Ctrl+C."}),
)
TITLES: dict[str, Text] = {
    "usage": {"en": "Usage", "nl": "Gebruik"},
    "options": {"en": "Options", "nl": "Opties"},
    "environment": {"en": "Environment", "nl": "Omgeving"},
    "exit": {"en": "Exit codes", "nl": "Exitcodes"},
}


class Root(click.Group):
    """A click group over the table of commands; nothing of a command is imported until it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in the order of the table."""
        return [command.name for command in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None if no row has this name."""
        row = next((command for command in COMMANDS if command.name == cmd_name), None)
        return None if row is None else load(row)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help page from the table alone."""
        language = language_of()
        formatter.width = max(formatter.width, 78)
        formatter.write(INTRODUCTION[language] + "\n\n")
        formatter.write(f"{TITLES['usage'][language]}: {USAGE[language]}\n")
        names = {command.name for command in COMMANDS}
        with formatter.section(START[language]):
            for name, line, text in EXAMPLES:
                if name in names:
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
                    formatter.write(f"{'':>{formatter.current_indent + 4}}{text[language]}\n")
        for section, title in SECTIONS.items():
            rows = [(command.name, command.summary[language]) for command in COMMANDS if command.section == section]
            _section(formatter, title[language], rows)
        for key, table in (("options", OPTIONS), ("environment", ENVIRONMENT), ("exit", EXIT_CODES)):
            _section(formatter, TITLES[key][language], [(name, text[language]) for name, text in table])


def load(row: Command) -> click.Command:
    """Import the click command of a row; raises if the module or the attribute is not there."""
    module, _colon, attribute = row.target.partition(":")
    command = getattr(importlib.import_module(module), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{row.target} is not a click command")
    return command


def _section(formatter: click.HelpFormatter, title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows, col_max=56)


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"klantbeeld {version('klantbeeld')}")
        ctx.exit()


@click.command(
    cls=Root, name="klantbeeld", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version)
def root() -> None:
    """One trusted, live record of every customer, with its reasons."""
