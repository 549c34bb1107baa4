"""`klantbeeld status`, `database start|stop`, `backup`, `restore`, `psql`: the database of this installation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from klantbeeld.config.processes.cluster import Cluster


@click.command()
def status() -> None:
    """Tell what runs: the supervisor with its processes, the database, and where everything is.

    The exit code is 0 when the database answers, else 1.
    """
    import psycopg

    from klantbeeld.config import settings
    from klantbeeld.config.databases import conninfo_of
    from klantbeeld.config.processes.state import find_state, is_supervised

    home = settings.HOME
    state = find_state(home) if is_supervised(home) else None
    click.echo(f"data         {home.folder}")
    click.echo(f"supervisor   {f'process {state.pid}, {state.address}' if state else 'not running'}")
    for name, (pid, _) in (state.children if state else {}).items():
        click.echo(f"  {name:<10} process {pid}")
    try:
        with psycopg.connect(conninfo_of(settings), connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))"
            ).fetchone()
        click.echo(f"database     PostgreSQL {row[0]}, {row[1]}" if row else "database     answers")
    except psycopg.OperationalError as error:
        click.echo(f"database     does not answer: {str(error).strip().splitlines()[0]}")
        raise SystemExit(1) from None


@click.group()
def database() -> None:
    """Start or stop the embedded database alone, without the other processes."""


@database.command()
def start() -> None:
    """Start the embedded database and leave it running."""
    from klantbeeld.config import settings
    from klantbeeld.config.processes.embedded import make_ready

    cluster = _embedded()
    with _told():
        make_ready(cluster, settings.HOME, click.echo)
    click.echo(f"PostgreSQL {cluster.programs.version} runs; its socket is in {cluster.socket_dir}")


@database.command()
@click.option("--immediate", is_flag=True, help="As in a power cut; the next start recovers.")
def stop(immediate: bool) -> None:
    """Stop the embedded database."""
    from klantbeeld.config import settings
    from klantbeeld.config.processes.state import is_supervised

    if is_supervised(settings.HOME):
        raise click.ClickException("`klantbeeld up` runs and would start it again; stop that one.")
    with _told():
        _embedded().stop("immediate" if immediate else "fast")
    click.echo("stopped")


@click.command()
def migrate() -> None:
    """Bring the tables up to date, with a dump first when there is something to lose.

    `klantbeeld up` does this itself; this is for installations whose processes are units of their own.
    """
    os.environ["KLANTBEELD_DATABASE_ROLE"] = "owner"
    from klantbeeld.config.options import SettingError
    from klantbeeld.config.processes.errors import ProcessError
    from klantbeeld.config.processes.prepare import prepare_database

    try:
        prepare_database()
    except (ProcessError, SettingError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("up to date")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def backup(folder: Path | None) -> None:
    """Write a dump of the database into FOLDER (the backups in the data folder when not given) and print its name.

    The dump is consistent while everything goes on. Keep secrets.json with it: without the match key in there, records
    can no longer be matched to the ones in the dump.
    """
    from klantbeeld.config import settings
    from klantbeeld.config.processes.dump import dump
    from klantbeeld.config.processes.embedded import find_programs

    with _told():
        target = dump(_owner_conninfo(), find_programs(), folder or settings.HOME.backups, "backup")
    click.echo(target)


@click.command()
@click.argument("dump", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(dump: Path, yes: bool) -> None:
    """Put a dump back in place of everything in the embedded database, while `klantbeeld up` does not run.

    The dump is read whole before anything is replaced; the replaced database stays beside it, as klantbeeld_replaced,
    until the next restore.
    """
    from klantbeeld.config import settings
    from klantbeeld.config.processes.embedded import make_ready
    from klantbeeld.config.processes.restore import restore as put_back
    from klantbeeld.config.processes.state import is_supervised

    if is_supervised(settings.HOME):
        raise click.ClickException("`klantbeeld up` runs; stop it first.")
    if not yes:
        click.confirm("Everything in the database is replaced by the dump. Go on?", abort=True)
    cluster = _embedded()
    ran = cluster.exists and cluster.find_postmaster() is not None
    with _told():
        make_ready(cluster, settings.HOME, click.echo)
        put_back(cluster, settings.HOME, dump)
        if not ran:
            cluster.stop()
    click.echo("restored")


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--owner", is_flag=True, help="As the owner of the tables; else as the application, which owns nothing.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(owner: bool, arguments: tuple[str, ...]) -> None:
    """Open psql on the database of this installation; what follows is passed on.

    What you read here passes no door: no purpose is asked and nothing is written in the audit log.

    \b
    Examples:
      klantbeeld psql
      klantbeeld psql -c 'select count(*) from sources_record'
    """
    from klantbeeld.config import settings
    from klantbeeld.config.databases import conninfo_of
    from klantbeeld.config.processes.dump import client_environment
    from klantbeeld.config.processes.embedded import find_programs

    with _told():
        program = find_programs().path("psql")
        environment = client_environment(_owner_conninfo() if owner else conninfo_of(settings))
    os.execve(program, [str(program), *arguments], environment)  # noqa: S606 - no shell, our own program


def _owner_conninfo() -> str:
    from klantbeeld.config import settings
    from klantbeeld.config.databases import embedded_conninfo

    if settings.DATABASE_URL:
        return settings.DATABASE_OWNER_URL or settings.DATABASE_URL
    secrets = settings.HOME.find_secrets()
    if secrets is None:
        raise click.ClickException(f"There is no database yet in {settings.HOME.folder}: start `klantbeeld up` once.")
    return embedded_conninfo(settings.HOME, secrets, "owner")


def _embedded() -> Cluster:
    from klantbeeld.config import settings
    from klantbeeld.config.processes.embedded import embedded_cluster

    if settings.DATABASE_URL:
        raise click.ClickException("DATABASE_URL is set: that database is looked after elsewhere.")
    settings.HOME.create()
    settings.HOME.ensure_secrets()
    with _told():
        return embedded_cluster(settings.HOME)


class _told:  # noqa: N801 - reads as a word: `with _told():`
    """Errors of the processes become the message and exit code of the command."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from klantbeeld.config.processes.errors import ProcessError

        if isinstance(error, ProcessError):
            raise click.ClickException(str(error)) from error
