"""When one pair of eyes is not enough."""

from __future__ import annotations

from klantbeeld.stewardship.contracts import Limits


def reasons_for_second(limits: Limits, *, customers: int, records: int, activities: int, contracts: int) -> list[str]:
    """Which limits an act reaches: names of `Limits`; none means that one steward is enough. A limit of 0 is off."""
    impact = {"customers": customers, "records": records, "activities": activities, "contracts": contracts}
    return [name for name, count in impact.items() if 0 < getattr(limits, name) <= count]
