"""Sample pairs, each with its two records side by side and a waterfall that adds up to its weight."""

from collections.abc import Mapping
from typing import Any

from klantbeeld.engines.report.charts import waterfall
from klantbeeld.engines.report.html import Markup, html, tag
from klantbeeld.engines.report.numbers import decimal, percent
from klantbeeld.engines.report.texts import Words

KINDS = ("merged", "review", "household", "apart")
SILENT = 0.05  # a step smaller than this changes nothing that anyone can see


def explanations(figures: Mapping[str, Any], words: Words) -> Markup:
    """Return the examples by kind, or nothing when there are none."""
    found = figures["explanations"]
    if not found:
        return Markup("")
    parts: list[Markup] = [tag("h2", words("why_title")), tag("p", words("why_note"), class_="note")]
    for kind in KINDS:
        cards = [
            _card(example, words, opened=n == 0) for n, example in enumerate(e for e in found if e["kind"] == kind)
        ]
        if cards:
            parts.append(tag("h3", words(f"kind_{kind}"), class_=f"kind {kind}"))
            parts.append(tag("div", *cards, class_="cards"))
    return html(parts)


def _card(example: Mapping[str, Any], words: Words, *, opened: bool) -> Markup:
    language = words.language
    head = tag(
        "summary",
        tag("b", _who(example["left"])),
        tag("span", " ↔ "),
        tag("b", _who(example["right"])),
        tag("span", decimal(example["weight"], language, sign=True), class_=f"pill c-{example['class']}"),
    )
    shown = [step for step in example["steps"] if abs(step["weight"]) >= SILENT]
    silent = [step["name"][language] for step in example["steps"] if abs(step["weight"]) < SILENT]
    steps = [(_capital(step["name"][language]), step["text"][language], float(step["weight"])) for step in shown]
    steps.insert(0, (words("prior"), "", float(example["prior"])))
    parts: list[object] = [tag("p", example["sentence"][language], class_="sentence"), _records(example, words)]
    parts.append(waterfall(steps, (words("total"), float(example["weight"])), language))
    if silent:
        parts.append(tag("p", words("no_evidence", fields=", ".join(silent)), class_="note"))
    parts.append(_posteriors(example, words))
    return tag("details", head, *parts, open="" if opened else None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _who(record: Mapping[str, Any]) -> str:
    values = record["values"]
    surname = [values.get("name_prefix"), values.get("family_name")]
    given = values.get("given_name") or values.get("initials")
    full = " ".join(filter(None, [given, *surname])) or values.get("full_name") or values.get("organisation_name")
    return full or f"{record['file']} {record['record_id']}"


def _records(example: Mapping[str, Any], words: Words) -> Markup:
    left, right = example["left"], example["right"]
    names = [name for name in left["values"] if left["values"][name] or right["values"].get(name)]
    rows = []
    for name in names:
        one, other = left["values"].get(name), right["values"].get(name)
        same = bool(one and other) and _plain(one) == _plain(other)
        kind = "same" if same else ("differs" if one and other else None)
        rows.append(tag("tr", tag("th", words.field(name), scope="row"), tag("td", one), tag("td", other), class_=kind))
    heads = [tag("th", record["source"], " ", tag("small", record["record_id"])) for record in (left, right)]
    table = tag("table", tag("thead", tag("tr", tag("th", ""), *heads)), tag("tbody", *rows), class_="records")
    return tag("div", table, class_="scroll", tabindex="0")


def _plain(value: str) -> str:
    """Leave out what does not make a value another one: case, spaces, punctuation."""
    return "".join(c for c in value.casefold() if c.isalnum() or c in "@+")


def _posteriors(example: Mapping[str, Any], words: Words) -> Markup:
    shares = sorted(example["posteriors"].items(), key=lambda item: -item[1])
    pills = [
        tag("span", words(name), " ", percent(share, words.language), class_=f"key c-{name}")
        for name, share in shares
        if share >= 0.005
    ]
    chance = f"{words('probability')} {percent(example['probability'], words.language)}"
    return tag("p", tag("strong", chance), *pills, class_="legend")
