"""`klantbeeld import` and `klantbeeld sources`: connect sources, import them, and look at what was refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from klantbeeld.cli.language import Text, language_of

if TYPE_CHECKING:
    from klantbeeld.flows.imports import Progress
    from klantbeeld.foundation.access import Actor
    from klantbeeld.sources.contracts import RunRow

STATES: dict[str, Text] = {
    "running": {"en": "running", "nl": "bezig"},
    "done": {"en": "done", "nl": "klaar"},
    "failed": {"en": "failed", "nl": "mislukt"},
    "paused": {"en": "paused", "nl": "gepauzeerd"},
    "": {"en": "never", "nl": "nooit"},
}
COUNTS: tuple[tuple[str, Text], ...] = (
    ("rows", {"en": "rows", "nl": "rijen"}),
    ("created", {"en": "new", "nl": "nieuw"}),
    ("changed", {"en": "changed", "nl": "gewijzigd"}),
    ("unchanged", {"en": "unchanged", "nl": "gelijk"}),
    ("gone", {"en": "gone", "nl": "verdwenen"}),
    ("late", {"en": "late", "nl": "verlaat"}),
    ("superseded", {"en": "superseded", "nl": "ingehaald"}),
    ("skipped", {"en": "without a record", "nl": "zonder record"}),
    ("refused", {"en": "refused", "nl": "geweigerd"}),
    ("partial", {"en": "of which in part", "nl": "waarvan deels"}),
)


@click.command("import")
@click.argument("source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--feed", default="", help="Which feed of the source; needed with FILE when it has several.")
@click.option("--full", is_flag=True, help="Ask a service for everything, not only what changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON on standard output.")
def import_(source: str, file: Path | None, feed: str, full: bool, as_json: bool) -> None:
    """Import SOURCE: all its feeds as declared, or one from FILE.

    An import that was stopped, in whatever way, goes on where it was when it is started again over the same input. The
    same input twice changes nothing.

    \b
    klantbeeld import crm                             every feed, from where its declaration says
    klantbeeld import crm customers.csv               one file
    klantbeeld import shop --feed orders orders.csv   one feed of several
    """
    set_up()
    from klantbeeld.flows.imports import import_source

    with _told(), _progress() as progress:
        runs = import_source(source_code=source, actor=_actor(), feed=feed, path=file, full=full, progress=progress)
    if as_json:
        click.echo(json.dumps([_plain(run) for run in runs], indent=2))
    else:
        for run in runs:
            _show_run(run)
    if any(run.state != "done" for run in runs):
        raise SystemExit(1)


@click.group(invoke_without_command=True)
@click.pass_context
def sources(context: click.Context) -> None:
    """List the sources with their last import and their counts, or connect one.

    \b
    klantbeeld sources                       all of them
    klantbeeld sources declare crm.yaml      connect or change one
    klantbeeld sources quarantine crm        what was refused, and why
    klantbeeld sources resume crm            let a paused source import again
    """
    if context.invoked_subcommand is None:
        _list_sources()


@sources.command()
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Only tell what is wrong; store nothing.")
def declare(files: tuple[Path, ...], check: bool) -> None:
    """Connect the sources that FILES (YAML or JSON) declare, or change them; every error is told with its line."""
    set_up()
    from klantbeeld.foundation import catalogue
    from klantbeeld.sources import actions
    from klantbeeld.sources.declaration import DeclarationError, read_declaration

    language, wrong = language_of(), False
    for file in files:
        try:
            declaration = read_declaration(file.read_text(encoding="utf-8"), catalogue.all_kinds(), folder=file.parent)
            if check:
                click.echo(f"{file}: {declaration.code}")
                continue
            with _told():
                row = actions.declare(declaration=declaration, actor=_actor())
            click.echo(f"{row.code}: {_say('version', 'versie')} {row.declaration_version}")
        except UnicodeDecodeError:
            wrong = True
            click.echo(f"{file}: {_say('not UTF-8 text', 'geen UTF-8-tekst')}", err=True)
        except DeclarationError as error:
            wrong = True
            for sentence in error.sentences(language):
                click.echo(f"{file}: {sentence}", err=True)
    if wrong:
        raise SystemExit(1)


@sources.command()
@click.argument("source")
@click.option("--limit", default=20, show_default=True, help="How many to show.")
def quarantine(source: str, limit: int) -> None:
    """Show what SOURCE gave that was refused: position, column, value and reason."""
    set_up()
    from klantbeeld.sources import queries

    language = language_of()
    with _told():
        counts = queries.count_quarantine(source, actor=_actor())
        rows = queries.list_quarantine(actor=_actor(), purpose="stewardship", source_code=source, limit=limit)
    for reason, count in counts.items():
        click.echo(f"{count:>8}  {reason}")
    for row in rows:
        where = f"{row.feed}:{row.position}" if row.position else row.feed
        value = f" {row.value!r}" if row.value else ""
        times = f" ({row.count}x)" if row.count > 1 else ""
        click.echo(f"{where}  {row.column}{value}: {row.message[language]}{times}")


@sources.command()
@click.argument("source")
def resume(source: str) -> None:
    """Let a paused SOURCE import again."""
    set_up()
    from klantbeeld.sources import actions

    with _told():
        actions.resume_source(source_code=source, actor=_actor())
    click.echo(f"{source}: {_say('may import again', 'mag weer importeren')}")


def _list_sources() -> None:
    set_up()
    from klantbeeld.sources import queries

    language = language_of()
    with _told():
        rows = queries.list_sources(_actor())
    if not rows:
        click.echo(
            _say(
                "No sources yet: klantbeeld sources declare FILE",
                "Nog geen bronnen: klantbeeld sources declare BESTAND",
            )
        )
    for row in rows:
        last = row.last_run
        state = "paused" if row.paused_at else last.state if last else ""
        when = f" {last.started_at:%Y-%m-%d %H:%M}" if last else ""
        refused = f", {row.quarantined} {_say('in quarantine', 'in quarantaine')}" if row.quarantined else ""
        click.echo(f"{row.code:<20} {row.records:>9} records   {STATES[state][language]}{when}{refused}")
        if row.paused_at:
            click.echo(f"{'':<20} {row.paused_reason}")


def _show_run(run: RunRow) -> None:
    language = language_of()
    counts = ", ".join(f"{getattr(run, name)} {text[language]}" for name, text in COUNTS if getattr(run, name))
    click.echo(
        f"{run.source}/{run.feed}: {STATES[run.state][language]}; {counts or _say('nothing new', 'niets nieuws')}"
    )
    if run.problem:
        click.echo(f"  {run.problem}", err=True)
    for drift in run.drift:
        click.echo(f"  {drift['message'][language]}", err=True)
    if run.refused:
        click.echo(f"  klantbeeld sources quarantine {run.source}", err=True)


def _plain(run: RunRow) -> dict[str, Any]:
    plain = {
        name: value if isinstance(value, int | float | None) else str(value) for name, value in asdict(run).items()
    }
    return plain | {"drift": list(run.drift)}


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar per feed on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]}"), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(progress: Progress) -> None:
            if progress.feed not in tasks:
                tasks[progress.feed] = bars.add_task(progress.feed, total=None, rows="")
            total = None if progress.share is None else 1.0
            bars.update(tasks[progress.feed], total=total, completed=progress.share or 0, rows=f"{progress.rows}")

        yield tell


def _actor() -> Actor:
    from klantbeeld.foundation.access import Actor

    return Actor.system("cli")


def _say(en: str, nl: str) -> str:
    return nl if language_of() == "nl" else en


@contextmanager
def _told() -> Iterator[None]:
    """Errors that people can act on become a message and exit code 1."""
    from klantbeeld.kit.errors import KlantbeeldError

    try:
        yield
    except KlantbeeldError as error:
        labels = error.where.get("labels") or {}
        raise click.ClickException(str(labels.get(language_of(), error.message))) from error


def set_up() -> None:
    """Load the apps; a setting that is missing becomes a message and exit code 1."""
    from klantbeeld.config.options import SettingError
    from klantbeeld.config.start import setup_django

    try:
        setup_django()
    except SettingError as error:
        raise click.ClickException(str(error)) from error
