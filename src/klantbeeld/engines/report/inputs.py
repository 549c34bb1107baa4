"""What was read: files, how they are written, what their columns mean, and the rows that were refused."""

from collections.abc import Mapping
from typing import Any

from klantbeeld.engines.report.charts import meter
from klantbeeld.engines.report.html import Markup, html, tag
from klantbeeld.engines.report.numbers import count, decimal, duration
from klantbeeld.engines.report.texts import Words

REFUSED_SHOWN = 50


def files_read(figures: Mapping[str, Any], words: Words) -> Markup:
    """Return the last section: each file with its mapping and refused rows, then model and time."""
    parts = [tag("h2", words("files_title"))]
    parts += [_file(file, words, opened=n == 0) for n, file in enumerate(figures["files"])]
    parts += [
        tag("h2", words("model_title")),
        tag("div", _model(figures, words), _times(figures, words), class_="pair"),
    ]
    return html(parts)


def _file(file: Mapping[str, Any], words: Words, *, opened: bool) -> Markup:
    language = words.language
    facts = [
        (words("rows"), count(file["rows"], language)),
        (words("record_id"), file["record_id"] or words("row_number")),
    ]
    if file["form"] == "delimited":
        facts += [(words("encoding"), file["encoding"]), (words("delimiter"), file["delimiter"])]
    if file["refused"]["count"]:
        facts.append((words("refused"), count(file["refused"]["count"], language)))
    boxes = tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts), class_="facts")
    notes = [tag("p", note[language], class_="warning") for note in file["notes"]]
    head = tag("summary", tag("b", file["name"]))
    return tag(
        "details", head, boxes, *notes, _mapping(file, words), _refused(file, words), open="" if opened else None
    )


def _mapping(file: Mapping[str, Any], words: Words) -> Markup:
    heads = tag("tr", *(tag("th", words(name)) for name in ("column", "meaning", "reason")), tag("th", words("filled")))
    rows = []
    for column in file["columns"]:
        meaning = words.field(column["scheme"] or column["type"])
        reason = column["reason"].get(words.language) or words("mapping_given")
        filled = meter(column["filled"], words.language) if column["filled"] is not None else "–"
        kind = "unused" if column["type"] == "ignore" else None
        cells = (tag("td", meaning), tag("td", reason), tag("td", filled))
        rows.append(tag("tr", tag("th", column["column"], scope="row"), *cells, class_=kind))
    table = tag("table", tag("thead", heads), tag("tbody", *rows), class_="mapping")
    return tag("div", table, class_="scroll", tabindex="0")


def _refused(file: Mapping[str, Any], words: Words) -> Markup | None:
    refused = file["refused"]
    if not refused["count"]:
        return None
    heads = tag("tr", *(tag("th", words(name)) for name in ("line", "reason", "column", "starts")))
    rows = [
        tag(
            "tr",
            tag("td", str(row["line"])),
            tag("td", row["reason"][words.language]),
            tag("td", row["column"]),
            tag("td", tag("code", row["excerpt"])),
        )
        for row in refused["first"][:REFUSED_SHOWN]
    ]
    more = refused["count"] - len(rows)
    note = tag("p", words("more", count=count(more, words.language)), class_="note") if more > 0 else None
    table = tag("div", tag("table", tag("thead", heads), tag("tbody", *rows)), class_="scroll", tabindex="0")
    return html([tag("h3", words("refused_title")), table, note])


def _model(figures: Mapping[str, Any], words: Words) -> Markup:
    thresholds, language = figures["thresholds"], words.language
    rows = [
        (words(f"threshold_{name}_long"), decimal(thresholds[name], language, 2))
        for name in ("customer", "suggested")
        if thresholds.get(name) is not None
    ]
    if figures["counts"].get("pairs") is not None:
        rows.append((words("compared"), count(figures["counts"]["pairs"], language)))
    heads = tag("tr", tag("th", words("figure")), tag("th", words("value")))
    body = [tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in rows]
    return tag("table", tag("thead", heads), tag("tbody", *body), class_="figures")


def _times(figures: Mapping[str, Any], words: Words) -> Markup:
    heads = tag("tr", tag("th", words("phase")), tag("th", words("time")))
    body = [
        tag("tr", tag("th", words.phase(name), scope="row"), tag("td", duration(seconds, words.language)))
        for name, seconds in figures["seconds"].items()
    ]
    return tag("table", tag("thead", heads), tag("tbody", *body), class_="figures")
