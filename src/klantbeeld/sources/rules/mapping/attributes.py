"""Compiles attributes: one value, several values with role and period, addresses, and lists such as order lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klantbeeld.sources.declaration.check import AttributeSpec
from klantbeeld.sources.rules.addresses import split_line
from klantbeeld.sources.rules.mapping.getters import Cells, Condition, Getter, Getters
from klantbeeld.sources.rules.values import Unreadable

Refuse = Callable[[str, Unreadable], None]
"""Called with the column and what is wrong with its value."""
Lists = Mapping[str, Sequence[Cells]]
Attribute = Callable[[Cells, Lists, Refuse], Any]
ListGetters = Callable[[str], Getters]
"""Path of a list inside the row -> the getters over its items."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One of several values: what it is, and the role and period under which it holds."""

    value: Attribute
    role: str
    from_date: Getter | None
    to_date: Getter | None
    when: Condition | None
    column: str


class Attributes:
    """Compiles the attributes of one record."""

    def __init__(self, getters: Getters, lists: ListGetters) -> None:
        self._getters = getters
        self._lists = lists

    def compile(self, spec: Any, known: AttributeSpec | None) -> Attribute:
        """A function (cells, lists, refuse) -> the value as it is stored, or None."""
        if isinstance(spec, dict) and "each" in spec:
            return self._listed(spec)
        several = isinstance(spec, list) or (known.many if known is not None else _is_group(spec))
        if not several:
            return self._single(spec, known)
        items = [self._item(one, known) for one in (spec if isinstance(spec, list) else [spec])]
        return lambda cells, lists, refuse: _collect(items, cells, lists, refuse)

    def _single(self, spec: Any, known: AttributeSpec | None) -> Attribute:
        if _is_group(spec):
            return self._group(spec["fields"])
        choices = [_code(choice) for choice in known.choices] if known is not None else []
        kind = known.type if known is not None else "text"
        get = self._getters.value(spec, kind, choices)
        column = self._getters.columns_of(spec)
        when = self._getters.condition(spec.get("when")) if isinstance(spec, dict) else None
        if kind == "address":
            return _line_of(get, column)

        def value(cells: Cells, lists: Lists, refuse: Refuse) -> Any:
            if when is not None and not when(cells):
                return None
            try:
                return get(cells)
            except Unreadable as wrong:
                refuse(column, wrong)
                return None

        return value

    def _item(self, spec: Any, known: AttributeSpec | None) -> _Item:
        rest = spec if isinstance(spec, dict) else {}
        day = {name: self._getters.value(rest[name], "date") for name in ("from", "to") if name in rest}
        return _Item(
            value=self._single(spec, known),
            role=rest.get("role", ""),
            from_date=day.get("from"),
            to_date=day.get("to"),
            when=self._getters.condition(rest.get("when")),
            column=", ".join(self._getters.columns_of(rest[name]) for name in day),
        )

    def _group(self, fields: Mapping[str, Any]) -> Attribute:
        getters = [
            (name, self._getters.value(spec), self._getters.columns_of(spec), _is_constant(spec))
            for name, spec in fields.items()
        ]

        def value(cells: Cells, lists: Lists, refuse: Refuse) -> Any:
            found: dict[str, Any] = {}
            filled = False
            for name, get, column, constant in getters:
                try:
                    part = get(cells)
                except Unreadable as wrong:
                    refuse(column, wrong)
                    continue
                if part is not None:
                    found[name] = part
                    filled = filled or not constant
            if not filled:
                return None
            line = found.pop("line", None)
            return {**split_line(line), **found} if line else found

        return value

    def _listed(self, spec: Mapping[str, Any]) -> Attribute:
        path = spec["each"]
        over = self._lists(path)
        getters = [(name, over.value(one), over.columns_of(one)) for name, one in spec["fields"].items()]

        def value(cells: Cells, lists: Lists, refuse: Refuse) -> Any:
            rows = []
            for item in lists.get(path, ()):
                row = {}
                for name, get, column in getters:
                    try:
                        part = get(item)
                    except Unreadable as wrong:
                        refuse(f"{path}.{column}", wrong)
                        continue
                    if part is not None:
                        row[name] = part
                if row:
                    rows.append(row)
            return rows or None

        return value


def _collect(items: Sequence[_Item], cells: Cells, lists: Lists, refuse: Refuse) -> list[dict[str, Any]] | None:
    found = []
    for item in items:
        if item.when is not None and not item.when(cells):
            continue
        value = item.value(cells, lists, refuse)
        if value is None:
            continue
        entry = {"value": value}
        if item.role:
            entry["role"] = item.role
        for name, get in (("from", item.from_date), ("to", item.to_date)):
            if get is not None:
                try:
                    day = get(cells)
                except Unreadable as wrong:
                    refuse(item.column, wrong)
                    continue
                if day is not None:
                    entry[name] = day
        found.append(entry)
    return found or None


def _line_of(get: Getter, column: str) -> Attribute:
    """A whole address in one column."""

    def value(cells: Cells, lists: Lists, refuse: Refuse) -> Any:
        try:
            line = get(cells)
        except Unreadable as wrong:
            refuse(column, wrong)
            return None
        return split_line(str(line)) if line else None

    return value


def _is_group(spec: Any) -> bool:
    return isinstance(spec, dict) and "fields" in spec and "each" not in spec


def _is_constant(spec: Any) -> bool:
    return isinstance(spec, dict) and "constant" in spec


def _code(choice: Any) -> str:
    return str(choice if isinstance(choice, str) else choice[0])
