"""How far each source is trusted, for survivorship and for badges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache

import msgspec

from klantbeeld.foundation.wire import run
from klantbeeld.sources.contracts import SourceTrust

_ALL = "SELECT id, code, label::text, trust_rank, builtin FROM sources_source"


class _Asked:
    """The sources as they were when they were asked for; read when somebody wants to know."""

    def __init__(self) -> None:
        self._rows = run(_ALL)

    @cached_property
    def sources(self) -> dict[int, SourceTrust]:
        return {row[0]: SourceTrust(row[0], row[1], _label(row[2]), row[3], row[4]) for row in self._rows}


_held: ContextVar[_Asked | None] = ContextVar("trust_of_sources", default=None)


@contextmanager
def trust_held() -> Iterator[None]:
    """Within, the sources are those of this moment: one act asks them once, under the lock that it took before."""
    token = _held.set(_Asked())
    try:
        yield
    finally:
        _held.reset(token)


def trust_of_sources() -> dict[int, SourceTrust]:
    """Every source by internal id; one small query, because there are tens of sources, not thousands."""
    return (_held.get() or _Asked()).sources


@lru_cache(maxsize=500)
def _label(text: str) -> dict[str, str]:
    return msgspec.json.decode(text, type=dict[str, str])
