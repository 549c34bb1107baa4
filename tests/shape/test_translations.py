"""Every text that people read exists in Dutch, and our compiler says what Python's gettext understands."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantbeeld.config.translations.__main__ import missing
from klantbeeld.config.translations.catalogue import CatalogueError, Message, compile_mo, read_po, write_po

HEADER = Message("", ("Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",))
# Characters that XML and .po can hold; the separators of .mo cannot stand in a text.
TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1)


def test_every_text_has_its_dutch() -> None:
    assert missing() == []


@given(st.dictionaries(TEXT, TEXT, max_size=8))
def test_compiled_catalogue_gives_every_translation(entries: dict[str, str]) -> None:
    messages = [HEADER, *(Message(text, (translation,)) for text, translation in entries.items())]
    catalogue = gettext.GNUTranslations(io.BytesIO(compile_mo(messages)))
    assert {text: catalogue.gettext(text) for text in entries} == entries


def test_compiled_catalogue_knows_plural_and_context() -> None:
    messages = [
        HEADER,
        Message("%(n)s customer", ("%(n)s klant", "%(n)s klanten"), plural="%(n)s customers"),
        Message("Open", ("Openstaand",), context="state"),
        Message("Open", ("Openen",), context="button"),
        Message("Doubtful", ("Twijfelachtig",), is_fuzzy=True),
        Message("Empty", ("",)),
    ]
    catalogue = gettext.GNUTranslations(io.BytesIO(compile_mo(messages)))
    assert catalogue.ngettext("%(n)s customer", "%(n)s customers", 1) == "%(n)s klant"
    assert catalogue.ngettext("%(n)s customer", "%(n)s customers", 2) == "%(n)s klanten"
    assert catalogue.pgettext("state", "Open") == "Openstaand"
    assert catalogue.pgettext("button", "Open") == "Openen"
    assert catalogue.gettext("Doubtful") == "Doubtful"
    assert catalogue.gettext("Empty") == "Empty"


@given(st.lists(st.tuples(TEXT | st.just('a "b"\n\tc\\'), TEXT), max_size=6, unique_by=lambda pair: pair[0]))
def test_written_catalogue_reads_back(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    path = tmp_path_factory.mktemp("po") / "django.po"
    messages = [HEADER, *(Message(text, (translation,), context=None) for text, translation in pairs)]
    write_po(path, messages)
    assert sorted(read_po(path), key=lambda message: message.text) == sorted(messages, key=lambda message: message.text)


def test_broken_catalogue_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text('msgid "One"\nmsgstr "Een"\n\nmsgid Two\nmsgstr "Twee"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"django\.po:4: cannot read 'msgid Two'"):
        read_po(path)
