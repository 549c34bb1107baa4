"""Which templates of keys to use on this data: laid with a budget, kept when they find matches that others do not."""

from __future__ import annotations

from klantbeeld.engines.matching.blocking import Block, lay_blocks
from klantbeeld.engines.matching.columns import Encoded
from klantbeeld.engines.matching.estimation import Chance
from klantbeeld.engines.matching.keys import KeyTable, templates_for
from klantbeeld.engines.matching.levels import Comparison
from klantbeeld.engines.matching.rows import Rows

PAIRS_PER_RECORD = 1.5
SMALLEST_BUDGET = 100_000


def choose_blocks(
    encoded: Encoded, rows: Rows, comparisons: tuple[Comparison, ...], chance: Chance, key: bytes, seed: int
) -> list[Block]:
    """The blocks of the templates worth their pairs."""
    budget = max(SMALLEST_BUDGET, int(PAIRS_PER_RECORD * encoded.n))
    return lay_blocks(KeyTable(encoded, key), templates_for(list(encoded.atoms)), budget)
