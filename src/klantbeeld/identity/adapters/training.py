"""Training the engine's model on stored records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pyarrow as pa

from klantbeeld.engines import matching
from klantbeeld.engines.matching import Field, Model, Schema
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity.adapters.engine import USUAL_TEMPLATES, default_model
from klantbeeld.identity.rules.evidence_fields import SCHEMES, schema_of, values_of
from klantbeeld.sources.contracts import Kind, StoredRecord

FEWEST = 1000
"""Fewer records than this teach nothing that general experience does not know better."""

SEVERAL = 3
"""Values that are learned from, of attributes that may have more."""


def learn(
    kind: Kind,
    records: Sequence[StoredRecord],
    secret: bytes,
    precision: float,
    progress: Callable[[str, float], None] | None,
) -> Model:
    """A model of one kind of party; it makes the same few kinds of key as the default one."""
    specs = attributes(kind.code)
    schemes = {number.scheme for record in records for number in record.identifiers if number.of == kind.code}
    if len(records) < FEWEST:
        return default_model(kind, {*SCHEMES, *schemes})
    rows = [values_of(record, specs) for record in records]
    base = schema_of(kind, specs, {*SCHEMES, *schemes})
    table, schema = _as_table(rows, base)
    model = matching.train(table, schema, precision=precision, key=secret, progress=progress)
    kept = tuple(t for t in USUAL_TEMPLATES if t in model.templates)
    ids = tuple(t for t in model.templates if t.startswith("ids."))
    # The schema without the extra columns: a record's further values come as lists, and mean the same.
    return replace(model, schema=base, templates=ids + kept)


def _as_table(rows: Sequence[dict[str, object]], base: Schema) -> tuple[pa.Table, Schema]:
    """Columns of text; a further column for each further value."""
    fields: list[Field] = []
    columns: dict[str, list[str | None]] = {}
    for field in base.fields:
        several = [row.get(field.name) for row in rows]
        lists = [one if isinstance(one, list) else [] if one is None else [one] for one in several]
        for place in range(min(SEVERAL, max(map(len, lists), default=0) or 1)):
            name = field.name if place == 0 else f"{field.name}~{place}"
            group = f"{field.group}~{place}" if place and field.group else field.group
            fields.append(replace(field, name=name, group=group, scheme=field.scheme))
            columns[name] = [str(values[place]) if len(values) > place and values[place] else None for values in lists]
    columns[base.source] = [str(row["source"]) for row in rows]
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return table, replace(base, fields=tuple(fields))
