"""Find by any number, in any notation."""

from __future__ import annotations

from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity.contracts import NumberHit
from klantbeeld.identity.hashing import hash_form, match_key
from klantbeeld.identity.rules.numbers import Reading, carried_by, how, readings_of
from klantbeeld.identity.rules.pairs import FIND_FROM
from klantbeeld.identity.tables.wire import numbers, run
from klantbeeld.sources.contracts import State, StoredRecord
from klantbeeld.sources.queries import load_records

MOST_HITS = 200
"""A number that more records carry than this is no number to find somebody by; the first so many are given."""


def find_by_number(text: str) -> list[NumberHit]:
    """Live records that carry this number, however it is written; in order of record id, none when it is no number.

    Reads `text` in every way that makes sense (phone, e-mail, postcode and house number, any other number), looks the
    keyed hashes up in the key table, and checks every hit against the record's own value.
    """
    readings = {reading.form: reading for reading in readings_of(text)}
    if not readings:
        return []
    secret = match_key()
    found = run(
        """SELECT record_id FROM unnest(%s::int8[]) AS u(k) CROSS JOIN LATERAL (
             SELECT m.record_id FROM identity_matchkey m WHERE m.key = u.k AND m.type = %s::int2 LIMIT %s) h
           GROUP BY record_id ORDER BY record_id LIMIT %s""",
        (numbers(hash_form(form, secret) for form in readings), FIND_FROM, MOST_HITS, MOST_HITS),
    ).fetchall()
    hits: list[NumberHit] = []
    for record in load_records([row[0] for row in found]):
        if record.state is State.LIVE:
            hits += _hits(record, readings, text)
    return hits


def _hits(record: StoredRecord, readings: dict[str, Reading], text: str) -> list[NumberHit]:
    types = {code: spec.type for code, spec in attributes(record.kind.code).items()}
    return [
        NumberHit(record.id, int(record.kind), one.scheme, one.value, one.of, how(readings[one.form], one, text))
        for one in carried_by(record, types)
        if one.form in readings
    ]
