"""Drafts made ready to be stored; any process may do it, for it needs no database."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from klantbeeld.kit.errors import Invalid
from klantbeeld.sources.contracts import Draft, Encoded, Kind
from klantbeeld.sources.rules import bsn
from klantbeeld.sources.rules.content import canonical, content_of, digest_of, identifiers_of, raw_json, roles_of

ID_LIMIT = 200
Columns = tuple[list[Any], ...]
DATA, CARRIED = Encoded._fields.index("data"), Encoded._fields.index("attributes")
_logger = logging.getLogger(__name__)


def encode(drafts: Iterable[Draft]) -> list[Encoded]:
    """Make everything of drafts that can be made before they are stored; it needs no database.

    Every draft comes through here, whatever door it came in by. Raises Invalid for a draft that has no usable id, is
    not JSON, or holds a citizen service number.
    """
    encoded = []
    for draft in drafts:
        check_id(draft.external_id, draft.kind, draft.position)
        data = canonical(draft)
        raw = raw_json(draft.raw)
        if bsn.may_hold(data, raw, draft.external_id.encode()):
            _check_bsn(draft)
        content = content_of(data)
        encoded.append(
            Encoded(
                draft.kind,
                draft.external_id,
                draft.source_at,
                draft.gone,
                draft.position,
                data,
                digest_of(data, draft.gone),
                raw,
                content["attributes"],
                identifiers_of(content["identifiers"]),
                roles_of(content["roles"]),
            )
        )
    return encoded


def to_columns(drafts: Sequence[Encoded]) -> Columns:
    """Encoded drafts as another process takes them: without what can be read from their content."""
    return tuple(map(list, zip(*[one[:CARRIED] for one in drafts], strict=True))) or ([],) * CARRIED


def from_columns(columns: Columns) -> list[Encoded]:
    """The way back from `to_columns`."""
    encoded = []
    for one in zip(*columns, strict=True):
        content = content_of(one[DATA])
        said = content["attributes"], identifiers_of(content["identifiers"]), roles_of(content["roles"])
        encoded.append(Encoded._make((*one, *said)))
    return encoded


def check_id(external_id: str, kind: Kind, position: int | None) -> None:
    """Raise Invalid for an id that no record can have."""
    if not external_id or len(external_id) > ID_LIMIT or "\0" in external_id:
        raise Invalid(
            f"A {kind.code} needs an external id of 1 to {ID_LIMIT} characters without NUL.",
            code="sources.external_id",
            position=position,
        )


def _check_bsn(draft: Draft) -> None:
    """Raise Invalid for a draft that holds BSNs, naming the places and never a value; the log gets their number."""
    places = bsn.find_in(draft)
    if places:
        _logger.warning("Refused %d citizen service numbers in a %s.", len(places), draft.kind.code)
        raise Invalid(
            f"{places[0]}: {bsn.REFUSED['en']}.",
            code="bsn.refused",
            place=places[0],
            errors=[{"pointer": place, "message": bsn.REFUSED["en"]} for place in places],
        )
