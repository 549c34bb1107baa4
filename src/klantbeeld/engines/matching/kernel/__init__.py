"""The fused kernel: levels of many pairs in one pass over rows of integers, compiled by numba.

A record is one row of int32 (see `rows`): header columns, then slots of several columns for addresses, phones, e-mail,
numbers, categories, organisation names and texts. Text is compared on UTF-8 bytes from one shared pool (`data`,
`start`), and only when codes differ. `field_levels` is the reference in plain Python; both give identical levels.
"""

from klantbeeld.engines.matching.kernel.layout import KIND
from klantbeeld.engines.matching.kernel.pairs import pair_levels, score_levels

__all__ = ["KIND", "pair_levels", "score_levels"]
