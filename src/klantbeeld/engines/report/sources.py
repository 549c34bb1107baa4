"""Quality per source: counts, shares filled, and which sources share customers."""

from collections.abc import Mapping
from typing import Any

from klantbeeld.engines.report.charts import heat_cell
from klantbeeld.engines.report.html import Markup, html, tag
from klantbeeld.engines.report.numbers import count, percent
from klantbeeld.engines.report.texts import Words


def sources(figures: Mapping[str, Any], words: Words) -> Markup:
    """Return the tables about sources."""
    found = figures["sources"]
    return html(
        [
            tag("h2", words("sources_title")),
            tag("p", words("sources_note"), class_="note"),
            _counts(found, words),
            tag("h3", words("filled")),
            _filled(found, words),
            _overlap(figures["overlap"], words) if len(found) > 1 else None,
        ]
    )


def _counts(found: list[dict[str, Any]], words: Words) -> Markup:
    language = words.language
    names = ["source", "records", "customers", "double"] + (["only_here", "shared"] if len(found) > 1 else [])
    heads = tag("tr", *(tag("th", words(name)) for name in names))
    rows = []
    for source in found:
        cells = [
            count(source["records"], language),
            count(source["customers"], language),
            _with_share(source["double"], source["records"], words),
        ]
        if len(found) > 1:
            cells.append(_with_share(source["only_here"], source["customers"], words))
            cells.append(_with_share(source["customers"] - source["only_here"], source["customers"], words))
        rows.append(tag("tr", tag("th", source["name"], scope="row"), *(tag("td", cell) for cell in cells)))
    return _scrolling(tag("table", tag("thead", heads), tag("tbody", *rows), class_="figures"))


def _with_share(part: int, whole: int, words: Words) -> Markup:
    share = percent(part / whole, words.language) if whole else "–"
    return html([count(part, words.language), " ", tag("small", share)])


def _filled(found: list[dict[str, Any]], words: Words) -> Markup:
    fields = [name for name in found[0]["filled"] if any(s["filled"][name] is not None for s in found)]
    heads = tag("tr", tag("th", ""), *(tag("th", source["name"]) for source in found))
    rows = [
        tag(
            "tr",
            tag("th", words.field(field), scope="row"),
            *(heat_cell(source["filled"][field], words.language) for source in found),
        )
        for field in fields
    ]
    return _scrolling(tag("table", tag("thead", heads), tag("tbody", *rows), class_="matrix"))


def _overlap(overlap: Mapping[str, Any], words: Words) -> Markup:
    names, matrix = overlap["sources"], overlap["customers"]
    heads = tag("tr", tag("th", ""), *(tag("th", name) for name in names))
    rows = []
    for i, name in enumerate(names):
        cells = []
        for j, _other in enumerate(names):
            if i == j:
                cells.append(tag("td", "", class_="heat self"))
            else:
                share = matrix[i][j] / matrix[i][i] if matrix[i][i] else None
                cells.append(heat_cell(share, words.language, count(matrix[i][j], words.language)))
        rows.append(tag("tr", tag("th", name, scope="row"), *cells))
    table = tag("table", tag("thead", heads), tag("tbody", *rows), class_="matrix")
    title, note = tag("h3", words("overlap_title")), tag("p", words("overlap_note"), class_="note")
    return html([title, note, _scrolling(table)])


def _scrolling(table: Markup) -> Markup:
    return tag("div", table, class_="scroll", tabindex="0")
