"""`klantbeeld demo`: an invented company group as files, as services, in the database, and its score."""

from __future__ import annotations

import os
import secrets
import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from klantbeeld.cli.language import Text, language_of

if TYPE_CHECKING:
    from klantbeeld.demo.score import Score

_TEXTS: dict[str, Text] = {
    "rows": {"en": "rows", "nl": "rijen"},
    "key": {"en": "key (header X-Api-Key)", "nl": "sleutel (header X-Api-Key)"},
    "none": {
        "en": "No demo world is loaded here; load one with: klantbeeld demo load",
        "nl": "Hier is geen demowereld geladen; laad er een met: klantbeeld demo load",
    },
    "records": {"en": "records", "nl": "records"},
    "customers": {"en": "customers found", "nl": "klanten gevonden"},
    "real": {"en": "customers there really are", "nl": "klanten die er echt zijn"},
    "pairs": {"en": "pairs of records", "nl": "paren records"},
    "exact": {"en": "exact customers", "nl": "precies goede klanten"},
    "merged": {"en": "Merged without a person looking", "nl": "Samengevoegd zonder dat iemand keek"},
    "suggested": {
        "en": "\nIf every doubtful match were accepted",
        "nl": "\nAls elke twijfelachtige match werd aanvaard",
    },
    "missing": {"en": "not in the database", "nl": "niet in de database"},
}
_size = click.option("--size", type=click.IntRange(200, 2_000_000), default=5000, show_default=True, help="Persons.")
_seed = click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another world.")


def _say(key: str) -> str:
    return _TEXTS[key][language_of()]


@click.group()
def demo() -> None:
    """An invented Dutch company group of which the truth is known: to try, to test, to load.

    \b
    Examples:
      klantbeeld demo files world --size 100000
      klantbeeld demo serve --faults 0.05
      klantbeeld demo score
    """


@demo.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_size
@_seed
@click.option("--all", "all_systems", is_flag=True, help="Also the systems that are services, as flat files.")
def files(folder: Path, size: int, seed: int, all_systems: bool) -> None:
    """Write the systems to FOLDER: semicolon CSV in Windows-1252, and truth.csv with who is behind each record.

    The same size and seed give the same bytes on every machine.
    """
    from rich.progress import Progress

    from klantbeeld.demo.files import FILE_SYSTEMS, write_files
    from klantbeeld.demo.systems import CODES
    from klantbeeld.demo.world import build_world

    world = build_world(size, seed)
    with Progress(transient=True) as bar:
        tasks: dict[str, int] = {}

        def progress(what: str, done: int, total: int) -> None:
            task = tasks.setdefault(what, -1)
            if task < 0:
                task = tasks[what] = bar.add_task(what, total=total)
            bar.update(task, completed=done)  # type: ignore[arg-type]

        try:
            written = write_files(world, folder, CODES if all_systems else FILE_SYSTEMS, progress)
        except OSError as error:
            raise click.ClickException(f"{folder}: {error.strerror or error}") from error
    for one in written:
        click.echo(f"{one.path}  {one.rows} {_say('rows')}")


@demo.command()
@_size
@_seed
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), default=None, help="KLANTBEELD_DEMO_PORT, or 8003; 0: any.")
@click.option("--key", envvar="KLANTBEELD_DEMO_KEY", default=None, help="KLANTBEELD_DEMO_KEY, or one is made.")
@click.option("--faults", type=click.FloatRange(0, 0.9), default=0.0, help="Share of answers that are 429 or 500.")
@click.option("--changes", type=click.FloatRange(0, 6000), default=0.0, help="Records that change per minute.")
@click.option("--loaded", is_flag=True, help="The world that is loaded in this installation, if there is one.")
def serve(
    size: int, seed: int, host: str, port: int | None, key: str | None, faults: float, changes: float, loaded: bool
) -> None:
    """Answer as the web shop, the CRM and the partner do: paginated REST services, until Ctrl+C."""
    from klantbeeld.demo.declarations import KEY_VARIABLE
    from klantbeeld.demo.service.address import service_port
    from klantbeeld.demo.service.server import DemoServer
    from klantbeeld.demo.world import build_world

    if loaded:
        from klantbeeld.config.start import setup_django

        setup_django()
        from klantbeeld.demo.load import find_loaded

        if world := find_loaded():
            size, seed = world.size, world.seed
        key = key or os.environ.get(KEY_VARIABLE)
    port = service_port() if port is None else port
    given = key or secrets.token_urlsafe(18)
    try:
        server = DemoServer(build_world(size, seed), host=host, port=port, key=given, faults=faults)
    except OSError as error:
        raise click.ClickException(f"{host}:{port}: {error.strerror or error}; try --port") from error
    signal.signal(signal.SIGTERM, _stop)
    for code, feed in server.shelves:
        click.echo(f"{server.url}/{code}/v1/{feed}")
    if not key:
        click.echo(f"{_say('key')}: {given}")
    server.serve(changes)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@demo.command()
@_size
@_seed
def load(size: int, seed: int) -> None:
    """Load the world into the database: declare its sources and import everything. It goes on after a stop."""
    from klantbeeld.config.start import setup_django
    from klantbeeld.kit.errors import KlantbeeldError

    setup_django()
    from klantbeeld.demo.load import load as load_world

    try:
        for role, email, password in load_world(click.echo, size=size, seed=seed):
            click.echo(f"{role:<36}  {email}  {password}")
    except KlantbeeldError as error:
        raise click.ClickException(error.message) from error


@demo.command()
def score() -> None:
    """Compare the customers in the database with the truth of the loaded world."""
    from klantbeeld.config.start import setup_django

    setup_django()
    from klantbeeld.demo.load import find_loaded
    from klantbeeld.demo.measure import measure

    loaded = find_loaded()
    if loaded is None:
        raise click.ClickException(_say("none"))
    try:
        found = measure(loaded)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for heading, one in (("merged", found.customers), ("suggested", found.suggested)):
        _show(_say(heading), one)


def _show(heading: str, found: Score) -> None:
    quality = found.quality
    click.echo(heading)
    for label, count in (
        ("records", found.records), ("missing", found.missing),
        ("customers", quality.groups), ("real", quality.true_groups),
    ):  # fmt: skip
        click.echo(f"{_say(label):<28}{count:>9}")
    click.echo(f"{'':<28}{'precision':>9}  {'recall':>9}  {'F1':>9}")
    for name, values in (
        (_say("pairs"), (quality.precision, quality.recall, quality.f1)),
        (_say("exact"), (quality.exact_precision, quality.exact_recall, quality.exact_f1)),
        ("B-cubed", (quality.bcubed_precision, quality.bcubed_recall, quality.bcubed_f1)),
    ):
        click.echo(f"{name:<28}{values[0]:>9.4f}  {values[1]:>9.4f}  {values[2]:>9.4f}")
