"""Licences of what we ship with: permissive ones, and LGPL only where we use the library unmodified."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = re.compile(
    r"apache|\bmit\b|bsd|isc|psf|python software foundation|python-2\.0|mozilla|mpl|unlicense|zlib|hpnd|cc0|postgresql",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"\b(a?gpl|gnu (affero )?general public)", re.IGNORECASE)
# LGPL 3 or 2.1 or later, linked to at run time and not changed by us.
UNMODIFIED_LGPL = {"psycopg", "psycopg-binary", "psycopg-pool", "python-stdnum", "paramiko"}


def _licence(name: str) -> str | None:
    """What the package says about itself; None when it is not installed (a package for another platform)."""
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return None
    classifiers = [value for key, value in metadata.items() if key == "Classifier" and value.startswith("License ::")]
    texts = [metadata.get("License-Expression", ""), *classifiers, (metadata.get("License") or "")[:120]]
    return " | ".join(filter(None, texts))


def _shipped() -> list[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE)


def test_every_shipped_package_has_an_allowed_licence() -> None:
    licences = {name: licence for name in _shipped() if (licence := _licence(name)) is not None}
    assert len(licences) > 50
    refused = {
        name: licence
        for name, licence in licences.items()
        if name not in UNMODIFIED_LGPL and (FORBIDDEN.search(licence) or not ALLOWED.search(licence))
    }
    assert refused == {}


def test_exceptions_are_still_needed() -> None:
    lesser = {name for name in UNMODIFIED_LGPL if re.search("lgpl|lesser", _licence(name) or "", re.IGNORECASE)}
    assert lesser == UNMODIFIED_LGPL
