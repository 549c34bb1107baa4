"""A mapping: how each file is written and what its columns mean."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from klantbeeld.cli.language import Text


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What one column means: a field type of the matching engine; which identifier or category; which address.

    `line` is where it stands in the mapping file, 0 when it was guessed. `evidence`: False for numbers that do not say
    who somebody is.
    """

    column: str
    type: str
    scheme: str = ""
    group: str = ""
    evidence: bool = True
    line: int = 0
    reason: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileMapping:
    """One file: how it is written where that must not be guessed, and its columns.

    `record_id`: column with the file's own key per record, empty for the row number. `updated_at`: column that tells
    when a record last changed. `source_column`: column that names the system of each record; else `source` names the
    system of all of them, else the file does. `date_order`: "dmy", "mdy" or empty when the values tell.
    """

    name: str
    columns: tuple[ColumnMapping, ...]
    record_id: str = ""
    updated_at: str = ""
    source_column: str = ""
    source: str = ""
    kind: str = ""
    date_order: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    line: int = 0

    def used(self) -> tuple[ColumnMapping, ...]:
        """Return the columns that are evidence or golden value: all but the ignored ones."""
        return tuple(column for column in self.columns if column.type != "ignore")

    def without(self, column: str) -> "FileMapping":
        """Return the same mapping without this column in any part: the truth is never evidence."""
        return replace(
            self,
            columns=tuple(c for c in self.columns if c.column != column),
            record_id="" if self.record_id == column else self.record_id,
            updated_at="" if self.updated_at == column else self.updated_at,
            source_column="" if self.source_column == column else self.source_column,
        )


@dataclass(frozen=True, slots=True)
class Mapping:
    """The mapping of all files of a run; `country` (ISO 3166) tells how national phone numbers are read."""

    files: tuple[FileMapping, ...]
    country: str = "NL"

    def find(self, path: Path) -> FileMapping | None:
        """Return the mapping of a file by its path as written, else by its name."""
        for wanted in (str(path), path.as_posix(), path.name):
            for file in self.files:
                if file.name == wanted:
                    return file
        return None


class MappingError(Exception):
    """A mapping that cannot be used: file, line, key, and what was expected, in both languages."""

    def __init__(self, path: Path | None, line: int, key: str, *, en: str, nl: str) -> None:
        super().__init__(en)
        self.path = path
        self.line = line
        self.key = key
        self.text: Text = {"en": en, "nl": nl}
