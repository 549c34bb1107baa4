"""`klantbeeld openapi`: the document of the API, as it is served."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it here; absent: to the terminal.")
def openapi(out: Path | None) -> None:
    """Print the OpenAPI 3.1 document of the API.

    \b
    klantbeeld openapi --out docs/openapi.json    # renew the committed copy after a change
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klantbeeld.config.settings")
    import django

    django.setup()
    from klantbeeld.exchange.rest.openapi import document_text
    from klantbeeld.exchange.urls import api

    text = document_text(api)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"{out}: {len(text)} bytes")
