"""`klantbeeld keys`: make, list and revoke the keys of machines."""

from __future__ import annotations

from datetime import timedelta

import click

from klantbeeld.cli.inside import inside
from klantbeeld.cli.language import Text, language_of

TEXTS: dict[str, Text] = {
    "once": {
        "en": "This is the key. It is shown now and never again:",
        "nl": "Dit is de sleutel. Hij wordt nu getoond en daarna nooit meer:",
    },
    "revoked": {"en": "Revoked; it is refused from now on.", "nl": "Ingetrokken; hij wordt vanaf nu geweigerd."},
    "none": {"en": "There are no keys.", "nl": "Er zijn geen sleutels."},
    "in force": {"en": "in force", "nl": "geldig"},
    "is revoked": {"en": "revoked", "nl": "ingetrokken"},
    "expired": {"en": "expired", "nl": "verlopen"},
}


@click.group()
def keys() -> None:
    """Keys with which machines use the API.

    \b
    klantbeeld keys create "web shop" --scope records:write --scope customers:read --purpose service
    klantbeeld keys list
    klantbeeld keys revoke 0aB3dEf6hIjK
    """


@keys.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do; give as many as needed.")
@click.option("--purpose", "purposes", multiple=True, help="Why it may use customer data; give as many as needed.")
@click.option("--days", type=click.IntRange(1, 3650), help="After so many days it is refused.")
@click.option("--company", default="", help="Code of the company whose sources it may deliver to; absent: all.")
def create(name: str, scopes: tuple[str, ...], purposes: tuple[str, ...], days: int | None, company: str) -> None:
    """Make a key for the machine called NAME."""
    with inside() as operator:
        from django.utils import timezone

        from klantbeeld.foundation import actions, queries

        _, text = actions.create_key(
            name=name,
            scopes=scopes,
            purposes=purposes,
            actor=operator,
            expires_at=timezone.now() + timedelta(days=days) if days else None,
            company_id=queries.get_company_id(company) if company else None,
        )
    click.echo(TEXTS["once"][language_of()], err=True)
    click.echo(text)


@keys.command("list")
def list_keys() -> None:
    """List all keys; the secrets are not kept."""
    with inside() as operator:
        from django.utils import timezone

        from klantbeeld.foundation import queries

        rows, now = queries.list_keys(actor=operator), timezone.now()
    language = language_of()
    if not rows:
        click.echo(TEXTS["none"][language])
    for row in rows:
        expired = row.expires_at is not None and row.expires_at <= now
        state = "is revoked" if row.revoked_at else "expired" if expired else "in force"
        purposes = " ".join(row.purposes) or "-"
        click.echo(f"{row.key_id}  {row.name}  {TEXTS[state][language]}  {' '.join(row.scopes)}  [{purposes}]")


@keys.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Revoke the key whose 12 letters after `kb_live_` are KEY_ID."""
    with inside() as operator:
        from klantbeeld.foundation import actions

        actions.revoke_key(key_id=key_id.removeprefix("kb_live_")[:12], actor=operator)
    click.echo(TEXTS["revoked"][language_of()])
