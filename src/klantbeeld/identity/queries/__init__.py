"""Every read of identity, for the domain packages above; they ask the door, not this."""

from klantbeeld.identity.queries.customers import (
    customer_of,
    follow,
    ledger_of,
    list_standing,
    members_of,
    outsiders,
    refs,
    suggested_of,
    trained_on,
)
from klantbeeld.identity.queries.numbers import find_by_number
from klantbeeld.identity.queries.reasons import (
    decisions_of,
    doubtful_of,
    explain_customer,
    explain_pair,
    households_of,
    links_of,
)
from klantbeeld.identity.queries.words import (
    highest_record,
    joined_automatically,
    list_clusters,
    refusals_of,
    without_evidence,
)

__all__ = [
    "customer_of",
    "decisions_of",
    "doubtful_of",
    "explain_customer",
    "explain_pair",
    "find_by_number",
    "follow",
    "highest_record",
    "households_of",
    "joined_automatically",
    "ledger_of",
    "links_of",
    "list_clusters",
    "list_standing",
    "members_of",
    "outsiders",
    "refs",
    "refusals_of",
    "suggested_of",
    "trained_on",
    "without_evidence",
]
