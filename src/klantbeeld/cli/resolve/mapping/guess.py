"""Make a mapping from what the files show, for a file that nobody described."""

from collections.abc import Sequence

from klantbeeld.cli.resolve.mapping.model import ColumnMapping, FileMapping
from klantbeeld.engines.files import TableFile
from klantbeeld.engines.files.guess import ColumnGuess, date_order, guess_columns

PERSON = frozenset({"given_name", "family_name", "initials", "birth_date", "birth_year", "gender"})
ORGANISATION = frozenset({"organisation_name", "kvk", "vat"})
ROLES = frozenset({"record_id", "source", "updated_at"})
DATES = frozenset({"birth_date", "updated_at"})


def guess_file(opened: TableFile, leave_out: str | None = None, name: str = "") -> FileMapping:
    """Guess the mapping of one file; `leave_out` is a column that must not be used, such as the truth.

    `name` is what the mapping calls the file, its file name when left out.
    """
    names = [name for name in opened.sample.column_names if name != leave_out]
    header = opened.dialect.header if opened.dialect else True
    guesses = guess_columns(opened.sample.select(names), header=header)
    roles = {guess.type: guess.column for guess in guesses if guess.type in ROLES}
    columns = tuple(_column(guess) for guess in guesses if guess.type not in ROLES)
    dialect, encoding = opened.dialect, opened.encoding
    return FileMapping(
        name=name or opened.path.name,
        columns=columns,
        record_id=roles.get("record_id", ""),
        updated_at=roles.get("updated_at", ""),
        source_column=roles.get("source", ""),
        kind=guess_kind(columns),
        date_order=_date_order(opened, guesses),
        encoding=encoding.name if encoding else None,
        delimiter=dialect.delimiter if dialect else None,
        quote=(dialect.quote or "") if dialect else None,
        header=dialect.header if dialect else None,
    )


def guess_kind(columns: Sequence[ColumnMapping]) -> str:
    """Say what the records are about: persons, organisations, or both."""
    types = {column.type for column in columns}
    if "record_kind" in types or (types & ORGANISATION and types & PERSON):
        return "mixed"
    return "organisation" if types & ORGANISATION else "person"


def _column(guess: ColumnGuess) -> ColumnMapping:
    reason = {"en": guess.sentence("en"), "nl": guess.sentence("nl")}
    return ColumnMapping(guess.column, guess.type, guess.scheme, guess.group, reason=reason)


def _date_order(opened: TableFile, guesses: Sequence[ColumnGuess]) -> str:
    values: list[str | None] = []
    for guess in guesses:
        if guess.type in DATES:
            values += opened.sample[guess.column].to_pylist()
    return date_order(values) or ""
