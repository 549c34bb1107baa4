"""Every read of this package."""

from klantbeeld.sources.queries.records import find_record_ids, load_records

__all__ = ["find_record_ids", "load_records"]
