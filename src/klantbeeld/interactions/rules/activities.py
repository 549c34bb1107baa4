"""From an activity record to a line of the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from klantbeeld.sources.contracts import StoredRecord


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity as the timeline keeps it."""

    record_id: int
    type: str
    at: datetime
    title: str
    number: str
    state: str
    amount: Decimal | None
    cost: Decimal | None
    currency: str


def activity_line(record: StoredRecord) -> ActivityLine:
    """The line of an activity: without a moment of its own, that of its version; without a title, type and number."""
    attributes = record.attributes
    kind, number = _text(attributes.get("type"), 30), _text(attributes.get("number"), 100)
    if not number:
        number = next((one.value for one in record.identifiers if one.of == "activity"), "")[:100]
    return ActivityLine(
        record_id=record.id,
        type=kind or "activity",
        at=_moment(attributes.get("at")) or record.source_at or record.received_at or datetime.now(UTC),
        title=_text(attributes.get("title"), 300) or f"{kind} {number}".strip() or record.external_id,
        number=number,
        state=_text(attributes.get("state"), 30),
        amount=_amount(attributes.get("amount")),
        cost=_amount(attributes.get("cost")),
        currency=_text(attributes.get("currency"), 3).upper(),
    )


def _text(value: Any, limit: int) -> str:
    return "" if value is None else str(value)[:limit]


def _moment(value: Any) -> datetime | None:
    """A moment or day in ISO 8601; a partial day counts from its beginning. A day is midnight UTC."""
    if not value:
        return None
    text = str(value)
    text += {4: "-01-01", 7: "-01"}.get(len(text), "")
    try:
        moment = datetime.fromisoformat(text)
        # In UTC, so that what falls outside the years 1 to 9999 there, and could not be read back, shows here.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _amount(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal(10) ** 15 else None
