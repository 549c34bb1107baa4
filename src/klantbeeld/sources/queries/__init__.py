"""Every read of this package."""

from klantbeeld.sources.queries.inputs import open_input, open_inputs, reopen, sources_with_new_files
from klantbeeld.sources.queries.quarantine import count_quarantine, list_quarantine
from klantbeeld.sources.queries.reach import public_ids, records_in_reach, sources_in_reach
from klantbeeld.sources.queries.records import (
    find_record_id,
    find_record_ids,
    fresh_records,
    list_record_ids,
    load_records,
)
from klantbeeld.sources.queries.sources import (
    due_sources,
    find_source_id,
    find_source_purpose,
    get_declaration,
    get_run,
    get_source,
    last_complete,
    last_observed,
    list_runs,
    list_sources,
    load_declaration,
)
from klantbeeld.sources.queries.trust import trust_held, trust_of_sources

__all__ = [
    "count_quarantine",
    "due_sources",
    "find_record_id",
    "find_record_ids",
    "find_source_id",
    "find_source_purpose",
    "fresh_records",
    "get_declaration",
    "get_run",
    "get_source",
    "last_complete",
    "last_observed",
    "list_quarantine",
    "list_record_ids",
    "list_runs",
    "list_sources",
    "load_declaration",
    "load_records",
    "open_input",
    "open_inputs",
    "public_ids",
    "records_in_reach",
    "reopen",
    "sources_in_reach",
    "sources_with_new_files",
    "trust_held",
    "trust_of_sources",
]
