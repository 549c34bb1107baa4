"""The figures of a run: the content of report.json, and all that report.html shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.cli.language import LANGUAGES
from klantbeeld.cli.resolve.combine import SOURCE, Combined, Input
from klantbeeld.cli.resolve.texts import say
from klantbeeld.engines.files import REFUSALS
from klantbeeld.engines.matching import Quality, Resolution, quality

FORMAT = 1
CLASSES = ("match", "household", "namesake", "random")
BIN = 1.0
WEIGHT_SPAN = (-20.0, 45.0)  # weights beyond fall in the outermost bin


def make_figures(
    combined: Combined,
    resolution: Resolution,
    *,
    truth_name: str | None,
    explanations: Sequence[Mapping[str, Any]],
    seconds: Mapping[str, float],
    guessed: bool,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Return all figures as JSON values; shares are 0..1, durations in seconds, `made_at` in UTC."""
    return {
        "format": FORMAT,
        "klantbeeld": version("klantbeeld"),
        "made_at": (at or datetime.now(UTC)).isoformat(timespec="seconds"),
        "counts": _counts(combined, resolution),
        "quality": _quality(combined, resolution, truth_name),
        "thresholds": thresholds(resolution),
        "sizes": {
            "customer_id": _sizes(resolution.customer_id),
            "suggested_id": _sizes(resolution.suggested_id),
        },
        "weights": _weights(resolution.links),
        "sources": _sources(combined, resolution),
        "overlap": _overlap(combined, resolution),
        "explanations": list(explanations),
        "files": [_file(file, guessed) for file in combined.inputs],
        "matching": _plain(resolution.report),
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }


def thresholds(resolution: Resolution) -> dict[str, float | None]:
    """Return the weights from which pairs are joined (customer) and offered for review (suggested)."""
    found = resolution.report.get("thresholds", {})
    return {name: (float(found[name]) if found.get(name) is not None else None) for name in ("customer", "suggested")}


def review_pairs(resolution: Resolution) -> np.ndarray:
    """Return which links a person is asked about: one suggested customer, but two customers now."""
    left, right = (resolution.links[side].to_numpy() for side in ("left", "right"))
    together = resolution.suggested_id[left] == resolution.suggested_id[right]
    return np.asarray(together & (resolution.customer_id[left] != resolution.customer_id[right]))


def _counts(combined: Combined, resolution: Resolution) -> dict[str, Any]:
    # Two records in review are perhaps one person, and do not make a household of two. A group is named by its first
    # record, and a suggested customer is never in two households.
    rows = np.arange(combined.table.num_rows)
    sizes = np.bincount(resolution.household_id[resolution.suggested_id == rows])
    compared = resolution.report.get("candidate_pairs")
    return {
        "records": combined.table.num_rows,
        "customers": int((resolution.customer_id == rows).sum()),
        "suggested": int((resolution.suggested_id == rows).sum()),
        "households": int((sizes > 1).sum()),
        "review_pairs": int(review_pairs(resolution).sum()),
        "links": resolution.links.num_rows,
        "pairs": int(compared) if isinstance(compared, int | float) else None,
        "refused": sum(file.refusals.count for file in combined.inputs),
    }


def _quality(combined: Combined, resolution: Resolution, name: str | None) -> dict[str, Any] | None:
    """Compare both partitions with the truth, over the records whose truth is known."""
    if combined.truth is None or name is None:
        return None
    known = combined.truth >= 0
    found = {
        part: _measures(quality(ids[known], combined.truth[known]))
        for part, ids in (("customer_id", resolution.customer_id), ("suggested_id", resolution.suggested_id))
    }
    return {"column": name, "records": int(known.sum()), "entities": len(np.unique(combined.truth[known])), **found}


def _measures(found: Quality) -> dict[str, dict[str, float]]:
    parts = {"pairwise": "", "cluster": "exact_", "b_cubed": "bcubed_"}
    return {
        name: {part: round(getattr(found, prefix + part), 5) for part in ("precision", "recall", "f1")}
        for name, prefix in parts.items()
    }


def _sizes(ids: np.ndarray) -> list[list[int]]:
    """Return [records per customer, customers of that size] in order of size."""
    times = np.bincount(np.bincount(ids))
    return [[size, time] for size, time in enumerate(times.tolist()) if size and time]


