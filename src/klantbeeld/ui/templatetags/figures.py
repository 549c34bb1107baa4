"""How screens write numbers: always in the reader's format."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format

register = template.Library()

MINUS = "\N{MINUS SIGN}"
NEARLY = 0.0005
"""Chances closer than this to 0 or 1 are written as a bound: nobody can promise more."""


@register.filter
def count(number: int | None) -> str:
    """A count with thousands separators: `12,345`; nothing gives a dash."""
    return "–" if number is None else number_format(number, force_grouping=True)


@register.filter
def signed(weight: float) -> str:
    """Evidence in bits with its sign: `+3.2`, `−1.0`."""
    size = round(abs(weight), 1)
    return (MINUS if weight < 0 and size else "+") + number_format(size, decimal_pos=1)


@register.filter
def chance(share: float) -> str:
    """A chance, 0..1, as a percentage that never claims certainty: `> 99.9%`, `96%`, `99.7%`, `< 0.1%`."""
    if share > 1 - NEARLY * 2:
        return "> " + number_format(99.9, decimal_pos=1) + "%"
    if share < NEARLY * 2:
        return "< " + number_format(0.1, decimal_pos=1) + "%"
    digits = 0 if 0.01 <= share < 0.99 else 1
    # Rounded down above a half, so that a chance is never shown as larger than it is.
    scale = 10**digits
    percent = int(share * 100 * scale) / scale if share > 0.5 else round(share * 100, digits)
    return number_format(percent, decimal_pos=digits) + "%"


@register.filter
def unlocalized(number: float) -> str:
    """A coordinate for SVG: always a point, whatever the reader's language."""
    return f"{number:.1f}"
