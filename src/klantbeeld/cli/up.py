"""`klantbeeld up`: run the whole product on this machine."""

from __future__ import annotations

import os

import click

from klantbeeld.cli.language import Text, language_of

_ADDRESS: Text = {"en": "klantbeeld is ready", "nl": "klantbeeld is klaar"}
_LOGINS: Text = {
    "en": "Logins of the demo (only from this machine)",
    "nl": "Inloggegevens van de demo (alleen vanaf deze machine)",
}
_STOP: Text = {"en": "Ctrl+C stops everything.", "nl": "Ctrl+C stopt alles."}
_AS_ROOT: Text = {
    "en": "You are root: fine for a look; for real use, start it as an ordinary user (docs/how-to/run.md).",
    "nl": "U bent root: prima om te kijken; start het voor echt gebruik als gewone gebruiker (docs/how-to/run.md).",
}


@click.command()
@click.option("--port", type=click.IntRange(1024, 65_530), help="Port of the screens; the others get the next three.")
@click.option("--demo/--no-demo", default=None, help="Load the demo world into a new database (the default), or not.")
def up(port: int | None, demo: bool | None) -> None:
    """Run the database, the screens and API, intake, live events and workers until Ctrl+C.

    The first time it makes a database in your data folder and loads an invented demo world. DATABASE_URL names another
    PostgreSQL. All settings are environment variables: docs/settings.md.

    \b
    Examples:
      klantbeeld up
      klantbeeld up --port 8100 --no-demo
      DATABASE_URL=postgresql://me:secret@db.example/klantbeeld klantbeeld up
    """
    # Settings are read from the environment, here and in every process that is started.
    if port is not None:
        for offset, name in enumerate(("WEB", "INTAKE", "LIVE", "DEMO")):
            os.environ[f"KLANTBEELD_{name}_PORT"] = str(port + offset)
    if demo is not None:
        os.environ["KLANTBEELD_DEMO"] = "yes" if demo else "no"
    from klantbeeld.config.options import SettingError

    try:
        from klantbeeld.config.processes.errors import ProcessError
        from klantbeeld.config.processes.supervisor import serve

        serve(_announce)
    except (ProcessError, SettingError) as error:
        raise click.ClickException(str(error)) from error


def _announce() -> None:
    from klantbeeld.config import settings
    from klantbeeld.config.processes.addresses import is_loopback
    from klantbeeld.config.processes.logins import find_logins
    from klantbeeld.config.processes.supervisor import address, write

    language = language_of()
    lines = ["", f"{_ADDRESS[language]}: {address()}"]
    logins = find_logins(settings.HOME) if is_loopback(settings.HOST) else []
    if logins:
        lines += ["", f"{_LOGINS[language]}:"]
        widest = max(len(login.role) for login in logins)
        lines += [f"  {login.role:<{widest}}  {login.username}  {login.password}" for login in logins]
    lines += ["", *([_AS_ROOT[language]] if os.geteuid() == 0 else []), _STOP[language], ""]
    write("klantbeeld", "\n".join(lines))
