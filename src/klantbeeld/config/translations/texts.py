"""Finding every translatable text in our Python modules and templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

# Per function: the positions of context, text and plural among its arguments.
_FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A translatable text and where it stands first."""

    text: str
    plural: str | None
    context: str | None
    path: Path
    line: int

    @property
    def key(self) -> tuple[str | None, str]:
        """What gettext looks it up by."""
        return self.context, self.text


class NotTranslatableError(ValueError):
    """A text is put together before it is translated; the message names file and line."""


def find_texts(package: Path) -> dict[tuple[str | None, str], Text]:
    """Every translatable text below `package` by its key, the first place in path order."""
    found: dict[tuple[str | None, str], Text] = {}
    for path in sorted(
        [*package.rglob("*.py"), *package.rglob("templates/**/*.html"), *package.rglob("templates/**/*.txt")]
    ):
        for text in _in_python(path) if path.suffix == ".py" else _in_template(path):
            found.setdefault(text.key, text)
    return found


def _in_python(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if "gettext" not in source:
        return
    for node in ast.walk(ast.parse(source, str(path))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _FUNCTIONS:
            continue
        context, text, plural = (_constant(node, position, path) for position in _FUNCTIONS[name])
        if text is not None:
            yield Text(text, plural, context, path, node.lineno)


def _constant(call: ast.Call, position: int | None, path: Path) -> str | None:
    if position is None or position >= len(call.args):
        return None
    argument = call.args[position]
    if isinstance(argument, ast.JoinedStr):
        raise NotTranslatableError(f"{path}:{call.lineno}: an f-string cannot be translated; use %(name)s")
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _in_template(path: Path) -> Iterator[Text]:
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for found in _IN_TEMPLATE.finditer(source):
        strings = [ast.literal_eval(string) for string in found.groups()[1:] if string]
        context = strings.pop(0) if "p" in found[1].replace("gettext", "") else None
        plural = strings[1] if found[1].startswith("n") else None
        yield Text(strings[0], plural, context, path, source.count("\n", 0, found.start()) + 1)
