"""The numbers by which a customer is found: one line for each value, with the sources that know it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from klantbeeld.desk.pages.values import Witnesses, spaced
from klantbeeld.desk.pages.words import number_word
from klantbeeld.foundation.contracts import AttributeSpec

SHOWN = 4
"""Values of one scheme that are shown at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that finds this customer, and the sources that state it."""

    value: str
    copied: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The numbers of one scheme; `more` are folded."""

    label: str
    numbers: tuple[Number, ...]
    more: tuple[Number, ...]


def numbers(witnesses: Witnesses, specs: Mapping[str, AttributeSpec], allowed: Collection[str]) -> tuple[Scheme, ...]:
    """The customer's own numbers by scheme; what the purpose does not allow as an attribute is no number either."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for record in witnesses.records.values():
        for one in record.identifiers:
            if one.scheme in specs and one.scheme not in allowed:
                continue
            values = found.setdefault(number_word(one.scheme), {})
            values.setdefault(one.value, {})[witnesses.source_of(record.id)] = None
    made = []
    for word, values in sorted(found.items()):
        listed = tuple(
            Number(spaced(value) if word == gettext("IBAN") else value, value, tuple(sorted(sources)))
            for value, sources in sorted(values.items())
        )
        made.append(Scheme(word, listed[:SHOWN], listed[SHOWN:]))
    return tuple(made)
