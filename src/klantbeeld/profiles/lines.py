"""Golden records as lines for COPY; that of a customer with one record can be made before the record has an id.

The record's id then stands as NUL in the line, which neither JSON nor any column of it can hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from klantbeeld.foundation.wire import escaped, escaped_json
from klantbeeld.profiles.contracts import RECORD_ID, Alone
from klantbeeld.profiles.rules import columns, golden
from klantbeeld.profiles.rules.claims import Witness
from klantbeeld.profiles.rules.columns import Columns
from klantbeeld.profiles.rules.golden import Spec, Statement
from klantbeeld.sources.contracts import Kind

COLUMNS = (
    "customer_id, kind, version, golden, name, sort_name, city, postcode, birth_date, sources, records, tokens,"
    " changed_at"
)
encode = msgspec.json.Encoder().encode
_UNKNOWN: Any = msgspec.Raw(RECORD_ID)


def alone(kind: Kind, source: int, attributes: Mapping[str, Any], specs: Mapping[str, Spec], at: datetime) -> Alone:
    """What a record makes of a customer that has no other; `source`: its source, `at`: any moment."""
    statement = Statement(Witness(0, "", source, "", 0, False, at), attributes)
    values, spelled = golden.alone(specs, statement)
    made = columns.derive(kind, values, spelled, [statement])
    for winners in values.values():
        for winner in winners:
            winner["record"] = _UNKNOWN
    return Alone(line(kind, 1, values, made), " ".join(made.tokens))


def line(kind: int, version: int, values: golden.Golden, made: Columns) -> bytes:
    """All of a line between the customer's id and the moment."""
    texts = "\t".join(map(escaped, (made.name, made.sort_name, made.city, made.postcode, made.birth_date)))
    sources = ",".join(map(str, made.sources))
    rest = f"\t{texts}\t{{{sources}}}\t{made.records}\t{_array(made.tokens)}\t"
    return b"%d\t%d\t%s%s" % (kind, version, escaped_json(encode(values)), rest.encode())


def _array(words: Sequence[str]) -> str:
    """Words, which are letters and digits only, as an array; in quotes, because one of them may be `null`."""
    return '{"' + '","'.join(words) + '"}' if words else "{}"
