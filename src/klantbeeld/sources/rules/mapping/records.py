"""Compiles one record of a declaration: cells of a row in, a draft out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from klantbeeld.sources.contracts import Draft, Identifier, Kind, Reference, RoleDraft
from klantbeeld.sources.declaration.check import Catalogue
from klantbeeld.sources.rules.mapping.attributes import Attribute, Attributes, ListGetters, Refuse
from klantbeeld.sources.rules.mapping.getters import Cells, Condition, Getter, Getters
from klantbeeld.sources.rules.mapping.rows import Row
from klantbeeld.sources.rules.values import Unreadable, read_day

ID_LIMIT = 200
KindGetter = Callable[[Cells], Kind]
ReferenceGetter = Callable[[Cells], Reference | None]


class RecordRefused(Exception):  # noqa: N818
    """The record cannot be kept; `column` and `wrong` say why."""

    def __init__(self, column: str, wrong: Unreadable) -> None:
        super().__init__(wrong.reason)
        self.column = column
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class _Identifier:
    scheme: str
    get: Getter
    of: str
    when: Condition | None
    column: str


@dataclass(frozen=True, slots=True)
class _Role:
    role: Getter
    holder: ReferenceGetter | None
    target: ReferenceGetter | None
    from_date: Getter | None
    to_date: Getter | None
    when: Condition | None
    column: str


class RecordMapper:
    """Makes the draft of one record of the declaration from the cells of a row."""

    def __init__(self, spec: dict[str, Any], getters: Getters, lists: ListGetters, catalogue: Catalogue | None) -> None:
        self._getters = getters
        self._kind, kinds = _kind_getter(getters, spec["kind"])
        self._when = getters.condition(spec.get("when"))
        self._external_id = getters.value(spec["external_id"])
        self._id_column = getters.columns_of(spec["external_id"])
        self._source_at = getters.value({**_long(spec["source_at"]), "as": "text"}) if "source_at" in spec else None
        self._moments = getters.dates(spec.get("source_at"))
        self._at_column = getters.columns_of(spec.get("source_at", ""))
        self._gone = getters.condition(spec.get("gone"))
        known = {code: one for kind in kinds for code, one in (catalogue or {}).get(kind.code, {}).items()}
        compiler = Attributes(getters, lists)
        self._attributes: list[tuple[str, Attribute]] = [
            (code, compiler.compile(one, known.get(code))) for code, one in spec.get("attributes", {}).items()
        ]
        self._identifiers = [self._identifier(one) for one in spec.get("identifiers", ())]
        self._roles = [self._role(one) for one in spec.get("roles", ())]

    def map(self, row: Row, refuse: Refuse, latest: datetime) -> Draft | None:
        """The draft; None when the row does not carry this record. Raises RecordRefused."""
        cells, lists = row.cells, row.lists
        if self._when is not None and not self._when(cells):
            return None
        kind = self._kind(cells)
        external_id = self._id(cells)
        me = Reference(kind, external_id)
        attributes = {}
        for code, get in self._attributes:
            value = get(cells, lists, refuse)
            if value is not None:
                attributes[code] = value
        return Draft(
            kind,
            external_id,
            attributes,
            self._identifiers_of(cells, kind, refuse) if self._identifiers else (),
            self._roles_of(cells, me, refuse) if self._roles else (),
            self._moment(cells, latest) if self._source_at is not None else None,
            self._gone is not None and self._gone(cells),
            row.raw,
            row.position,
        )

    def _id(self, cells: Cells) -> str:
        try:
            value = self._external_id(cells)
        except Unreadable as wrong:
            raise RecordRefused(self._id_column, wrong) from wrong
        if value is None:
            raise RecordRefused(
                self._id_column,
                Unreadable("external_id.missing", "", "de rij heeft geen eigen nummer", "the row has no id of its own"),
            )
        text = value if type(value) is str else str(value)
        if len(text) > ID_LIMIT:
            raise RecordRefused(
                self._id_column,
                Unreadable("external_id.too_long", text[:200], "langer dan 200 tekens", "longer than 200 characters"),
            )
        return text

    def _moment(self, cells: Cells, latest: datetime) -> datetime | None:
        assert self._source_at is not None  # noqa: S101
        try:
            text = self._source_at(cells)
            moment = None if text is None else self._moments.moment(text)
        except Unreadable as wrong:
            raise RecordRefused(self._at_column, wrong) from wrong
        if moment is not None and moment > latest:
            ahead = Unreadable(
                "moment.future", text, "meer dan 24 uur in de toekomst", "more than 24 hours in the future"
            )
            raise RecordRefused(self._at_column, ahead)
        return moment

    def _identifiers_of(self, cells: Cells, kind: Kind, refuse: Refuse) -> tuple[Identifier, ...]:
        found = []
        for one in self._identifiers:
            if one.when is not None and not one.when(cells):
                continue
            try:
                value = one.get(cells)
            except Unreadable as wrong:
                refuse(one.column, wrong)
                continue
            if value is not None:
                found.append(Identifier(one.scheme, value if type(value) is str else str(value), one.of or kind.code))
        return tuple(found)

    def _roles_of(self, cells: Cells, me: Reference, refuse: Refuse) -> tuple[RoleDraft, ...]:
        found = []
        for one in self._roles:
            if one.when is not None and not one.when(cells):
                continue
            try:
                role = one.role(cells)
                holder = me if one.holder is None else one.holder(cells)
                target = me if one.target is None else one.target(cells)
                if role is None or holder is None or target is None:
                    continue
                first = one.from_date(cells) if one.from_date else None
                last = one.to_date(cells) if one.to_date else None
            except Unreadable as wrong:
                refuse(one.column, wrong)
                continue
            found.append(
                RoleDraft(
                    role,
                    holder,
                    target,
                    read_day(first, last=False) if first else None,
                    read_day(last, last=True) if last else None,
                )
            )
        return tuple(found)

    def _identifier(self, spec: dict[str, Any]) -> _Identifier:
        getters = self._getters
        return _Identifier(
            scheme=spec["scheme"],
            get=getters.value(spec["value"]),
            of=spec.get("of", ""),
            when=getters.condition(spec.get("when")),
            column=getters.columns_of(spec["value"]),
        )

    def _role(self, spec: dict[str, Any]) -> _Role:
        getters = self._getters
        role = spec["role"]
        dates = {name: getters.value(spec[name], "date") for name in ("from", "to") if name in spec}
        columns = [getters.columns_of(spec[name]) for name in dates]
        if isinstance(role, dict):
            columns.insert(0, getters.columns_of(role))
        return _Role(
            role=getters.value(role if isinstance(role, dict) else {"constant": role}),
            holder=self._reference(spec["holder"]) if "holder" in spec else None,
            target=self._reference(spec["target"]) if "target" in spec else None,
            from_date=dates.get("from"),
            to_date=dates.get("to"),
            when=getters.condition(spec.get("when")),
            column=", ".join(columns),
        )

    def _reference(self, spec: dict[str, Any]) -> ReferenceGetter:
        kind_of, _ = _kind_getter(self._getters, spec["kind"])
        get, source = self._getters.value(spec["external_id"]), spec.get("source", "")

        def reference(cells: Cells) -> Reference | None:
            value = get(cells)
            if value is None:
                return None
            text = value if type(value) is str else str(value)
            if len(text) > ID_LIMIT:
                raise Unreadable(
                    "reference.too_long", text[:200], "langer dan 200 tekens", "longer than 200 characters"
                )
            return Reference(kind_of(cells), text, source)

        return reference


def _kind_getter(getters: Getters, spec: Any) -> tuple[KindGetter, list[Kind]]:
    kinds = {kind.code: kind for kind in Kind}
    if isinstance(spec, str):
        fixed = kinds[spec]
        return (lambda cells: fixed), [fixed]
    get, column = getters.value(spec), getters.columns_of(spec)

    def kind(cells: Cells) -> Kind:
        try:
            text = get(cells)
            if text not in kinds:
                wanted = ", ".join(kinds)
                raise Unreadable("kind.unknown", text, f"geen soort: {wanted}", f"not a kind: {wanted}")
        except Unreadable as wrong:
            raise RecordRefused(column, wrong) from wrong
        return kinds[text]

    named = {*(spec.get("map") or {}).values(), spec.get("otherwise"), spec.get("default")}
    return kind, [one for code, one in kinds.items() if code in named] or list(Kind)


def _long(spec: Any) -> dict[str, Any]:
    return {"column": spec} if isinstance(spec, str) else spec
