"""Texts for people that are data: {"nl": ..., "en": ...}."""

from __future__ import annotations

from typing import TypedDict


class Label(TypedDict):
    """One text in both languages of the product."""

    nl: str
    en: str
