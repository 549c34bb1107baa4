"""Every read of stewardship."""

from klantbeeld.stewardship.queries.figures import (
    figures,
    get_limits,
    get_sample,
    limits_in_force,
    list_samples,
    precision,
    second_needed,
)
from klantbeeld.stewardship.queries.one import ReviewView, Side, get_review, stream_of
from klantbeeld.stewardship.queries.queue import (
    MOST_COUNTED,
    ORDERS,
    Asked,
    counts,
    get_item,
    list_items,
    next_of,
    place_of,
    previous_of,
)

__all__ = [
    "MOST_COUNTED",
    "ORDERS",
    "Asked",
    "ReviewView",
    "Side",
    "counts",
    "figures",
    "get_item",
    "get_limits",
    "get_review",
    "get_sample",
    "limits_in_force",
    "list_items",
    "list_samples",
    "next_of",
    "place_of",
    "precision",
    "previous_of",
    "second_needed",
    "stream_of",
]
