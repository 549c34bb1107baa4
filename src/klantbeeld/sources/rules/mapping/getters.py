"""Functions that get one value out of the cells of a row, as a declaration says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from klantbeeld.sources.declaration.check import PLACEHOLDER
from klantbeeld.sources.declaration.model import Reading
from klantbeeld.sources.rules.mapping.expressions import compiled, kind_of
from klantbeeld.sources.rules.values import (
    DateReader,
    Unreadable,
    read_boolean,
    read_money,
    read_number,
    read_text,
)

Cells = Sequence[Any]
Getter = Callable[[Cells], Any]
Step = Callable[[Any], Any]
Condition = Callable[[Cells], bool]


@dataclass(slots=True)
class Places:
    """Where each column stands in the cells. With fixed columns, names that are not there are noted; else they grow."""

    columns: list[str]
    fixed: bool
    unknown: set[str]

    def of(self, column: str) -> int:
        """The place of a column."""
        if column in self.columns:
            return self.columns.index(column)
        if self.fixed:
            self.unknown.add(column)
            return 0
        self.columns.append(column)
        return len(self.columns) - 1


class Getters:
    """Compiles values and conditions over the cells that `places` describes."""

    def __init__(self, places: Places, reading: Reading) -> None:
        self._places = places
        self._reading = reading
        self._zone = ZoneInfo(reading.timezone)
        self._dates: dict[tuple[str, ...], DateReader] = {}
        # The moment of receipt, by which conditions know what day it is; the mapper sets it with every row.
        self.at = datetime.min.replace(tzinfo=UTC)

    def columns_of(self, spec: Any) -> str:
        """The column or columns that a value comes from, for people."""
        if isinstance(spec, str):
            return spec
        if "column" in spec:
            return str(spec["column"])
        if "columns" in spec:
            return ", ".join(spec["columns"])
        return ", ".join(PLACEHOLDER.findall(spec.get("template", "")))

    def value(self, spec: Any, kind: str = "text", choices: Sequence[str] = ()) -> Getter:
        """A value read as `kind` (a type of the catalogue); gives None when there is none, raises Unreadable."""
        if isinstance(spec, str):
            spec = {"column": spec}
        source = self._source(spec)
        steps = [*self._shaping(spec), *self._reading_as(spec.get("as", kind), spec, choices)]
        default = spec.get("default")
        if not steps and default is None:
            return source

        def get(cells: Cells) -> Any:
            value = source(cells)
            for step in steps:
                if value is None:
                    break
                value = step(value)
            return default if value is None else value

        return get

    def dates(self, spec: Any) -> DateReader:
        """The reader of dates for a value; one per list of patterns, so that it can remember."""
        patterns = tuple(spec.get("dates", self._reading.dates)) if isinstance(spec, Mapping) else self._reading.dates
        if patterns not in self._dates:
            self._dates[patterns] = DateReader(patterns, self._zone)
        return self._dates[patterns]

    def condition(self, spec: Any) -> Condition | None:
        """All of the conditions; None when there are none."""
        if spec is None:
            return None
        tests = [self._test(one) for one in (spec if isinstance(spec, list) else [spec])]
        return tests[0] if len(tests) == 1 else lambda cells: all(test(cells) for test in tests)

    def _expression(self, spec: dict[str, Any]) -> Condition:
        expression = compiled(spec)
        getters = [
            (name, self.value({**one, "as": kind_of(one)} if isinstance(one, dict) else one))
            for name, one in spec["columns"].items()
        ]
        zone = self._reading.timezone

        def holds(cells: Cells) -> bool:
            found: dict[str, Any] = {}
            for name, get in getters:
                try:
                    found[name] = get(cells)
                except Unreadable:
                    found[name] = None  # unknown; where the value is used it goes to quarantine
            return expression.holds(found, now=self.at, zone=zone)

        return holds

    def _test(self, spec: dict[str, Any]) -> Condition:
        if "expression" in spec:
            return self._expression(spec)
        place = self._places.of(spec["column"])
        if "empty" in spec:
            wanted = spec["empty"]
            return lambda cells: (cells[place] is None) == wanted
        equals = "equals" in spec
        compared = spec["equals" if equals else "differs"]
        texts = frozenset(_as_text(one) for one in (compared if isinstance(compared, list) else [compared]))
        return lambda cells: (cells[place] is not None and _as_text(cells[place]) in texts) == equals

    def _source(self, spec: dict[str, Any]) -> Getter:
        if "column" in spec:
            return itemgetter(self._places.of(spec["column"]))
        if "columns" in spec:
            places, join = [self._places.of(column) for column in spec["columns"]], spec.get("join", " ")
            return lambda cells: join.join([_as_text(cells[p]) for p in places if cells[p] is not None]) or None
        if "template" in spec:
            return self._template(spec["template"])
        constant = spec["constant"]
        return lambda cells: constant

    def _template(self, template: str) -> Getter:
        names = PLACEHOLDER.findall(template)
        places = [self._places.of(name) for name in names]
        pieces = PLACEHOLDER.split(template)[::2]

        def fill(cells: Cells) -> str | None:
            text = pieces[0]
            for place, piece in zip(places, pieces[1:], strict=True):
                if cells[place] is None:
                    return None
                text += _as_text(cells[place]) + piece
            return text

        return fill

    def _shaping(self, spec: dict[str, Any]) -> list[Step]:
        steps: list[Step] = []
        if "split" in spec:
            on, part = spec["split"]["on"], spec["split"]["part"]
            steps.append(lambda value: _part(_as_text(value), on, part))
        if "case" in spec:
            change = {"upper": str.upper, "lower": str.lower, "title": str.title}[spec["case"]]
            steps.append(lambda value: change(_as_text(value)))
        if "map" in spec:
            steps.append(_mapped(spec["map"], spec))
        return steps

    def _reading_as(self, kind: str, spec: dict[str, Any], choices: Sequence[str]) -> list[Step]:
        decimal = spec.get("decimal", self._reading.decimal)
        match kind:
            case "date":
                return [self.dates(spec).date]
            case "moment":
                reader = self.dates(spec)
                return [lambda value: reader.moment(value).isoformat()]
            case "number":
                return [lambda value: read_number(value, decimal)]
            case "money":
                return [lambda value: read_money(value, decimal)]
            case "boolean":
                return [read_boolean]
            case "choice" if choices:
                return [read_text, _chosen(frozenset(choices))]
            case _:
                return [read_text] if not self._places.fixed or "constant" in spec else []


def _as_text(value: Any) -> str:
    return value if type(value) is str else read_text(value)


def _part(text: str, on: str, part: int) -> str | None:
    parts = text.split(on)
    index = part - 1 if part > 0 else part
    try:
        return parts[index].strip() or None
    except IndexError:
        return None


def _mapped(known: Mapping[str, Any], spec: Mapping[str, Any]) -> Step:
    has_otherwise, otherwise = "otherwise" in spec, spec.get("otherwise")

    def translate(value: Any) -> Any:
        text = _as_text(value)
        if text in known:
            return known[text]
        if has_otherwise:
            return otherwise
        wanted = ", ".join(list(known)[:20])
        raise Unreadable("map.unknown", text, f"staat niet in `map`: {wanted}", f"not in `map`: {wanted}")

    return translate


def _chosen(choices: frozenset[str]) -> Step:
    def check(value: str) -> str:
        if value in choices:
            return value
        wanted = ", ".join(sorted(choices)[:20])
        raise Unreadable("choice.unknown", value, f"geen van: {wanted}", f"none of: {wanted}")

    return check
