"""The order of record keys: ties are broken by it, so that results do not depend on the order of rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.engines.matching.fields import Schema

WORDS = 4
"""Keys are sorted as numbers of eight bytes when so many hold what is behind the start that all share."""


def key_order(table: pa.Table, schema: Schema) -> np.ndarray:
    """The rows of a table in the order of their record keys (as bytes); as they are without a key.

    Raises ValueError for keys that are empty or not unique.
    """
    if not schema.record_key:
        return np.arange(table.num_rows)
    keys = pc.cast(table.column(schema.record_key), pa.large_string()).combine_chunks()
    if isinstance(keys, pa.ChunkedArray):
        keys = pa.concat_arrays(keys.chunks) if keys.num_chunks else pa.array([], pa.large_string())
    numbers = None if keys.null_count or not len(keys) else _as_numbers(keys)
    if numbers is None:
        order = pc.sort_indices(keys).to_numpy()
        unique = not keys.null_count and len(pc.unique(keys)) == len(keys)
    else:
        order = np.lexsort(numbers[::-1]) if len(numbers) > 1 else np.argsort(numbers[0], kind="stable")
        unique = not np.logical_and.reduce([n[order[1:]] == n[order[:-1]] for n in numbers]).any()
    if not unique:
        raise ValueError(f"Column {schema.record_key!r} is the record key, but it has empty or repeated values")
    return order


def _as_numbers(keys: pa.Array) -> list[np.ndarray] | None:
    """Keys as numbers that sort alike, the most significant first; None when they are too long or hold a NUL."""
    ends = pc.min_max(pc.cast(keys, pa.large_binary()))
    low, high = ends["min"].as_py(), ends["max"].as_py()
    prefix = next((k for k, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    _, starts, held = keys.buffers()
    start = np.frombuffer(starts, np.int64)[keys.offset : keys.offset + len(keys) + 1]
    data = np.frombuffer(held or b"\0", np.uint8)
    lengths = np.diff(start) - prefix
    width = -(-int(lengths.max(initial=0)) // 8) or 1
    if width > WORDS or (data[start[0] : start[-1]] == 0).any():
        return None
    numbers = []
    for word in range(width):
        number = np.zeros(len(keys), np.uint64)
        for byte in range(8):
            place = 8 * word + byte
            some = lengths > place
            letter = np.zeros(len(keys), np.uint64)
            letter[some] = data[start[:-1][some] + prefix + place]
            number = (number << np.uint64(8)) | letter
        numbers.append(number)
    return numbers
