"""Every pair of colours that stands together is readable: WCAG 2.2, success criteria 1.4.3 and 1.4.11, level AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import klantbeeld.ui

CSS = (Path(klantbeeld.ui.__file__).parent / "static" / "ui" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("ground", "surface", "surface-sunk", "surface-hover", "surface-chosen")
# Text on its background, 4.5:1.
TEXT = [
    *((text, ground) for text in ("text", "text-soft", "accent", "accent-strong") for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "note")),
    *((tone, ground) for tone in ("good", "warn", "bad", "note") for ground in ("surface", "surface-hover")),
    ("accent-text", "accent"),
    ("accent-text", "accent-strong"),
    ("surface", "text"),
]
# Edges of controls, bars and the ring of the focus, 3:1.
EDGES = [(edge, ground) for edge in ("line-strong", "accent", "good", "bad") for ground in ("ground", "surface")]


def themes() -> dict[str, dict[str, str]]:
    """The tokens of each block that sets them."""
    blocks = re.findall(r"(:root[^{]*)\{(.*?)\}", CSS, re.DOTALL)
    return {selector.strip(): dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body)) for selector, body in blocks}


THEMES = themes()
LIGHT, DARK, SYSTEM = ":root", ':root[data-theme="dark"]', ':root:not([data-theme="light"])'


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1..21 (WCAG 2.2, definition of contrast ratio)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_pairs_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_pair_of_colours_is_readable(theme: str) -> None:
    tokens = THEMES[theme]
    ratios = {
        f"{front} on {back}": (round(contrast(tokens[front], tokens[back]), 2), least)
        for pairs, least in ((TEXT, 4.5), (EDGES, 3.0))
        for front, back in pairs
    }
    assert {pair: ratio for pair, (ratio, least) in ratios.items() if ratio < least} == {}


def test_dark_by_choice_is_dark_by_the_system() -> None:
    assert THEMES[DARK] == THEMES[SYSTEM]
    assert set(THEMES[DARK]) == set(THEMES[LIGHT])
