"""What is compiled for tables with many values says what plain Python says of one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantbeeld.engines.matching import texts
from klantbeeld.engines.matching.derived import COMPILED, Derive, head, sound_of_word, word
from klantbeeld.engines.matching.normalise import contact
from klantbeeld.engines.matching.normalise.bulk import read_column
from klantbeeld.engines.matching.normalise.text import clean
from klantbeeld.engines.matching.patterns import pack, patterns_of
from klantbeeld.engines.matching.pool import Pool, bytes_of

for make in (word, sound_of_word):
    for number in (0, 1, 7):
        make(number)
head(4)

NAMES = st.lists(st.text("abcdeghijkqsuxyz@ 1", max_size=14), min_size=1, max_size=30)
PHONES = st.lists(
    st.one_of(st.text("0123456789+-() ./x", max_size=18), st.from_regex(r"(\+31|0031|0)6[0-9]{8}", fullmatch=True)),
    max_size=30,
)
MAILS = st.lists(
    st.one_of(
        st.text("ab.G+@_ -", max_size=12),
        st.builds(
            "{}@{}".format,
            st.text("ab.A+-_9", max_size=8),
            st.sampled_from(["gmail.com", "GMAIL.com", "googlemail.com", "x.nl", ".x", "x."]),
        ),
    ),
    max_size=30,
)


def _texts(data: np.ndarray, start: np.ndarray) -> list[str]:
    return [bytes(data[a:b]).decode() for a, b in pairwise(start)]


@pytest.mark.parametrize("function", list(COMPILED), ids=lambda f: f"{f.__qualname__}-{COMPILED[f]}")
@given(values=NAMES)
@settings(max_examples=40, deadline=None)
def test_derived_texts_are_those_of_the_plain_function(function: Derive, values: list[str]) -> None:
    made = texts.derive(*bytes_of(values), np.arange(len(values)), COMPILED[function])
    assert _texts(*made) == [function(value) for value in values]


@given(PHONES, st.sampled_from(["NL", "GB", ""]))
@settings(max_examples=200, deadline=None)
def test_phone_numbers_of_a_column_are_read_as_one_by_one(values: list[str], country: str) -> None:
    data, start, usual = read_column(*bytes_of(values), False, country)
    for value, found, read in zip(values, _texts(data, start), usual.tolist(), strict=True):
        text = clean(value)
        assert not read or found == (contact.phone(text, country) if text else "")


@given(MAILS)
@settings(max_examples=200, deadline=None)
def test_mail_addresses_of_a_column_are_read_as_one_by_one(values: list[str]) -> None:
    data, start, usual = read_column(*bytes_of(values), True, "NL")
    for value, found, read in zip(values, _texts(data, start), usual.tolist(), strict=True):
        text = clean(value)
        assert not read or found == (contact.email(text) if text else "")


def test_usual_notations_are_read_in_bulk() -> None:
    phones = ["06-12345678", "+31 6 12345678", "0031612345678", "(020) 123 45 67"]
    assert read_column(*bytes_of(phones), False, "NL")[2].all()
    assert read_column(*bytes_of(["Jan.Smit@ziggo.nl", "j.smit@GMAIL.com"]), True, "NL")[2].all()


def test_many_texts_derive_as_few() -> None:
    """A pool takes the compiled road for many values; a text that it cannot read goes the plain one."""
    names = [f"naam{i} de{i % 7}" for i in range(3_000)] + ["müller straße", "a" * 300, "王 小明"]
    pool = Pool()
    codes = pool.codes(names)
    second = pool.derive(codes, word(1))
    assert [pool.texts[c] if c >= 0 else "" for c in second.tolist()] == [word(1)(name) for name in names]
    hashes = pool.hashes(codes, word(1))
    assert (hashes == 0).tolist() == [not word(1)(name) for name in names]
    same = {word(1)(name): h for name, h in zip(names, hashes.tolist(), strict=True)}
    assert [same[word(1)(name)] for name in names] == hashes.tolist()
    assert len(set(same.values())) == len(same)


@given(
    st.lists(st.lists(st.integers(0, 15), min_size=3, max_size=3), min_size=1, max_size=60), st.sampled_from([3, 20])
)
@settings(deadline=None)
def test_patterns_put_every_pair_back(rows: list[list[int]], width: int) -> None:
    levels = np.array([(row * 7)[:width] for row in rows], np.uint8)
    patterns, inverse, counts = patterns_of(levels)
    assert (patterns[inverse] == levels).all()
    assert len({tuple(p) for p in patterns.tolist()}) == len(patterns)
    assert counts.tolist() == np.bincount(inverse, minlength=len(patterns)).tolist()
    assert (np.sort(pack(patterns)) == pack(patterns)).all()


def test_patterns_beyond_the_first_table_are_told_apart() -> None:
    levels = np.array([[i & 15, i >> 4 & 15, i >> 8 & 15, i >> 12] for i in range(20_000)], np.uint8)
    patterns, inverse, counts = patterns_of(np.concatenate([levels, levels]))
    assert len(patterns) == 20_000
    assert (counts == 2).all()
    assert (patterns[inverse[20_000:]] == levels).all()
