"""Small pieces of safe HTML: everything that is not already `Markup` is escaped."""

from collections.abc import Iterable
from html import escape


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


def html(value: object) -> Markup:
    """Return a value as HTML: Markup as it is, None as nothing, lists joined, anything else escaped."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup("")
    if isinstance(value, list | tuple):
        return join(value)
    return Markup(escape(str(value)))


def join(values: Iterable[object], between: str = "") -> Markup:
    """Join values as HTML."""
    return Markup(between.join(html(value) for value in values))


def tag(name: str, *content: object, **attributes: object) -> Markup:
    """Return one element; `class_` and `data_x` become `class` and `data-x`, None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{join(content)}</{name}>")
