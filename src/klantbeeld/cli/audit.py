"""`klantbeeld audit`: seal the audit log, and check that nobody changed it."""

from __future__ import annotations

import click

from klantbeeld.cli.inside import inside
from klantbeeld.cli.language import Text, language_of

RESULT: Text = {
    "en": "{lines} lines under {seals} seals; {unsealed} lines are younger than the last seal.",
    "nl": "{lines} regels onder {seals} zegels; {unsealed} regels zijn jonger dan het laatste zegel.",
}
INTACT: Text = {"en": "Everything is as it was sealed.", "nl": "Alles is zoals het verzegeld is."}
SEAL: Text = {"en": "seal", "nl": "zegel"}
SEALED: Text = {"en": "{lines} lines sealed.", "nl": "{lines} regels verzegeld."}


@click.group()
def audit() -> None:
    """The audit log: who saw or did what, to whom, why.

    \b
    klantbeeld audit verify    # exit code 1 when anything was edited, deleted, inserted or moved
    """


@audit.command()
def verify() -> None:
    """Compute every seal again and compare it with the chain and with the heads kept outside the database."""
    with inside():
        from klantbeeld.foundation import seals

        report = seals.verify()
    language = language_of()
    click.echo(RESULT[language].format(lines=report.lines, seals=report.seals, unsealed=report.unsealed))
    for problem in report.problems:
        click.echo(f"{SEAL[language]} {problem.seal_id}: {problem.message[language]}", err=True)
    if report.problems:
        raise SystemExit(1)
    click.echo(INTACT[language])


@audit.command()
def seal() -> None:
    """Seal now what the running worker would seal within seconds."""
    with inside():
        from klantbeeld.foundation import seals

        total = 0
        while lines := seals.seal():
            total += lines
    click.echo(SEALED[language_of()].format(lines=total))
