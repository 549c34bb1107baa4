"""What a declaration may name of the operator's: variables that were put there for sources, and secrets."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.conf import settings

from klantbeeld.kit.errors import Invalid

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
OPEN_VARIABLES = ("KLANTBEELD_SOURCE_", "KLANTBEELD_DEMO_")  # what declarations may name; the second is the demo's


def fill_variables(text: str) -> str:
    """Put environment variables in place of ${NAME}; raises Invalid when one may not be named or is not set."""
    return VARIABLE.sub(lambda found: _variable(found.group(1)), text)


def read_secret(reference: str) -> str:
    """The secret at `env:NAME` or `file:/path`; raises Invalid, without ever showing it.

    Whoever may declare a source chooses the host that gets the secret. So a declaration reaches only what was put there
    for sources: variables with a name of their own, and files in KLANTBEELD_SOURCE_SECRETS_DIR.
    """
    where, _, name = reference.partition(":")
    if where == "env":
        return _variable(name)
    folder = Path(settings.SOURCE_SECRETS_DIR).resolve()
    path = Path(name).resolve()
    if not path.is_relative_to(folder):
        raise Invalid(
            "A secret of a source stands in a file in KLANTBEELD_SOURCE_SECRETS_DIR; other files are not read.",
            code="sources.secret",
        )
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"The secret in {path.name} cannot be read.", code="sources.secret") from error


def _variable(name: str) -> str:
    if not name.startswith(OPEN_VARIABLES):
        raise Invalid(
            f"A declaration may name environment variables that begin with {OPEN_VARIABLES[0]}, not {name[:60]}.",
            code="sources.variable",
        )
    if not (value := os.environ.get(name, "")):
        raise Invalid(
            f"The environment variable {name[:60]}, which the declaration names, is not set.", code="sources.variable"
        )
    return value
