"""The root of the command line: its help page, its speed and its exit codes."""

import os
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from klantbeeld.cli.commands import COMMANDS, SECTIONS
from klantbeeld.cli.dutch import WORDS
from klantbeeld.cli.language import language_of
from klantbeeld.cli.root import load, root


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_every_row_of_the_table_is_a_command_with_both_languages(row) -> None:
    command = load(row)
    assert isinstance(command, click.Command)
    assert row.section in SECTIONS
    assert row.summary["nl"] != row.summary["en"]


@pytest.mark.parametrize(("language", "expected"), [("en", "Exit codes"), ("nl", "Exitcodes")])
def test_help_lists_every_command_in_the_language_of_the_reader(
    monkeypatch: pytest.MonkeyPatch, language: str, expected: str
) -> None:
    monkeypatch.setenv("KLANTBEELD_LANGUAGE", language)
    result = CliRunner().invoke(root, ["--help"])
    assert result.exit_code == 0
    assert expected in result.output
    for row in COMMANDS:
        assert row.name in result.output


def test_help_imports_no_command_and_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['klantbeeld', '--help']\n"
        "from klantbeeld.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'pyarrow', 'numpy', 'numba', 'django', 'rich', 'yaml', 'httpx', 'psycopg'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")


def test_help_of_resolve_imports_no_heavy_library() -> None:
    code = (
        "import klantbeeld.cli.resolve.command, sys\n"
        "sys.exit(sorted({'pyarrow', 'numpy', 'numba'} & set(sys.modules)) or 0)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")


def test_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(root, ["nosuch"])
    assert result.exit_code == 2
    assert "No such command 'nosuch'" in result.output


@pytest.mark.parametrize(
    ("environment", "arguments", "language"),
    [
        ({}, [], "en"),
        ({"LANG": "nl_NL.UTF-8"}, [], "nl"),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": "C"}, [], "en"),
        ({"KLANTBEELD_LANGUAGE": "nl", "LC_ALL": "C"}, [], "nl"),
        ({"LANG": "nl_NL"}, ["resolve", "--language", "en"], "en"),
        ({}, ["resolve", "--language=nl"], "nl"),
        ({}, ["resolve", "--language", "fr"], "en"),
        ({}, ["--language"], "en"),
    ],
)
def test_language_of_prefers_what_was_asked(environment: dict[str, str], arguments: list[str], language: str) -> None:
    assert language_of(environment, arguments) == language


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["resolve", "--help"], 0, "Gebruik: klantbeeld resolve [OPTIONS] FILES..."),
        (["resolve", "nosuch.csv"], 2, "bestaat niet"),
        (["resolve", "--nosuch"], 2, "Onbekende optie '--nosuch'."),
        (["nosuch"], 2, "Fout: Onbekend commando 'nosuch'."),
    ],
)
def test_help_and_errors_are_dutch_for_who_reads_dutch(arguments: list[str], code: int, words: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from klantbeeld.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "KLANTBEELD_LANGUAGE": "nl"},
    )
    assert found.returncode == code
    assert words in found.stdout + found.stderr


def test_dutch_words_of_click_keep_their_places() -> None:
    for english, dutch in WORDS.items():
        assert sorted(re.findall(r"{[^}]+}", english)) == sorted(re.findall(r"{[^}]+}", dutch))
