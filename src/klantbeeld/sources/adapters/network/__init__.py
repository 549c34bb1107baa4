"""Connections to hosts that a declaration names: only to addresses that may be reached, and never anywhere else."""

from klantbeeld.sources.adapters.network.policy import ForbiddenHost, connect, is_public, resolve
from klantbeeld.sources.adapters.network.transport import CheckedTransport

__all__ = ["CheckedTransport", "ForbiddenHost", "connect", "is_public", "resolve"]
