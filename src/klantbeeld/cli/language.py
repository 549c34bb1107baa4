"""In which language the command line speaks: what was asked, else what the environment says, else English."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

Language = Literal["en", "nl"]
Text = Mapping[Language, str]
LANGUAGES: tuple[Language, ...] = ("en", "nl")


def language_of(environment: Mapping[str, str] | None = None, arguments: Sequence[str] | None = None) -> Language:
    """Return the reader's language: `--language`, KLANTBEELD_LANGUAGE, then LC_ALL, LC_MESSAGES and LANG as POSIX says.

    The arguments are looked at by hand because help and errors must speak the right language before they are parsed.
    """
    asked = _asked(sys.argv[1:] if arguments is None else arguments)
    if asked:
        return asked
    environment = os.environ if environment is None else environment
    for name in ("KLANTBEELD_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, "").strip():
            return "nl" if value.lower().startswith("nl") else "en"
    return "en"


def _asked(arguments: Sequence[str]) -> Language | None:
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--language":
            value = value or (arguments[position + 1] if position + 1 < len(arguments) else "")
            return next((language for language in LANGUAGES if language == value), None)
    return None
