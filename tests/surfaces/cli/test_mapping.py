"""The mapping file: what it says, and errors that name line, key and what was expected."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.cli.resolve.mapping import (
    ColumnMapping,
    FileMapping,
    Mapping,
    MappingError,
    check_columns,
    read_mapping,
    write_mapping,
)
from klantbeeld.cli.resolve.mapping.schema import mapping_schema
from klantbeeld.engines.matching import FieldType

DOCS = Path(__file__).parents[3] / "docs"
GOOD = """
country: BE
files:
  crm.csv:
    delimiter: ";"
    record_id: nr
    columns:
      nr: ignore
      naam: full_name
      pas: {type: identifier, scheme: passport, evidence: false}
"""


def _read(tmp_path: Path, text: str) -> Mapping:
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def _error(tmp_path: Path, text: str) -> MappingError:
    with pytest.raises(MappingError) as caught:
        _read(tmp_path, text)
    return caught.value


def test_published_schema_is_the_one_that_is_checked() -> None:
    published = json.loads((DOCS / "schema" / "resolve-mapping.json").read_text(encoding="utf-8"))
    assert published == mapping_schema()


def test_read_mapping_gives_files_columns_and_their_lines(tmp_path: Path) -> None:
    mapping = _read(tmp_path, GOOD)
    assert mapping.country == "BE"
    (file,) = mapping.files
    assert (file.name, file.delimiter, file.record_id, file.line) == ("crm.csv", ";", "nr", 4)
    assert [(c.column, c.type, c.scheme, c.evidence, c.line) for c in file.columns] == [
        ("nr", "ignore", "", True, 8),
        ("naam", "full_name", "", True, 9),
        ("pas", "identifier", "passport", False, 10),
    ]
    assert [c.column for c in file.used()] == ["naam", "pas"]
    assert mapping.find(Path("/elsewhere/crm.csv")) is file
    assert mapping.find(Path("other.csv")) is None


@pytest.mark.parametrize(
    ("change", "line", "key", "words"),
    [
        (("full_name", "ful_name"), 9, "files › crm.csv › columns › naam", "did you mean full_name?"),
        (("record_id: nr", "recordid: nr"), 6, "files › crm.csv › recordid", "did you mean record_id?"),
        (("scheme: passport", "schema: passport"), 10, "files › crm.csv › columns › pas › schema", "unknown key"),
        (('delimiter: ";"', "delimiter: ;;"), 5, "files › crm.csv › delimiter", "expected one character"),
        (("country: BE", "country: belgium"), 2, "country", "two capitals such as NL"),
        (("record_id: nr", "record_id: 12"), 6, "files › crm.csv › record_id", "expected a text, found 12"),
        (("columns:", "colums:"), 7, "files › crm.csv › colums", "did you mean columns?"),
        (("naam: full_name", "nr: full_name"), 9, "nr", "stands here twice"),
        (("naam: full_name", "naam: [full_name]"), 9, "files › crm.csv › columns › naam", "is not known"),
        (("naam: full_name", "naam: *x"), 9, "*x", "aliases are not used"),
    ],
)
def test_mapping_error_names_line_key_and_what_was_expected(
    tmp_path: Path, change: tuple[str, str], line: int, key: str, words: str
) -> None:
    error = _error(tmp_path, GOOD.replace(*change))
    assert (error.line, error.key) == (line, key)
    assert words in error.text["en"]
    assert error.text["nl"] != error.text["en"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("files: [1, 2\n", 2, "not YAML"),
        ("files:\n  a: {columns: {x: given_name}\n  b: 1\n", 3, "not YAML"),
        ("version: 2\nfiles: {a: {columns: {}}}\n", 1, "expected 1, found 2"),
        ("files: {}\n", 1, "at least one file"),
        ("version: 1\n", 1, "the key `files` is missing"),
        ("- a\n", 1, "expected keys with values"),
    ],
)
def test_mapping_that_is_no_mapping_is_a_clear_error(tmp_path: Path, text: str, line: int, words: str) -> None:
    error = _error(tmp_path, text)
    assert error.line == line
    assert words in error.text["en"]


def test_mapping_in_another_encoding_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes("files:\n  café.csv: {columns: {}}\n".encode("cp1252"))
    with pytest.raises(MappingError, match="UTF-8") as caught:
        read_mapping(path)
    assert caught.value.line == 2


def test_check_columns_suggests_the_column_that_was_meant(tmp_path: Path) -> None:
    (file,) = _read(tmp_path, GOOD).files
    with pytest.raises(MappingError, match="did you mean 'naam2'") as caught:
        check_columns(tmp_path / "map.yaml", file, ["nr", "naam2", "pas"])
    assert caught.value.line == 9


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=15)
COLUMNS = st.builds(
    ColumnMapping,
    column=NAMES,
    type=st.sampled_from([t.value for t in FieldType]),
    scheme=st.one_of(st.just(""), NAMES),
    group=st.one_of(st.just(""), NAMES),
    evidence=st.booleans(),
)


@given(
    name=NAMES,
    columns=st.lists(COLUMNS, max_size=5, unique_by=lambda c: c.column),
    delimiter=st.sampled_from([None, ";", ",", "\t", "|", "\x1f"]),
    record_id=NAMES,
)
def test_written_mapping_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    columns: list[ColumnMapping],
    delimiter: str | None,
    record_id: str,
) -> None:
    written = Mapping((FileMapping(name, tuple(columns), record_id=record_id, delimiter=delimiter, header=True),))
    path = tmp_path_factory.mktemp("mapping") / "map.yaml"
    path.write_text(write_mapping(written, "nl", [t.value for t in FieldType]), encoding="utf-8")
    read = read_mapping(path)
    (file,) = read.files
    assert (file.name, file.record_id, file.delimiter, file.header) == (name, record_id, delimiter, True)
    found = [(c.column, c.type, c.scheme, c.group, c.evidence) for c in file.columns]
    assert found == [(c.column, c.type, c.scheme, c.group, c.evidence) for c in columns]
