"""One run from files to result: look, map, read, match, choose golden values, explain, write."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from klantbeeld.cli.language import Language
from klantbeeld.cli.resolve.combine import Combined, combine
from klantbeeld.cli.resolve.figures import make_figures
from klantbeeld.cli.resolve.golden import golden_table
from klantbeeld.cli.resolve.mapping import (
    FileMapping,
    Mapping,
    MappingError,
    check_columns,
    guess_country,
    guess_file,
    read_mapping,
    write_mapping,
)
from klantbeeld.cli.resolve.outputs import (
    check_output,
    links_table,
    membership_table,
    whole_folder,
    write_report,
    write_tables,
)
from klantbeeld.cli.resolve.samples import sample_explanations
from klantbeeld.cli.resolve.screen import Screen
from klantbeeld.cli.resolve.texts import TEXTS, say
from klantbeeld.engines.files import TableError, TableFile, open_table
from klantbeeld.engines.matching import FieldType, Resolution, resolve
from klantbeeld.engines.report import render


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the files, where the result goes, and the options."""

    files: tuple[Path, ...]
    out: Path
    mapping: Path | None
    truth: str | None
    country: str | None
    language: Language
    precision: float


ShowMapping = Callable[[Sequence[TableFile], Mapping], None]


def run(request: Request, screen: Screen, show_mapping: ShowMapping) -> dict[str, Any]:
    """Carry out a request and return the figures of the report. Raises TableError, MappingError, OutputError."""
    started = time.perf_counter()
    check_output(request.out)
    _no_file_twice(request.files)
    given = read_mapping(request.mapping) if request.mapping else None
    with screen.phase("look", say("look", request.language)):
        opened = _open(request, given, screen)
        mapping = _mapping(request, given, opened)
    if given is None:
        show_mapping(opened, mapping)
    with screen.phase("read", say("read", request.language)):
        combined = combine(opened, mapping, given=request.mapping, truth=request.truth, progress=screen.advance)
    _enough(combined, request)
    with screen.phase("resolve", say("resolve", request.language)):
        resolution = resolve(combined.table, combined.schema, precision=request.precision, progress=_teller(screen))
    with whole_folder(request.out) as folder:
        return _write(folder, request, screen, combined, resolution, mapping, started)


def _no_file_twice(files: Sequence[Path]) -> None:
    seen: set[Path] = set()
    for path in files:
        if path.resolve() in seen:
            raise TableError(path, en="this file is given twice", nl="dit bestand is tweemaal opgegeven")
        seen.add(path.resolve())


def _teller(screen: Screen) -> Callable[[str, float], None]:
    """Tell people what the engine is doing now; it reports what it has done."""

    def tell(done: str, share: float) -> None:
        screen.advance(say(f"after_{done}", screen.language) if f"after_{done}" in TEXTS else "", share)

    return tell


def _open(request: Request, given: Mapping | None, screen: Screen) -> list[TableFile]:
    opened = []
    for position, path in enumerate(request.files):
        screen.advance(path.name, position / len(request.files))
        known = given.find(path) if given else None
        if given and known is None:
            listed = ", ".join(file.name for file in given.files)
            raise MappingError(
                request.mapping,
                0,
                f"files › {path.name}",
                en=f"this file is not in the mapping; it has: {listed}",
                nl=f"dit bestand staat niet in de mapping; die heeft: {listed}",
            )
        opened.append(_open_as(path, known))
    return opened


def _open_as(path: Path, known: FileMapping | None) -> TableFile:
    if known is None:
        return open_table(path)
    return open_table(path, encoding=known.encoding, delimiter=known.delimiter, quote=known.quote, header=known.header)


def _mapping(request: Request, given: Mapping | None, opened: Sequence[TableFile]) -> Mapping:
    """Return the given mapping, checked against the files, or a guessed one; never with the truth as evidence."""
    for file in opened:
        if request.truth and request.truth not in file.columns:
            listed = ", ".join(file.columns[:40])
            raise TableError(
                file.path,
                en=f"has no column {request.truth!r} for --truth; it has: {listed}",
                nl=f"heeft geen kolom {request.truth!r} voor --truth; het heeft: {listed}",
            )
    if given is None:
        names = [str(file.path) if _twice(file, opened) else file.path.name for file in opened]
        guessed = tuple(guess_file(file, request.truth, name) for file, name in zip(opened, names, strict=True))
        return Mapping(guessed, request.country or guess_country(opened, guessed))
    chosen = []
    for file in opened:
        known = given.find(file.path)
        assert known is not None  # noqa: S101  # _open saw to it
        check_columns(request.mapping, known, file.columns)
        chosen.append(known.without(request.truth) if request.truth else known)
    return Mapping(tuple(chosen), request.country or given.country)


def _twice(file: TableFile, opened: Sequence[TableFile]) -> bool:
    return sum(other.path.name == file.path.name for other in opened) > 1


def _enough(combined: Combined, request: Request) -> None:
    """Stop when there is nothing to compare: no rows, or no column that says who somebody is."""
    if combined.table.num_rows == 0:
        en, nl = "no file holds a row that can be read", "geen enkel bestand bevat een leesbare regel"
        raise TableError(request.files[0], en=en, nl=nl)
    if not any(field.evidence for field in combined.schema.fields):
        raise TableError(
            request.files[0],
            en="no column is recognised as name, birth date, address, phone, e-mail or number; "
            "say what the columns mean in a mapping file (--mapping)",
            nl="geen enkele kolom is herkend als naam, geboortedatum, adres, telefoon, e-mail of nummer; "
            "zeg in een mappingbestand wat de kolommen betekenen (--mapping)",
        )


def _write(
    folder: Path,
    request: Request,
    screen: Screen,
    combined: Combined,
    resolution: Resolution,
    mapping: Mapping,
    started: float,
) -> dict[str, Any]:
    with screen.phase("golden", say("golden", request.language)):
        ids = (resolution.customer_id, resolution.suggested_id, resolution.household_id)
        customers = golden_table(combined, *ids)
    with screen.phase("write", say("write", request.language)):
        write_tables(folder, membership_table(combined, resolution), customers, links_table(combined, resolution))
    explanations = sample_explanations(combined, resolution)
    seconds = {**screen.seconds, "total": time.perf_counter() - started}
    figures = make_figures(
        combined,
        resolution,
        truth_name=request.truth,
        explanations=explanations,
        seconds=seconds,
        guessed=request.mapping is None,
    )
    if request.mapping:
        text = request.mapping.read_text(encoding="utf-8-sig")
    else:
        text = write_mapping(mapping, request.language, [type_.value for type_ in FieldType])
    write_report(folder, figures, render(figures, request.language), text)
    return figures
