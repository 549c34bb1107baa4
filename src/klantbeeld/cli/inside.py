"""What commands share that work inside an installation: Django ready, and our errors told as errors of the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from klantbeeld.foundation.access import Actor


@contextmanager
def inside() -> Iterator[Actor]:
    """Work as the operator: who has the command line has the installation, and is written down all the same."""
    from klantbeeld.config.options import SettingError
    from klantbeeld.config.start import setup_django
    from klantbeeld.kit.errors import KlantbeeldError

    try:
        setup_django()
        from klantbeeld.foundation.access import Actor

        yield Actor.system("operator")
    except (KlantbeeldError, SettingError) as error:
        raise click.ClickException(str(error)) from None
