"""The tables on the screen: the guessed mapping before, the outcome after."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from klantbeeld.cli.resolve.mapping import Mapping
from klantbeeld.cli.resolve.screen import Screen
from klantbeeld.cli.resolve.texts import say
from klantbeeld.engines.files import REFUSALS, TableFile
from klantbeeld.engines.report.numbers import count, duration, percent, score


def show_mapping(screen: Screen, opened: Sequence[TableFile], mapping: Mapping, out: Path) -> None:
    """Print the guessed mapping of each file."""
    language = screen.language
    screen.say(escape(say("guessed", language, path=out / "mapping.yaml")))
    for file, found in zip(opened, mapping.files, strict=True):
        screen.say(f"\n[bold]{escape(found.name)}[/]  [dim]{escape(_written_as(file, screen))}[/]")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for key in ("column", "meaning", "filled", "why", "examples"):
            table.add_column(
                say(key, language), justify="right" if key == "filled" else "left", no_wrap=key != "examples"
            )
        roles = [("record_id", found.record_id), ("source", found.source_column), ("updated_at", found.updated_at)]
        for role, named in roles:
            if named:
                table.add_row(escape(named), role, *_sample(file, named, _role_reason(file, screen), screen))
        for column in found.used():
            meaning = column.type + (f" ({column.scheme})" if column.scheme else "")
            meaning += f" [{column.group}]" if column.group else ""
            cells = _sample(file, column.column, column.reason.get(language, ""), screen)
            table.add_row(escape(column.column), escape(meaning), *cells)
        screen.say(table)
        if not found.record_id:
            screen.say(f"[dim]record_id: {say('row_number', language)}[/]")
        unused = [f"{c.column} ({c.reason.get(language, '')})" for c in found.columns if c.type == "ignore"]
        if unused:
            screen.say(f"[dim]{escape(say('ignored', language, names=', '.join(unused)))}[/]")
    screen.say("")


def _role_reason(file: TableFile, screen: Screen) -> str:
    named = file.dialect is None or file.dialect.header
    return say("by_name" if named else "by_values", screen.language)


def _written_as(file: TableFile, screen: Screen) -> str:
    if file.encoding is None or file.dialect is None:
        return "Parquet"
    text = say("written_as", screen.language, encoding=file.encoding.label, delimiter=file.dialect.delimiter_label)
    return text if file.dialect.header else f"{text}, {say('no_header', screen.language)}"


def _sample(file: TableFile, column: str, reason: str, screen: Screen) -> tuple[str, str, str]:
    values = file.sample[column]
    filled = 1 - values.null_count / len(values) if len(values) else None
    examples = list(dict.fromkeys(v[:24] for v in values.slice(0, 200).to_pylist() if v))[:3]
    return percent(filled, screen.language), escape(reason), escape(", ".join(examples))


def show_outcome(screen: Screen, figures: AnyMapping[str, Any], out: Path) -> None:
    """Print the outcome: counts, quality, refused rows, and where it is."""
    language, counts = screen.language, figures["counts"]
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for key, name in (
        ("records", "records"), ("customers", "customers"), ("suggested", "suggested"),
        ("review", "review_pairs"), ("households", "households"),
    ):  # fmt: skip
        strong = "[bold]" if key == "customers" else ""
        table.add_row(strong + say(key, language), strong + count(counts[name], language))
    screen.say(table)
    if figures["quality"]:
        _show_quality(screen, figures["quality"])
    for file in figures["files"]:
        _show_refused(screen, file)
    names = "membership, customers, links (.parquet), report.json, report.html, mapping.yaml"
    seconds = duration(figures["seconds"]["total"], language)
    screen.say("")
    screen.say(escape(say("written", language, path=out, seconds=seconds, names=names)))
    screen.say(escape(say("open_report", language, path=out / "report.html")))


def _show_quality(screen: Screen, quality: AnyMapping[str, Any]) -> None:
    language = screen.language
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column(say("against", language, column=quality["column"]))
    table.add_column("")
    for key in ("precision", "recall"):
        table.add_column(say(key, language), justify="right")
    table.add_column("F1", justify="right")
    for name in ("customer_id", "suggested_id"):
        for position, measure in enumerate(("pairwise", "cluster", "b_cubed")):
            found = quality[name][measure]
            figures = [score(found[part], language) for part in ("precision", "recall", "f1")]
            table.add_row(name if position == 0 else "", say(measure, language), *figures)
    screen.say("")
    screen.say(table)


def _show_refused(screen: Screen, file: AnyMapping[str, Any]) -> None:
    refused, language = file["refused"], screen.language
    for note in file["notes"]:
        screen.say(f"[yellow]{escape(file['name'])}: {escape(note[language])}[/]")
    if refused["count"]:
        reasons = ", ".join(f"{REFUSALS[r][language]}: {n}" for r, n in refused["by_reason"].items())
        text = say(
            "refused_in", language, name=file["name"], count=count(refused["count"], language),
            reasons=reasons, line=refused["first"][0]["line"],
        )  # fmt: skip
        screen.say(f"[yellow]{escape(text)}[/]")
