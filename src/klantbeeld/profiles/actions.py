"""Writing golden records: a projection of records, recomputed whenever a customer's records change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from django.db import transaction

from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.foundation.wire import copy, is_together, numbers, run, texts
from klantbeeld.identity.contracts import Change, What
from klantbeeld.profiles.contracts import Alone, Projected
from klantbeeld.profiles.lines import COLUMNS, alone, encode, line
from klantbeeld.profiles.rules import columns, golden, search
from klantbeeld.profiles.rules.columns import Columns
from klantbeeld.profiles.statements import statements_of
from klantbeeld.sources.contracts import Encoded, Kind

MANY = 100
"""From so many customers on COPY is worth a round trip of its own: such a projection goes outside `together`."""

Row = tuple[int, int, int, dict[str, Any], Columns]  # customer, kind, version, golden, columns
_STORE = """
INSERT INTO profiles_profile (customer_id, kind, version, golden, name, sort_name, city, postcode, birth_date, sources,
  records, tokens, changed_at)
SELECT id, kind, version, golden::jsonb, name, sort_name, city, postcode, birth_date,
  string_to_array(sources, ' ')::bigint[], records, string_to_array(tokens, ' '), %s::timestamptz
FROM unnest(%s::bigint[], %s::smallint[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
  %s::text[], %s::text[], %s::int[], %s::text[])
  AS t(id, kind, version, golden, name, sort_name, city, postcode, birth_date, sources, records, tokens)
ON CONFLICT (customer_id) DO UPDATE SET (kind, version, golden, name, sort_name, city, postcode, birth_date, sources,
  records, tokens, changed_at) = (excluded.kind, excluded.version, excluded.golden, excluded.name, excluded.sort_name,
  excluded.city, excluded.postcode, excluded.birth_date, excluded.sources, excluded.records, excluded.tokens,
  excluded.changed_at)
"""
_STANDING = """
SELECT customer_id, version, golden::text, name, sort_name, city, postcode, birth_date, sources, records, tokens
FROM profiles_profile WHERE customer_id = ANY(%s::bigint[])
"""


class Standing(NamedTuple):
    """The golden record that is in force before projecting."""

    version: int
    golden: dict[str, Any]
    columns: tuple[Any, ...]


_ready: ContextVar[Mapping[int, Alone]] = ContextVar("ready_profiles", default=MappingProxyType({}))


def prepare(
    drafts: Sequence[Encoded], source_id: int, kinds: Mapping[str, Mapping[str, AttributeSpec]], at: datetime
) -> list[Alone | None]:
    """The golden record that each draft would make by itself, under this catalogue; None for no party or one gone.

    It asks no database. `at`: any moment.
    """
    return [
        None if one.gone or not one.kind.is_party
        else alone(one.kind, source_id, one.attributes, kinds.get(one.kind.code, {}), at)
        for one in drafts
    ]  # fmt: skip


@contextmanager
def prepared(ready: Mapping[int, Alone]) -> Iterator[None]:
    """Within, new customers that have one of these records (by id) and no other get what was prepared."""
    token = _ready.set(ready)
    try:
        yield
    finally:
        _ready.reset(token)


def project(*, changes: Iterable[Change], at: datetime) -> list[Projected]:
    """Compute the golden records of changed customers again, in the caller's transaction.

    A customer whose golden record stays the same keeps its version. The record that is replaced goes to the history.
    A customer without live records gets an empty golden record: its id lives on, but lists and search leave it out.
    The same holds for one that was merged away.
    """
    latest = {change.customer_id: change for change in changes}
    copies = len(latest) >= MANY and not is_together()
    ready = _of_one_record(latest) if copies else {}
    changed, told = _compute(latest, latest.keys() - ready.keys())
    keep_history([row[0] for row in changed if row[2] > 1], at)
    if copies:
        moment = at.isoformat()
        lines = [one.of(customer, latest[customer].records[0], moment) for customer, one in ready.items()]
        lines += [b"%d\t%s%s\n" % (row[0], line(*row[1:]), moment.encode()) for row in changed if row[2] == 1]
        copy(f"COPY profiles_profile ({COLUMNS}) FROM STDIN", lines)
    store([row for row in changed if row[2] > 1] if copies else changed, at)
    learn_words(
        chain.from_iterable([*(one.words.split() for one in ready.values()), *(row[4].tokens for row in changed)])
    )
    return [told.get(ref.customer_id) or Projected(ref.customer_id, ref.uuid, 1, True) for ref in latest.values()]


def _of_one_record(latest: Mapping[int, Change]) -> dict[int, Alone]:
    """The new customers of which the golden record was prepared: those of one record, which came just now."""
    ready = _ready.get()
    if not ready:
        return {}
    return {
        customer: ready[change.records[0]]
        for customer, change in latest.items()
        if change.event is What.BORN and len(change.records) == 1 and change.records[0] in ready
    }


def _compute(latest: Mapping[int, Change], customers: Set[int]) -> tuple[list[Row], dict[int, Projected]]:
    """The golden records of these customers that are not what stands, and what is to be told of each of them."""
    computed = {customer: change for customer, change in latest.items() if customer in customers}
    asked = _ask_standing([customer for customer, change in computed.items() if change.event is not What.BORN])
    statements = statements_of(
        {customer: () if change.event is What.MERGED else change.records for customer, change in computed.items()}
    )
    standing = _standing(asked)
    changed: list[Row] = []
    told: dict[int, Projected] = {}
    for customer, ref in computed.items():
        kind = Kind(ref.kind)
        specs = attributes(kind.code)
        heard = statements.get(customer, [])
        values, spelled = golden.alone(specs, heard[0]) if len(heard) == 1 else golden.agreed(specs, heard)
        made = columns.derive(kind, values, spelled, heard)
        before = standing.get(customer)
        same = before is not None and before.golden == values and before.columns == made.compared()
        version = (before.version if before else 0) + (0 if same else 1)
        told[customer] = Projected(customer, ref.uuid, version, not same)
        if not same:
            changed.append((customer, ref.kind, version, values, made))
    return changed, told


def load_standing(customer_ids: Sequence[int]) -> dict[int, Standing]:
    """The golden records in force, by customer."""
    return _standing(_ask_standing(customer_ids))


def _ask_standing(customer_ids: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """Send the question; within `together` its answer comes with that of the next one."""
    return run(_STANDING, (numbers(customer_ids),)) if customer_ids else ()


def _standing(rows: Iterable[tuple[Any, ...]]) -> dict[int, Standing]:
    return {row[0]: Standing(row[1], msgspec.json.decode(row[2]), tuple(row[3:])) for row in rows}


def keep_history(customer_ids: Sequence[int], at: datetime) -> None:
    """Move the golden records in force to the history before they are replaced."""
    if not customer_ids:
        return
    run(
        """INSERT INTO profiles_profileversion (customer_id, version, golden, name, from_at, until_at)
           SELECT customer_id, version, golden, name, changed_at, %s FROM profiles_profile
           WHERE customer_id = ANY(%s::bigint[])""",
        (at, numbers(customer_ids)),
    )


def store(rows: Sequence[Row], at: datetime) -> None:
    """Write golden records in one statement; arrays of words travel as one text each."""
    if not rows:
        return
    made = [row[4] for row in rows]
    run(
        _STORE,
        (
            at,
            numbers(row[0] for row in rows),
            numbers(row[1] for row in rows),
            numbers(row[2] for row in rows),
            texts(encode(row[3]).decode() for row in rows),
            texts(columns.name for columns in made),
            texts(columns.sort_name for columns in made),
            texts(columns.city for columns in made),
            texts(columns.postcode for columns in made),
            texts(columns.birth_date for columns in made),
            texts(" ".join(map(str, columns.sources)) for columns in made),
            numbers(columns.records for columns in made),
            texts(" ".join(columns.tokens) for columns in made),
        ),
    )


#: Words that are certainly stored; filled only after a commit, so that a rollback leaves no gap.
_known_words: set[str] = set()
KNOWN_AT_MOST = 500_000


def learn_words(found: Iterable[str]) -> None:
    """Make new words findable with a typo. Numbers are searched for exactly and need no spellings."""
    new = sorted({word for word in found if word.isalpha()} - _known_words)
    if not new:
        return
    run(
        """INSERT INTO profiles_nametoken (token, deletions)
           SELECT token, string_to_array(deletions, ' ') FROM unnest(%s::text[], %s::text[]) AS t(token, deletions)
           ON CONFLICT DO NOTHING""",
        (texts(new), texts(" ".join(search.spellings(word)) for word in new)),
    )

    def remember() -> None:
        if len(_known_words) > KNOWN_AT_MOST:
            _known_words.clear()
        _known_words.update(new)

    transaction.on_commit(remember)


def forget_words() -> None:
    """Forget what this process believes to be stored: for tests that empty the database."""
    _known_words.clear()
