"""Make a mapping from what the files show, for a file that nobody described."""

import re
from collections.abc import Sequence

from klantbeeld.cli.language import Text
from klantbeeld.cli.resolve.mapping.model import ColumnMapping, FileMapping
from klantbeeld.engines.files import TableFile
from klantbeeld.engines.files.guess import ColumnGuess, date_order, guess_columns, words_of

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
    if "record_id" not in roles:
        roles["record_id"] = _unique_number(opened, columns)
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


# Column names that are used in one country only; where several are, the postcodes decide.
NATIONAL = {
    "DE": {"plz", "postleitzahl", "bundesland", "vorname", "nachname", "strasse", "hausnummer"},
    "FR": {"codepostal", "prenom", "departement", "rue", "ville"},
    "US": {"zip", "zipcode", "zippostalcode", "ssn", "ssnnumber"},
    "GB": {"county", "posttown", "nino", "nationalinsurancenumber"},
    "AU": {"suburb", "medicarenumber", "tfn"},
    "NL": {"postcode", "huisnummer", "tussenvoegsel", "voorletters", "achternaam", "woonplaats", "bsn", "kvknummer"},
}
POSTCODES = {
    "NL": re.compile(r"[1-9]\d{3}\s?[A-Za-z]{2}"),
    "GB": re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}"),
}


def guess_country(opened: Sequence[TableFile], files: Sequence[FileMapping]) -> str:
    """Guess by which country's habits national phone numbers are written; the Netherlands when nothing tells.

    Postcodes that only one country writes decide; then column names that are used in one country; then dates with the
    month first.
    """
    names: list[str] = []
    codes: list[str] = []
    for file, found in zip(opened, files, strict=True):
        names += ["".join(words_of(column)) for column in file.columns]
        for column in found.columns:
            if column.type == "postcode":
                codes += [value for value in file.sample[column.column].to_pylist() if value][:1_000]
    for country, form in POSTCODES.items():
        if codes and sum(bool(form.fullmatch(code)) for code in codes) > 0.5 * len(codes):
            return country
    scores = {country: len(known.intersection(names)) for country, known in NATIONAL.items()}
    if any(file.date_order == "mdy" for file in files):
        scores["US"] += 2
    best = max(scores.values())
    # Of equals the Netherlands, then the order of the table.
    return "NL" if scores["NL"] == best else next(country for country, score in scores.items() if score == best)


def guess_kind(columns: Sequence[ColumnMapping]) -> str:
    """Say what the records are about: persons, organisations, or both."""
    types = {column.type for column in columns}
    if "record_kind" in types or (types & ORGANISATION and types & PERSON):
        return "mixed"
    return "organisation" if types & ORGANISATION else "person"


def _unique_number(opened: TableFile, columns: Sequence[ColumnMapping]) -> str:
    """Return a column with numbers of persons (a card number, say) that is unique: evidence and record id in one."""
    for column in columns:
        values = opened.sample[column.column]
        if column.type == "identifier" and not values.null_count and len(values.unique()) == len(values) > 0:
            return column.column
    return ""


def _column(guess: ColumnGuess) -> ColumnMapping:
    reason: Text = {"en": guess.sentence("en"), "nl": guess.sentence("nl")}
    return ColumnMapping(guess.column, guess.type, guess.scheme, guess.group, reason=reason)


def _date_order(opened: TableFile, guesses: Sequence[ColumnGuess]) -> str:
    values: list[str | None] = []
    for guess in guesses:
        if guess.type in DATES:
            values += opened.sample[guess.column].to_pylist()
    return date_order(values) or ""