def _weights(links: pa.Table) -> dict[str, Any]:
    if links.num_rows == 0:
        return {"edges": [], "by_class": {}}
    weights = np.clip(links["weight"].to_numpy(), *WEIGHT_SPAN)
    low, high = np.floor(weights.min()), np.floor(weights.max()) + 1
    edges = np.arange(low, high + BIN / 2, BIN)
    class_of = classes_of(links)
    by_class = {name: np.histogram(weights[class_of == place], edges)[0].tolist() for place, name in enumerate(CLASSES)}
    return {"edges": edges.tolist(), "by_class": by_class}


def classes_of(links: pa.Table) -> np.ndarray:
    """Return the class of every link as its place in CLASSES."""
    coded = links["class"].combine_chunks()
    coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
    place = np.array([CLASSES.index(name) for name in coded.dictionary.to_pylist()], dtype=np.int64)
    return place[coded.indices.to_numpy()] if len(place) else np.zeros(0, np.int64)


def _sources(combined: Combined, resolution: Resolution) -> list[dict[str, Any]]:
    names, index = source_index(combined)
    owner = np.unique(resolution.customer_id, return_inverse=True)[1]
    pairs = np.unique(owner * len(names) + index)
    held_by = np.bincount(pairs // len(names))
    return [
        {
            "name": name,
            "records": int((index == number).sum()),
            "customers": int((pairs % len(names) == number).sum()),
            "double": int((index == number).sum() - (pairs % len(names) == number).sum()),
            "only_here": int((held_by[pairs[pairs % len(names) == number] // len(names)] == 1).sum()),
            "filled": _filled(combined, index == number),
        }
        for number, name in enumerate(names)
    ]


def source_index(combined: Combined) -> tuple[list[str], np.ndarray]:
    """Return the names of the sources, and per record which one it came from."""
    coded = combined.table[SOURCE].combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), np.asarray(coded.indices.to_numpy(), dtype=np.int64)


def _filled(combined: Combined, mask: np.ndarray) -> dict[str, float | None]:
    """Return the share of a source's records that have a value, per field; None where it has none at all."""
    rows = int(mask.sum())
    shares: dict[str, float | None] = {}
    for field in combined.fields:
        filled = int((pc.is_valid(combined.table[field]).to_numpy() & mask).sum())
        shares[field] = round(filled / rows, 5) if filled else None
    return shares


def _overlap(combined: Combined, resolution: Resolution) -> dict[str, Any]:
    """Count the customers that each two sources share; on the diagonal the customers of a source."""
    names, index = source_index(combined)
    owner, customers = np.unique(resolution.customer_id, return_inverse=True)
    held = np.zeros((len(owner), len(names)), dtype=bool)
    held[customers, index] = True
    shared = held.astype(np.int64).T @ held.astype(np.int64)
    return {"sources": names, "customers": shared.tolist()}


def _file(file: Input, guessed: bool) -> dict[str, Any]:
    opened, mapping = file.opened, file.mapping
    sample = opened.sample
    roles = [("record_id", mapping.record_id), ("source", mapping.source_column), ("updated_at", mapping.updated_at)]
    named = opened.dialect is None or opened.dialect.header
    key = "by_name" if named else "by_values"
    reason = {language: say(key, language) for language in LANGUAGES} if guessed else {}
    columns: list[dict[str, Any]] = [
        {"column": column, "type": role, "scheme": "", "reason": reason, "filled": _share(sample, column)}
        for role, column in roles
        if column
    ]
    columns += [
        {
            "column": column.column,
            "type": column.type,
            "scheme": column.scheme,
            "reason": dict(column.reason),
            "filled": _share(sample, column.column),
        }
        for column in mapping.columns
    ]
    return {
        "name": file.name,
        "form": opened.form,
        "encoding": opened.encoding.label if opened.encoding else None,
        "delimiter": opened.dialect.delimiter_label if opened.dialect else None,
        "rows": file.rows,
        "record_id": mapping.record_id or None,
        "refused": {
            "count": file.refusals.count,
            "by_reason": dict(file.refusals.by_reason),
            "first": [
                {"line": r.line, "reason": dict(REFUSALS[r.reason]), "column": r.column, "excerpt": r.excerpt}
                for r in file.refusals.rows
            ],
        },
        "notes": [dict(note) for note in file.notes],
        "columns": columns,
    }


def _share(sample: pa.Table, column: str) -> float | None:
    if column not in sample.column_names or sample.num_rows == 0:
        return None
    return round(1 - sample[column].null_count / sample.num_rows, 4)


def _plain(value: Any) -> Any:
    """Turn numpy numbers and tuples into JSON values; what is not a number becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
