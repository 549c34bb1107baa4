"""`klantbeeld warm`: compile the matching engine ahead of time."""

from __future__ import annotations

import time

import click


@click.command()
def warm() -> None:
    """Compile the numeric parts of the matching engine into a cache, so that the first use does not wait for it.

    Workers do this themselves before they take a job. The cache is yours (NUMBA_CACHE_DIR names another folder) and
    is made anew after an upgrade.
    """
    from klantbeeld.engines import matching

    began = time.perf_counter()
    matching.warm()
    click.echo(f"{time.perf_counter() - began:.1f} s")
