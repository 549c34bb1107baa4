"""`klantbeeld users`: make employees, give them roles, close their accounts."""

from __future__ import annotations

import click

from klantbeeld.cli.inside import inside
from klantbeeld.cli.language import Text, language_of

TEXTS: dict[str, Text] = {
    "password": {"en": "Password", "nl": "Wachtwoord"},
    "made": {"en": "Made {email}.", "nl": "{email} is aangemaakt."},
    "changed": {"en": "Changed {email}.", "nl": "{email} is gewijzigd."},
    "closed": {"en": "closed", "nl": "gesloten"},
    "demo": {"en": "demo, this machine only", "nl": "demo, alleen op deze machine"},
}


@click.group()
def users() -> None:
    """Employees and their roles.

    \b
    klantbeeld users create an@example.nl --name "An de Wit" --role administrator
    klantbeeld users change an@example.nl --role agent --role steward
    klantbeeld users change an@example.nl --close
    klantbeeld users roles
    """


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="As colleagues know the employee.")
@click.option("--role", "roles", multiple=True, required=True, help="Give as many as needed: `klantbeeld users roles`.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when absent, which keeps it out of the history of your shell.",
)
def create(email: str, name: str, roles: tuple[str, ...], password: str) -> None:
    """Make the employee who logs in with EMAIL."""
    with inside() as operator:
        from klantbeeld.foundation import actions

        actions.create_user(email=email, name=name, password=password, roles=roles, actor=operator)
    click.echo(TEXTS["made"][language_of()].format(email=email))


@users.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, help="The roles from now on, in place of the present ones.")
@click.option("--close/--open", default=None, help="Close or open the account; sessions end at once.")
def change(email: str, roles: tuple[str, ...], close: bool | None) -> None:
    """Give the employee with EMAIL other roles, or close or open the account."""
    with inside() as operator:
        from klantbeeld.foundation import actions, queries

        actions.change_user(
            user_id=queries.get_user_id(email, actor=operator),
            roles=roles or None,
            is_active=None if close is None else not close,
            actor=operator,
        )
    click.echo(TEXTS["changed"][language_of()].format(email=email))


@users.command("list")
def list_users() -> None:
    """List all employees with their roles."""
    with inside() as operator:
        from klantbeeld.foundation import queries

        rows = queries.list_users(actor=operator)
    language = language_of()
    for row in rows:
        remarks = [TEXTS["closed"][language]] * (not row.is_active) + [TEXTS["demo"][language]] * row.is_demo
        click.echo("  ".join([row.email, row.name, " ".join(row.roles), *remarks]))


@users.command()
def roles() -> None:
    """List the roles, each with what it is for."""
    from klantbeeld.foundation.rules.roles import ROLES

    language = language_of()
    for role in ROLES.values():
        click.echo(f"{role.code:<14} {role.label[language]}: {role.sentence[language]}")
