"""The mapping file of `klantbeeld resolve`: read, guess, write; its JSON Schema is docs/schema/resolve-mapping.json."""

from klantbeeld.cli.resolve.mapping.guess import guess_country, guess_file, guess_kind
from klantbeeld.cli.resolve.mapping.model import ColumnMapping, FileMapping, Mapping, MappingError
from klantbeeld.cli.resolve.mapping.read import check_columns, read_mapping
from klantbeeld.cli.resolve.mapping.write import write_mapping

__all__ = [
    "ColumnMapping",
    "FileMapping",
    "Mapping",
    "MappingError",
    "check_columns",
    "guess_country",
    "guess_file",
    "guess_kind",
    "read_mapping",
    "write_mapping",
]
