"""The report page: its sections in order, each from its part of the figures."""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from klantbeeld.engines.report import explanations, inputs, result, sources
from klantbeeld.engines.report.html import Markup, html, join, tag
from klantbeeld.engines.report.texts import Language, Words

Section = Callable[[Mapping[str, Any], Words], Markup]
SECTIONS: tuple[tuple[str, str, Section], ...] = (
    ("result", "nav_result", result.result),
    ("truth", "nav_truth", result.truth),
    ("sources", "nav_sources", sources.sources),
    ("weights", "nav_weights", result.weights),
    ("why", "nav_why", explanations.explanations),
    ("files", "nav_files", inputs.files_read),
)
# Follows the reader's system; the button sets it for this page.
THEME_SCRIPT = """
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
"""


def render(figures: Mapping[str, Any], language: Language = "en") -> str:
    """Return the report as one HTML document that loads nothing from anywhere.

    `figures`: the content of report.json. `language`: of all words; numbers are written as that language does.
    """
    words = Words(language)
    made = [(key, words(nav), section(figures, words)) for key, nav, section in SECTIONS]
    shown = [(key, nav, content) for key, nav, content in made if content]
    body = join(tag("section", content, id=key) for key, _nav, content in shown)
    navigation = tag("nav", *(tag("a", nav, href=f"#{key}") for key, nav, _content in shown))
    button = tag("button", "◐", id="theme", type="button", title=words("theme"), aria_label=words("theme"))
    head = tag("header", tag("div", tag("h1", words("title")), tag("p", _made(figures, words))), button)
    style = Markup(files(__package__).joinpath("style.css").read_text(encoding="utf-8"))
    title = html(f"{words('title')} · klantbeeld")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # The page holds personal data: nothing may be loaded from or sent to anywhere.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{head}\n{navigation}\n<main>\n{body}\n</main>\n"
        f"<script>{THEME_SCRIPT}</script>\n</body>\n</html>\n"
    )


def _made(figures: Mapping[str, Any], words: Words) -> str:
    names = ", ".join(file["name"] for file in figures["files"])
    at = datetime.fromisoformat(figures["made_at"])
    written = at.strftime("%-d-%-m-%Y %H:%M" if words.language == "nl" else "%Y-%m-%d %H:%M")
    return words("made", files=names, at=written, version=figures["klantbeeld"])
