"""`klantbeeld attributes`: the catalogue, and adding to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from klantbeeld.cli import imports
from klantbeeld.cli.root import root
from klantbeeld.foundation import catalogue

SIZE = "kind: person\ncode: shoe_size\nlabel: {nl: Schoenmaat, en: Shoe size}\ntype: number\n"


@pytest.fixture(autouse=True)
def _prepared(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "set_up", lambda: None)
    monkeypatch.setenv("KLANTBEELD_LANGUAGE", "en")
    catalogue.forget()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, [str(one) for one in arguments])


def test_added_attribute_is_in_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "size.yaml").write_text(SIZE + "survivorship: [recent]\n", encoding="utf-8")
    done = run("attributes", "add", tmp_path / "size.yaml")
    assert (done.exit_code, done.output) == (0, "person.shoe_size\n")
    spec = catalogue.attributes("person")["shoe_size"]
    assert (spec.type, spec.survivorship, spec.custom) == ("number", ("recent",), True)
    assert "Shoe size" in run("attributes").output
    catalogue.forget()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SIZE.replace("type: number\n", ""), "'type' is missing"),
        (SIZE + "colour: red\n", "Unknown key 'colour'"),
        (SIZE.replace("{nl: Schoenmaat, en: Shoe size}", "Maat"), "'label' needs a text in nl and one in en"),
        (SIZE.replace("number", "shoe"), "shoe"),
        ("just text", "Expected keys with values"),
    ],
)
def test_wrong_attribute_is_refused_with_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "size.yaml").write_text(text, encoding="utf-8")
    done = run("attributes", "add", tmp_path / "size.yaml")
    assert done.exit_code == 1
    assert message in done.output
    assert "shoe_size" not in catalogue.attributes("person")
