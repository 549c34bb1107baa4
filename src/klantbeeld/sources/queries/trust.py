"""How far each source is trusted, for survivorship and for badges."""

from __future__ import annotations

from klantbeeld.sources.contracts import SourceTrust
from klantbeeld.sources.models import Source


def trust_of_sources() -> dict[int, SourceTrust]:
    """Every source by internal id; one small query, because there are tens of sources, not thousands."""
    columns = Source.objects.values_list("id", "code", "label", "trust_rank", "builtin")
    return {row[0]: SourceTrust(*row) for row in columns}
