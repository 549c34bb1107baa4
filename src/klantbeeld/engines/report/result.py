"""What was found: the figures at the top, sizes of customers, weights of pairs, and the score against a truth."""

from collections.abc import Mapping
from typing import Any

from klantbeeld.engines.report.charts import columns, histogram
from klantbeeld.engines.report.html import Markup, html, tag
from klantbeeld.engines.report.numbers import count, percent, score
from klantbeeld.engines.report.texts import Words

SIZES_SHOWN = 8
MEASURES = ("pairwise", "cluster", "b_cubed")
SPAN = (-20.0, 40.0)


def result(figures: Mapping[str, Any], words: Words) -> Markup:
    """Return the first section: a sentence, the main figures, and how many records customers have."""
    counts, language = figures["counts"], words.language
    key = "lead" if counts["records"] > counts["customers"] else "lead_none"
    lead = words(
        key,
        records=count(counts["records"], language),
        customers=count(counts["customers"], language),
        suggested=count(counts["suggested"], language),
        joined=count(counts["records"] - counts["customers"], language),
        review=count(counts["review_pairs"], language),
    )
    tiles = [
        ("records", "", counts["records"]),
        ("customers", "customers_note", counts["customers"]),
        ("suggested", "suggested_note", counts["suggested"]),
        ("households", "households_note", counts["households"]),
    ]
    if counts["refused"]:
        tiles.append(("refused", "refused_note", counts["refused"]))
    boxes = [
        tag("div", tag("dt", words(name)), tag("dd", count(value, language)), tag("p", words(note)) if note else None)
        for name, note, value in tiles
    ]
    return html([tag("p", lead, class_="lead"), tag("dl", *boxes, class_="tiles"), _sizes(figures, words)])


def _sizes(figures: Mapping[str, Any], words: Words) -> Markup:
    sizes = {name: dict(figures["sizes"][name]) for name in ("customer_id", "suggested_id")}
    largest = max((size for found in sizes.values() for size in found), default=1)
    labels = [str(size) for size in range(1, min(largest, SIZES_SHOWN) + 1)]
    series = []
    for name, found in sizes.items():
        values = [float(found.get(int(label), 0)) for label in labels]
        if largest > SIZES_SHOWN:
            values[-1] = float(sum(times for size, times in found.items() if size >= SIZES_SHOWN))
        series.append((words("customers" if name == "customer_id" else "suggested"), values))
    if largest > SIZES_SHOWN:
        labels[-1] = f"{SIZES_SHOWN}+"
    chart = columns(labels, series, words("size_axis"), words.language)
    return html([tag("h2", words("sizes_title")), tag("p", words("sizes_note"), class_="note"), chart])


def truth(figures: Mapping[str, Any], words: Words) -> Markup:
    """Return precision, recall and F1 for both ids, or nothing when no truth was given."""
    quality = figures.get("quality")
    if not quality:
        return Markup("")
    language = words.language
    tables = []
    for name in ("customer_id", "suggested_id"):
        rows = [
            tag(
                "tr",
                tag("th", words(measure), tag("small", words(f"{measure}_note")), scope="row"),
                *(tag("td", score(quality[name][measure][part], language)) for part in ("precision", "recall", "f1")),
            )
            for measure in MEASURES
        ]
        heads = tag("tr", tag("th", name), *(tag("th", words(part)) for part in ("precision", "recall", "f1")))
        tables.append(tag("table", tag("thead", heads), tag("tbody", *rows), class_="figures"))
    note = None
    if quality["records"] < figures["counts"]["records"]:
        note = tag("p", words("truth_note", records=count(quality["records"], language)), class_="note")
    title = tag("h2", words("truth_title", column=quality["column"]))
    return html([title, note, tag("div", *tables, class_="pair")])


def weights(figures: Mapping[str, Any], words: Words) -> Markup:
    """Return the distribution of the weights of pairs, by class, with both thresholds."""
    found = figures["weights"]
    if not found["edges"]:
        return Markup("")
    thresholds = figures["thresholds"]
    marks = []
    if thresholds.get("suggested") is not None:
        marks.append((float(thresholds["suggested"]), words("threshold_suggested"), "soft"))
    if thresholds.get("customer") is not None:
        marks.append((float(thresholds["customer"]), words("threshold_customer"), "firm"))
    chart = histogram(found["edges"], found["by_class"], marks, words)
    return html([tag("h2", words("weights_title")), tag("p", words("weights_note"), class_="note"), chart])


def share_text(share: float | None, words: Words) -> str:
    """Write a share for people."""
    return percent(share, words.language)
