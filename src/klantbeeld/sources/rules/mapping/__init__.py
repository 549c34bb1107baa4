"""From a row to drafts: a declaration is compiled once per input into functions over the cells of a row."""

from klantbeeld.sources.rules.mapping.mapper import Mapper, UnknownColumns
from klantbeeld.sources.rules.mapping.rows import Row

__all__ = ["Mapper", "Row", "UnknownColumns"]
