"""What was refused of a source, and why. Its values are personal data: shown for a purpose, and written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor, Grant, require
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.sources.contracts import QuarantineRow
from klantbeeld.sources.declaration import Feed, declaration_of
from klantbeeld.sources.models import Quarantine, Source
from klantbeeld.sources.queries.reach import within_reach
from klantbeeld.sources.rules.bsn import MASK
from klantbeeld.sources.rules.origins import KINDS, Told, kinds_of, origins

PAGE_LIMIT = 500


@transaction.atomic
def list_quarantine(
    *,
    actor: Actor,
    purpose: str = "",
    source_code: str = "",
    run_uuid: UUID | None = None,
    reason: str = "",
    open_only: bool = True,
    after_id: int = 0,
    limit: int = 100,
) -> list[QuarantineRow]:
    """What was refused, the oldest first; `after_id` goes on after an earlier page.

    An actor who may read records states a purpose, sees the values that this purpose may see, and is written down in
    the audit log before he does; of the others a mask stands there, as everywhere for an actor who may not. Rows as
    they came are given only to whom nothing in them is hidden. Raises Refused.
    """
    require(actor, "sources:read")
    grant = require(actor, "records:read", purpose) if actor.may("records:read") else None
    rows = within_reach(Quarantine.objects.select_related("source", "run"), actor, "source__")
    rows = rows.filter(id__gt=after_id).order_by("id")
    if source_code:
        rows = rows.filter(source__code=source_code)
    if run_uuid is not None:
        rows = rows.filter(run__uuid=run_uuid)
    if reason:
        rows = rows.filter(reason=reason)
    if open_only:
        rows = rows.filter(settled_at=None)
    found = list(rows[: min(limit, PAGE_LIMIT)])
    if grant is not None:
        sources = {row.source_id for row in found}
        audit.write(
            actor=actor,
            action="records.quarantine",
            purpose=purpose,
            subject_kind="source" if len(sources) == 1 else "",
            subject_id=min(sources) if len(sources) == 1 else None,
            detail={"refusals": [row.id for row in found]},
        )
    views: dict[tuple[int, str], _View] = {}
    return [_quarantined(row, _view_of(row, grant, views)) for row in found]


def count_quarantine(source_code: str, *, actor: Actor) -> dict[str, int]:
    """Open things in quarantine per reason, of one source."""
    require(actor, "sources:read")
    rows = within_reach(Quarantine.objects.filter(source__code=source_code, settled_at=None), actor, "source__")
    return dict(rows.values_list("reason").annotate(n=Count("id")).order_by("-n"))


class _View:
    """What a grant may see of the values of a feed; `feeds` is empty for records that were delivered."""

    def __init__(self, feeds: Iterable[Feed], grant: Grant | None) -> None:
        feeds = list(feeds)
        self._grant = grant
        self._origins: Mapping[str, Set[Told]] = origins(feeds)
        kinds = {kind for feed in feeds for record in feed.records for kind in kinds_of(record)} or KINDS
        self.sees_all = grant is not None and all(attributes(kind).keys() <= grant.attributes(kind) for kind in kinds)

    def shows(self, column: str) -> bool:
        """May a value from this column be shown? One of which nobody can tell what it is, only if everything may."""
        if self.sees_all or self._grant is None:
            return self.sees_all
        told = [self._origins.get(name) for name in column.split(", ")]
        return bool(column) and all(one is not None and not self._hides(one, self._grant) for one in told)

    @staticmethod
    def _hides(told: Set[Told], grant: Grant) -> bool:
        return any(code in attributes(kind) and code not in grant.attributes(kind) for kind, code in told)


def _view_of(row: Quarantine, grant: Grant | None, views: dict[tuple[int, str], _View]) -> _View:
    name = row.run.feed if row.run else ""
    key = (row.source_id, name)
    if key not in views:
        views[key] = _View(_feeds(row.source, name), grant)
    return views[key]


def _feeds(source: Source, name: str) -> list[Feed]:
    """The feed as it is declared now; all of them for what came in no feed."""
    declared = declaration_of(source.declaration).feeds if source.declaration else ()
    return [feed for feed in declared if not name or feed.name == name]


def _quarantined(row: Quarantine, view: _View) -> QuarantineRow:
    return QuarantineRow(
        id=row.id,
        source=row.source.code,
        run=row.run.uuid if row.run else None,
        feed=row.run.feed if row.run else "",
        position=row.position,
        column=row.column,
        value=row.value if not row.value or view.shows(row.column) else MASK,
        reason=row.reason,
        message=row.message,
        count=row.count,
        raw=row.raw if view.sees_all else None,
        at=row.at,
        settled_at=row.settled_at,
    )
