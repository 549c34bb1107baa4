"""Pieces of requests and answers that several resources share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from ninja import Path, Query, Schema
from pydantic import AfterValidator, ConfigDict, Field

from klantbeeld.foundation.access import Actor, Grant
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.identity import queries as identity
from klantbeeld.identity.contracts import CustomerRef
from klantbeeld.kit.errors import Missing
from klantbeeld.kit.ids import format_id, parse_id
from klantbeeld.sources.contracts import Identifier, StoredRecord
from klantbeeld.sources.queries import load_records, sources_in_reach

CUSTOMER, RECORD, RUN, MERGE, JOB = "cus", "rec", "run", "mrg", "job"


def _id_pattern(prefix: str) -> str:
    return f"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"


def _no_nul(text: str) -> str:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds a character that cannot be stored")
    return text


Plain = AfterValidator(_no_nul)
CustomerText = Annotated[str, Field(pattern=_id_pattern(CUSTOMER), examples=["cus_01h455vb4pex5vsknk084sn02q"])]
RecordText = Annotated[str, Field(pattern=_id_pattern(RECORD), examples=["rec_01h455vb4pex5vsknk084sn02q"])]

CustomerPath = Annotated[str, Path(pattern=_id_pattern(CUSTOMER), description="Any id that the customer ever had.")]
RunPath = Annotated[str, Path(pattern=_id_pattern(RUN))]
RecordPath = Annotated[str, Path(pattern=_id_pattern(RECORD), description="Our id of the record.")]
MergePath = Annotated[str, Path(pattern=_id_pattern(MERGE))]
JobPath = Annotated[str, Path(pattern=_id_pattern(JOB))]
SourcePath = Annotated[str, Path(pattern="^[a-z][a-z0-9_-]{0,59}$", description="The code of the source.")]
CodePath = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,59}$")]
CursorQuery = Annotated[str, Query(max_length=200, description="Where the page before ended: its `next_cursor`.")]


class Said(Schema):
    """What a request says; a field that does not exist is refused, so that a misspelling never empties anything."""

    model_config = ConfigDict(extra="forbid")


class Text(Schema):
    """A text for people in both languages."""

    nl: str
    en: str


class RecordRef(Schema):
    """Which record of which source."""

    id: RecordText
    source: str
    kind: str
    external_id: str


def customer_id(value: uuid.UUID) -> str:
    """The public id of a customer."""
    return format_id(CUSTOMER, value)


def parse_customer(text: str) -> uuid.UUID:
    """The UUID of a public customer id."""
    return parse_id(CUSTOMER, text)


def record_refs(record_ids: Iterable[int], actor: Actor) -> Mapping[int, dict[str, Any]]:
    """Records as callers know them, by internal id; without those that the actor does not reach."""
    return refs_of(load_records(sorted(set(record_ids))), actor)


def refs_of(records: Iterable[StoredRecord], actor: Actor) -> Mapping[int, dict[str, Any]]:
    """Records that are loaded already as callers know them, by internal id; only those that the actor reaches."""
    codes = source_codes(actor)
    return {
        record.id: {
            "id": format_id(RECORD, record.uuid),
            "source": codes[record.source_id],
            "kind": record.kind.code,
            "external_id": record.external_id,
        }
        for record in records
        if record.source_id in codes
    }


def source_codes(actor: Actor) -> Mapping[int, str]:
    """The codes of the sources that the actor reaches, by internal id."""
    return {number: code for code, number in sources_in_reach(actor).items()}


def show_identifiers(identifiers: Iterable[Identifier], grant: Grant) -> list[dict[str, str]]:
    """Numbers that may be shown: what the purpose may not see as an attribute is no number either."""
    return [
        {"scheme": one.scheme, "value": one.value, "of": one.of}
        for one in identifiers
        if not is_hidden(one.scheme, one.of, grant)
    ]


def is_hidden(code: str, kind: str, grant: Grant) -> bool:
    """Is this an attribute of the catalogue that the grant may not see?"""
    return code in attributes(kind) and code not in grant.attributes(kind)


def follow(text: str, actor: Actor) -> CustomerRef:
    """The customer that stands for a public id, also when it merged away; raises Missing, also beyond one's reach."""
    try:
        return identity.follow(parse_customer(text), actor)
    except Missing as error:
        raise missing_customer() from error


def missing_customer() -> Missing:
    """The one answer for every customer that is not there or may not be known."""
    return Missing("There is no customer with this id.", code="customer.missing")
