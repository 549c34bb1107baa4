"""Features of many records as codes: the same as `rows.encode_features`, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from klantbeeld.engines.matching.columns import Encoded
from klantbeeld.engines.matching.normalise.record import ADDRESS_PARTS
from klantbeeld.engines.matching.pool import Codes, Pool

Column = tuple[list[int], list[int]]
"""Rows, and the codes in them."""


def encode_batch(features: Sequence[Mapping[str, Any]]) -> Encoded:
    """Codes of the atoms of records; the texts are numbered in the order in which they are met."""
    pool = Pool()
    columns: dict[str, Column] = {}
    for row, record in enumerate(features):
        for name, value in record.items():
            if type(value) is str:
                _put(pool, columns, name, row, value)
            elif name == "addresses":
                for slot, place in enumerate(value):
                    for atom, text in zip(_address_atoms(slot), place, strict=True):
                        if text:
                            _put(pool, columns, atom, row, text)
            elif type(value) is list:
                for slot, text in enumerate(value):
                    _put(pool, columns, _slot_atom(name, slot), row, text)
            else:
                for key, several in value.items():
                    for slot, text in enumerate(several):
                        _put(pool, columns, _keyed_atom(name, key, slot), row, text)
    return Encoded(len(features), pool, {atom: _codes(column, len(features)) for atom, column in columns.items()})


def _put(pool: Pool, columns: dict[str, Column], atom: str, row: int, text: str) -> None:
    code = pool.index.get(text)
    if code is None:
        code = pool.code(text)
    column = columns.get(atom)
    if column is None:
        column = columns[atom] = ([], [])
    column[0].append(row)
    column[1].append(code)


def _codes(column: Column, n: int) -> Codes:
    codes = np.full(n, -1, np.int32)
    codes[column[0]] = column[1]
    return codes


@lru_cache(maxsize=64)
def _address_atoms(slot: int) -> tuple[str, ...]:
    return tuple(f"addresses.{slot}.{part}" for part in ADDRESS_PARTS)


@lru_cache(maxsize=256)
def _slot_atom(name: str, slot: int) -> str:
    return f"{name}#{slot}"


@lru_cache(maxsize=1_024)
def _keyed_atom(name: str, key: str, slot: int) -> str:
    return f"{name}.{key}#{slot}"
