"""Records: what a source says of one thing; delivered in bulk here, one by one in `one_record`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime, Field

from klantbeeld.exchange import bulk
from klantbeeld.exchange.rest.door import door, grant_of
from klantbeeld.exchange.rest.jobs import Job, show_job
from klantbeeld.exchange.rest.shapes import Plain, Said, SourcePath
from klantbeeld.exchange.rest.sources import as_json
from klantbeeld.exchange.rest.writing import write_once
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Missing
from klantbeeld.sources import queries as sources

router = Router()
MOST_RECORDS = 5_000

KindText = Literal["person", "organisation", "contract", "object", "activity"]
ExternalId = Annotated[str, Plain, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]


class IdentifierIn(Said):
    """A number that the record carries; only a party's own number is evidence of who it is."""

    scheme: Code = Field(examples=["customer_number", "loyalty", "order"])
    value: Annotated[str, Plain, Field(min_length=1, max_length=200)]
    of: Literal["", "person", "organisation", "contract", "object", "activity"] = Field(
        "", description="What it numbers; empty: the record itself."
    )


class ReferenceIn(Said):
    """Another record, by its source's own id; `source` empty means the same source."""

    kind: KindText
    external_id: ExternalId
    source: Annotated[str, Field(pattern="^([a-z][a-z0-9_-]{0,59})?$")] = ""


class RoleIn(Said):
    """Somebody has a role in something, for a period (both ends inclusive). Leave out the end that is this record."""

    role: Code = Field(examples=["customer", "tenant", "payer", "receiver"])
    holder: ReferenceIn | None = None
    target: ReferenceIn | None = None
    from_date: date | None = None
    to_date: date | None = None


class RecordIn(Said):
    """What the source says of the record now, as a whole: what is left out is no longer said."""

    attributes: dict[str, Any] = Field(
        default_factory=dict,
        max_length=200,
        description="By code of the catalogue (`GET /attributes`). An attribute that may have several values takes a"
        " list of {value, role, from, to}.",
        examples=[{"given_name": "Anna", "family_name": "Jansen", "email": [{"value": "anna@example.nl"}]}],
    )
    identifiers: list[IdentifierIn] = Field(default_factory=list, max_length=100)
    roles: list[RoleIn] = Field(default_factory=list, max_length=200)
    source_at: AwareDatetime | None = Field(
        None, description="When it was so in the source: it orders versions that arrive late. Absent: now."
    )


class RecordKey(Said):
    """Which record of the source, by the source's own id. It may tell who somebody is, so it stands in no address."""

    kind: KindText
    external_id: ExternalId


class BulkRecord(RecordIn, RecordKey):
    """One record of a bulk delivery."""

    gone: bool = Field(False, description="The source has it no more.")


class BulkRequest(Said):
    """Records to be stored in the background."""

    records: list[BulkRecord] = Field(min_length=1, max_length=MOST_RECORDS)


@router.post(
    "/sources/{source}/records",
    response={202: Job},
    operation_id="post_records",
    **door("records:write", 404, 409),
)
def post_records(request: HttpRequest, source: SourcePath, delivery: BulkRequest) -> HttpResponse:
    """Deliver many records. They are checked now and stored in the background: `GET /jobs/{job}` tells how far."""
    grant = grant_of(request)
    source_id_of(source, grant.actor)
    rows = [row.dict() for row in delivery.records]

    def effect() -> tuple[int, dict[str, Any]]:
        row = bulk.accept(source_code=source, rows=rows, actor=grant.actor, purpose=grant.purpose)
        return 202, as_json(show_job(row))

    return write_once(request, effect)


def source_id_of(source: str, actor: Actor, *, builtin: bool = False) -> int:
    """The source's internal id; raises Missing when there is none, also when it is another company's than the key's.

    Our own sources, where employees' corrections stand, are there only with `builtin`, and for no key of one company.
    """
    found = sources.sources_in_reach(actor, builtin=builtin).get(source)
    if found is None:
        raise Missing(f"There is no source '{source}'.", code="sources.missing", source=source)
    return found
