"""How screens write moments and days."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext

register = template.Library()


def month_code() -> str:
    """Short months as the reader's language writes them: `jul` in Dutch, `Jul` in English."""
    return "M" if (get_language() or "nl").startswith("en") else "b"


def written_day(moment: date | datetime) -> str:
    """A day: `12 May 1980`."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return date_format(moment, f"j {month_code()} Y")


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in one unit: `3 days`; within a minute `now`."""
    if moment is None:
        return ""
    if (timezone.now() - moment).total_seconds() < 60:
        return gettext("now")
    return timesince(moment, depth=1)


@register.filter
def on(moment: date | datetime | None) -> str:
    """The day of a moment, in the reader's time and language."""
    return "" if moment is None else written_day(moment)


@register.filter
def at(moment: datetime | None) -> str:
    """A moment to the minute, in the reader's time and language."""
    if moment is None:
        return ""
    return date_format(timezone.localtime(moment), f"j {month_code()} Y H:i")


@register.filter
def clock(moment: datetime | None) -> str:
    """The time of day of a moment: `14:05`."""
    return "" if moment is None else date_format(timezone.localtime(moment), "H:i")


@register.filter
def day(text: str) -> str:
    """A day that may be partial, in the reader's language: 1980, May 1980, 12 May 1980."""
    parts = text.split("-") if text else []
    try:
        if len(parts) == 3:
            return written_day(date(*map(int, parts)))
        if len(parts) == 2:
            return date_format(date(int(parts[0]), int(parts[1]), 1), f"{month_code()} Y")
    except ValueError:
        return text
    return text
