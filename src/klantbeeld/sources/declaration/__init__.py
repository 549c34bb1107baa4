"""The declaration of a source: read it from YAML or JSON, tell what is wrong in it, and use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from klantbeeld.sources.declaration.check import AttributeSpec, Catalogue, check_document
from klantbeeld.sources.declaration.document import Document, read_document
from klantbeeld.sources.declaration.model import Declaration, Feed, Reading, declaration_of
from klantbeeld.sources.declaration.problems import DeclarationError, Problem

__all__ = [
    "AttributeSpec",
    "Catalogue",
    "Declaration",
    "DeclarationError",
    "Feed",
    "Problem",
    "Reading",
    "declaration_of",
    "read_declaration",
]


def read_declaration(
    source: str | dict[str, Any], catalogue: Catalogue | None = None, *, folder: Path | None = None
) -> Declaration:
    """A declaration from its text (YAML or JSON), or from the same object as the API gives it.

    `folder`: where relative paths of files in it start, usually the folder of the text.
    Raises DeclarationError with every problem: line (of a text), key, and what was expected, in nl and en.
    """
    document = read_document(source) if isinstance(source, str) else Document(value=source)
    problems = check_document(document, catalogue)
    if problems:
        raise DeclarationError(problems)
    if folder is not None:
        for feed in document.value["feeds"]:
            for place in (feed["form"], feed["form"].get("folder", {})):
                if "path" in place:
                    place["path"] = str((folder / place["path"]).resolve())
    return declaration_of(document.value)
