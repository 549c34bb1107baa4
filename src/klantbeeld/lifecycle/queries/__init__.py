"""Every read of the lifecycle: of a customer, in figures, and of the policies."""

from klantbeeld.lifecycle.queries.figures import KINDS, figures, list_in_state, list_moved
from klantbeeld.lifecycle.queries.policies import get_policy, list_policies, reviews_under_way, simulate
from klantbeeld.lifecycle.queries.standing import get_lifecycle, list_standings

__all__ = [
    "KINDS",
    "figures",
    "get_lifecycle",
    "get_policy",
    "list_in_state",
    "list_moved",
    "list_policies",
    "list_standings",
    "reviews_under_way",
    "simulate",
]
