"""Every read of golden records. Each names an actor and a purpose, and gives only what those allow."""

from klantbeeld.profiles.queries.lists import Filters, list_profiles
from klantbeeld.profiles.queries.moments import profile_at
from klantbeeld.profiles.queries.names import find_by_name
from klantbeeld.profiles.queries.reasons import explain_value, history
from klantbeeld.profiles.queries.records import get_profile, rows_of

__all__ = [
    "Filters",
    "explain_value",
    "find_by_name",
    "get_profile",
    "history",
    "list_profiles",
    "profile_at",
    "rows_of",
]
