"""`klantbeeld rebuild` and `klantbeeld train`: build the customers again, and learn how to match from the records."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from klantbeeld.cli.inside import inside
from klantbeeld.cli.language import Text, language_of

if TYPE_CHECKING:
    from klantbeeld.identity.contracts import Effect

PHASES: dict[str, Text] = {
    "records": {"en": "records: features, keys, links", "nl": "records: kenmerken, sleutels, verbanden"},
    "groups": {"en": "records: customers", "nl": "records: klanten"},
    "profiles": {"en": "golden records", "nl": "klantbeelden"},
}


@click.command()
def rebuild() -> None:
    """Build everything that follows from records, decisions and the ledger again.

    The same customers come out under the same ids. Nobody can change customers while it runs; stopped half-way it has
    changed nothing.
    """
    with inside() as actor, _progress() as tell:
        from klantbeeld.flows.rebuild import rebuild as run

        rebuilt = run(actor=actor, progress=tell)
    _show(rebuilt.effect, done=True)
    click.echo(
        _say(
            f"{rebuilt.customers} customers, {rebuilt.profiles_changed} golden records came out differently.",
            f"{rebuilt.customers} klanten, {rebuilt.profiles_changed} klantbeelden kwamen er anders uit.",
        )
    )


@click.command()
@click.option("--precision", default=0.99, show_default=True, type=click.FloatRange(0.5, 0.9999), help="Wanted.")
@click.option("--activate", is_flag=True, help="Match under the new model from now on, and rebuild.")
def train(precision: float, activate: bool) -> None:
    """Learn from the stored records how to match them, and show what that would change.

    \b
    klantbeeld train                the effect only; nothing changes
    klantbeeld train --activate     rebuild everything under the new model
    """
    with inside() as actor:
        from klantbeeld.flows.rebuild import preview
        from klantbeeld.flows.rebuild import rebuild as run
        from klantbeeld.identity.actions import train as learn

        number = learn(precision=precision)
        click.echo(_say(f"Model {number} was learned.", f"Model {number} is geleerd."))
        with _progress() as tell:
            effect = (
                run(actor=actor, model=number, progress=tell).effect
                if activate
                else preview(actor=actor, model=number, progress=tell)
            )
    _show(effect, done=activate)
    if not activate:
        click.echo(_say("Activate it: klantbeeld train --activate", "Activeren: klantbeeld train --activate"))


def _show(effect: Effect, *, done: bool) -> None:
    en = f"Customers merged: {effect.merging}, split off: {effect.splitting}, otherwise changed: {effect.changing}."
    nl = (
        f"Klanten samengevoegd: {effect.merging}, afgesplitst: {effect.splitting}, anders gewijzigd: {effect.changing}."
    )
    before = "" if done else _say("This would happen. ", "Dit zou er gebeuren. ")
    click.echo(before + _say(en, nl))


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None] | None]:
    """A line per phase on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {phase: bars.add_task(text[language_of()], total=None) for phase, text in PHASES.items()}
        yield lambda phase, count: bars.update(tasks[phase], completed=count)


def _say(en: str, nl: str) -> str:
    return nl if language_of() == "nl" else en
