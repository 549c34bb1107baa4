"""Every write of this package."""

from klantbeeld.sources.actions.store import store

__all__ = ["store"]
