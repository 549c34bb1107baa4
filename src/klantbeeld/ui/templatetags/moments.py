"""How screens write moments, days and numbers."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext

register = template.Library()


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in one unit: `3 days`; within a minute `now`."""
    if moment is None:
        return ""
    if (timezone.now() - moment).total_seconds() < 60:
        return gettext("now")
    return timesince(moment, depth=1)


@register.filter
def day(text: str) -> str:
    """A day that may be partial, in the reader's language: 1980, May 1980, 12 May 1980."""
    parts = text.split("-") if text else []
    try:
        if len(parts) == 3:
            return date_format(date(*map(int, parts)), "j M Y")
        if len(parts) == 2:
            return date_format(date(int(parts[0]), int(parts[1]), 1), "M Y")
    except ValueError:
        return text
    return text


@register.filter
def signed(weight: float) -> str:
    """Evidence with its sign: `+3.2`, `-1.0`."""
    return f"{weight:+.1f}"


@register.filter
def unlocalized(number: float) -> str:
    """A coordinate for SVG: always a point, whatever the reader's language."""
    return f"{number:.1f}"
