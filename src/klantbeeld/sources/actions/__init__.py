"""Every write of this package."""

from klantbeeld.sources.actions.declare import declare, ensure_builtin_source, resume_source
from klantbeeld.sources.actions.encode import encode, from_columns, to_columns
from klantbeeld.sources.actions.runs import (
    advance_run,
    begin_run,
    claim_import,
    fail_run,
    finish_run,
    note_columns,
    pause_run,
    quarantine,
    release_import,
    settle_quarantine,
)
from klantbeeld.sources.actions.sift import refusal_of, sift
from klantbeeld.sources.actions.store import store, store_records

__all__ = [
    "advance_run",
    "begin_run",
    "claim_import",
    "declare",
    "encode",
    "ensure_builtin_source",
    "fail_run",
    "finish_run",
    "from_columns",
    "note_columns",
    "pause_run",
    "quarantine",
    "refusal_of",
    "release_import",
    "resume_source",
    "settle_quarantine",
    "sift",
    "store",
    "store_records",
    "to_columns",
]
