"""`klantbeeld attributes`: the catalogue of what can be known, and adding to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from klantbeeld.cli.language import language_of

KEYS = (
    "kind",
    "code",
    "label",
    "type",
    "choices",
    "many",
    "sensitivity",
    "purposes",
    "survivorship",
    "matching",
    "position",
)
NEEDED = ("kind", "code", "label", "type")


@click.group(invoke_without_command=True)
@click.pass_context
def attributes(context: click.Context) -> None:
    """List what can be known of persons, organisations, contracts, objects and activities, or add to it.

    \b
    klantbeeld attributes                  the catalogue
    klantbeeld attributes add size.yaml    add an attribute, or change one
    """
    if context.invoked_subcommand is None:
        _list()


@attributes.command()
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
def add(files: tuple[Path, ...]) -> None:
    """Add the attributes that these FILES (YAML) describe: one, or a list. One of the same kind and code is changed."""
    _set_up()
    from klantbeeld.foundation.access import Actor
    from klantbeeld.foundation.actions import define_attribute
    from klantbeeld.sources.declaration.document import read_document

    for file in files:
        with _told(file):
            given = read_document(file.read_text(encoding="utf-8")).value
            for one in given if isinstance(given, list) else [given]:
                spec = _spec(one)
                define_attribute(spec=spec, actor=Actor.system("cli"))
                click.echo(f"{spec.kind}.{spec.code}")


def _spec(given: Any) -> Any:
    """The attribute that a mapping describes; raises Invalid with the key that is wrong."""
    from klantbeeld.foundation.contracts import AttributeSpec
    from klantbeeld.kit.errors import Invalid
    from klantbeeld.kit.labels import Label

    if not isinstance(given, dict):
        raise Invalid("Expected keys with values: kind, code, label, type.")
    if unknown := [key for key in given if key not in KEYS]:
        raise Invalid(f"Unknown key '{unknown[0]}'; possible: {', '.join(KEYS)}.")
    if missing := [key for key in NEEDED if key not in given]:
        raise Invalid(f"'{missing[0]}' is missing.")
    label, choices = given["label"], given.get("choices", {})
    if not isinstance(label, dict) or set(label) != {"nl", "en"}:
        raise Invalid("'label' needs a text in nl and one in en.")
    if not isinstance(choices, dict):
        raise Invalid("'choices' maps each code to its label: {s: {nl: klein, en: small}}.")
    rest: dict[str, Any] = {
        name: given[name] for name in ("many", "sensitivity", "matching", "position") if name in given
    }
    rest |= {name: tuple(given[name]) for name in ("purposes", "survivorship") if name in given}
    return AttributeSpec(
        kind=given["kind"],
        code=given["code"],
        label=Label(nl=label["nl"], en=label["en"]),
        type=given["type"],
        choices=tuple((str(code), text) for code, text in choices.items()),
        **rest,
    )


def _list() -> None:
    _set_up()
    from klantbeeld.foundation import catalogue

    language = language_of()
    for kind, specs in catalogue.all_kinds().items():
        click.echo(kind)
        for code, spec in specs.items():
            several = " *" if spec.many else ""
            click.echo(f"  {code:<22} {spec.type + several:<10} {spec.label[language]}")


@contextmanager
def _told(file: Path) -> Iterator[None]:
    from klantbeeld.kit.errors import KlantbeeldError

    try:
        yield
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: not UTF-8 text") from error
    except KlantbeeldError as error:
        raise click.ClickException(f"{file}: {error.message}") from error


def _set_up() -> None:
    from klantbeeld.cli.imports import set_up

    set_up()
