"""The command `klantbeeld resolve`: options, help in both languages, exit codes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klantbeeld.cli.language import LANGUAGES, Language, Text, language_of

if TYPE_CHECKING:
    from klantbeeld.cli.resolve.mapping import MappingError

FAILED = 1

ABOUT: Text = {
    "en": """Find which records in your files are the same customer, without any database.

    Reads CSV, TSV and Parquet; encoding, delimiter and the meaning of the columns are recognised and shown.
    Nothing has to be set. The result is a folder:

    \b
    membership.parquet  every record with its customer_id and suggested_id
    customers.parquet   every customer with golden values, and where each came from
    links.parquet       the pairs: weight, class, level per field
    report.html         all of it to look at; it loads nothing from anywhere
    report.json         the same figures for machines
    mapping.yaml        what the columns mean: edit it and run again with --mapping

    customer_id holds what can be joined without a person looking; suggested_id what you would have
    if all doubtful pairs were accepted.

    \b
    Examples:
      klantbeeld resolve crm.csv shop.parquet --out result
      klantbeeld resolve crm.csv shop.parquet --mapping result/mapping.yaml --out result
      klantbeeld resolve labelled.csv --truth person_id --json

    Exit codes: 0 the result is written; 1 a file, the mapping or the folder is not usable;
    2 a wrong option; 130 stopped with Ctrl+C. Nothing is written unless all of it is.""",
    "nl": """Vind welke records in uw bestanden dezelfde klant zijn, zonder database.

    Leest CSV, TSV en Parquet; codering, scheidingsteken en de betekenis van de kolommen worden herkend en
    getoond. U hoeft niets in te stellen. Het resultaat is een map:

    \b
    membership.parquet  elk record met zijn customer_id en suggested_id
    customers.parquet   elke klant met gouden waarden, en waar elke waarde vandaan komt
    links.parquet       de paren: gewicht, soort, niveau per veld
    report.html         alles om te bekijken; de pagina laadt nergens iets vandaan
    report.json         dezelfde cijfers voor machines
    mapping.yaml        wat de kolommen betekenen: pas aan en voer opnieuw uit met --mapping

    customer_id is wat kan worden samengevoegd zonder dat iemand kijkt; suggested_id wat u zou hebben als
    alle twijfelachtige paren worden geaccepteerd.

    \b
    Voorbeelden:
      klantbeeld resolve crm.csv winkel.parquet --out resultaat
      klantbeeld resolve crm.csv winkel.parquet --mapping resultaat/mapping.yaml --out resultaat
      klantbeeld resolve gelabeld.csv --truth persoon_id --json

    Exitcodes: 0 het resultaat is geschreven; 1 een bestand, de mapping of de map is niet bruikbaar;
    2 een verkeerde optie; 130 gestopt met Ctrl+C. Er wordt niets geschreven tenzij alles lukt.""",
}
HELP: dict[str, Text] = {
    "out": {
        "en": "Folder for the result; an earlier result there is replaced as a whole.",
        "nl": "Map voor het resultaat; een eerder resultaat wordt in zijn geheel vervangen.",
    },
    "mapping": {
        "en": "YAML file that says what the columns mean; guessed when left out.",
        "nl": "YAML-bestand dat zegt wat de kolommen betekenen; wordt anders geraden.",
    },
    "truth": {
        "en": "Column with the true customer: adds precision, recall and F1. Never used as evidence.",
        "nl": "Kolom met de ware klant: geeft precisie, volledigheid en F1. Wordt nooit als bewijs gebruikt.",
    },
    "json": {
        "en": "Print the figures as JSON on stdout; text for people goes to stderr.",
        "nl": "Druk de cijfers als JSON af op stdout; tekst voor mensen gaat naar stderr.",
    },
    "language": {"en": "Language of screen and report.", "nl": "Taal van scherm en rapport."},
    "country": {
        "en": "Country (ISO code) by which national phone numbers are read; guessed when left out.",
        "nl": "Land (ISO-code) waarmee nationale telefoonnummers worden gelezen; wordt anders geraden.",
    },
    "precision": {
        "en": "Share of the automatic joins that must be right.",
        "nl": "Deel van de automatische samenvoegingen dat goed moet zijn.",
    },
    "quiet": {"en": "Print nothing but errors (and JSON).", "nl": "Druk niets af dan fouten (en JSON)."},
}
_SPOKEN: Language = language_of()


@click.command(
    name="resolve",
    help=ABOUT[_SPOKEN],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", default="result", show_default=True, type=click.Path(path_type=Path), help=HELP["out"][_SPOKEN])
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=HELP["mapping"][_SPOKEN])
@click.option("--truth", metavar="COLUMN", help=HELP["truth"][_SPOKEN])
@click.option("--json", "as_json", is_flag=True, help=HELP["json"][_SPOKEN])
@click.option("--language", type=click.Choice(LANGUAGES), default=_SPOKEN, help=HELP["language"][_SPOKEN])
@click.option("--country", metavar="CODE", help=HELP["country"][_SPOKEN])
@click.option(
    "--precision", type=click.FloatRange(0.5, 0.9999), default=0.99, show_default=True, help=HELP["precision"][_SPOKEN]
)
@click.option("--quiet", is_flag=True, help=HELP["quiet"][_SPOKEN])
def resolve(
    files: tuple[Path, ...],
    out: Path,
    mapping: Path | None,
    truth: str | None,
    as_json: bool,
    language: Language,
    country: str | None,
    precision: float,
    quiet: bool,
) -> None:
    """Find which records in files are the same customer."""
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise click.BadParameter("NL, BE, DE …", param_hint="--country")
    # Imported here, so that --help answers at once.
    from klantbeeld.cli.resolve.mapping import MappingError
    from klantbeeld.cli.resolve.outputs import OutputError
    from klantbeeld.cli.resolve.run import Request, run
    from klantbeeld.cli.resolve.screen import Screen
    from klantbeeld.cli.resolve.show import show_mapping, show_outcome
    from klantbeeld.engines.files import TableError

    screen = Screen(language, json=as_json, quiet=quiet)
    request = Request(files, out, mapping, truth, country.upper() if country else None, language, precision)
    try:
        figures = run(request, screen, lambda opened, guessed: show_mapping(screen, opened, guessed, out))
    except TableError as error:
        _fail(language, error.sentence(language))
    except MappingError as error:
        _fail(language, _mapping_sentence(error, language))
    except OutputError as error:
        _fail(language, f"{error.path}: {error.text[language]}")
    show_outcome(screen, figures, out)
    if as_json:
        import json

        click.echo(json.dumps(figures, ensure_ascii=False, allow_nan=False))


def _mapping_sentence(error: "MappingError", language: Language) -> str:
    where = str(error.path) if error.path else "mapping"
    line = f":{error.line}" if error.line else ""
    key = f"{error.key}: " if error.key else ""
    return f"{where}{line}: {key}{error.text[language]}"


def _fail(language: Language, text: str) -> None:
    click.echo(f"{'Fout' if language == 'nl' else 'Error'}: {text}", err=True)
    sys.exit(FAILED)
