"""From stored records to statements: what each of a customer's records says, and how far it is trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from klantbeeld.profiles.contracts import CUSTOMER_SAID
from klantbeeld.profiles.rules.claims import Witness
from klantbeeld.profiles.rules.golden import Statement
from klantbeeld.sources.contracts import SourceTrust, StoredRecord
from klantbeeld.sources.queries.records import load_records
from klantbeeld.sources.queries.trust import trust_of_sources


def statements_of(members: Mapping[int, Sequence[int]]) -> dict[int, list[Statement]]:
    """The statements of each customer's live records, in an order that does not depend on arrival.

    `members`: customer id -> ids of its live records.
    """
    owner = {record: customer for customer, records in members.items() for record in records}
    trust = trust_of_sources()
    heard: dict[int, list[Statement]] = {}
    for record in load_records(list(owner)):
        heard.setdefault(owner[record.id], []).append(statement_of(record, trust[record.source_id]))
    for statements in heard.values():
        statements.sort(key=lambda statement: statement.witness.key)
    return heard


def statement_of(record: StoredRecord, source: SourceTrust) -> Statement:
    """What one live record says, with the record as witness."""
    witness = Witness(
        record.id,
        source.code,
        record.source_id,
        f"{source.code}/{record.kind.code}/{record.external_id}",
        source.rank,
        source.builtin and source.code != CUSTOMER_SAID,
        record.source_at or record.received_at,  # type: ignore[arg-type] # a live record was received
        source.builtin and source.code == CUSTOMER_SAID,
    )
    return Statement(witness, record.attributes)
