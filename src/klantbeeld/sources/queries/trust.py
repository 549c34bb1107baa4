"""How far each source is trusted, for survivorship and for badges."""

from __future__ import annotations

import msgspec

from klantbeeld.foundation.wire import run
from klantbeeld.sources.contracts import SourceTrust


def trust_of_sources() -> dict[int, SourceTrust]:
    """Every source by internal id; one small query, because there are tens of sources, not thousands."""
    rows = run("SELECT id, code, label::text, trust_rank, builtin FROM sources_source")
    return {row[0]: SourceTrust(row[0], row[1], msgspec.json.decode(row[2]), row[3], row[4]) for row in rows}
