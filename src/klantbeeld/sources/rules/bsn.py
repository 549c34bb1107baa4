"""Finding citizen service numbers (BSN), so that they can be refused: Dutch law forbids keeping them without a ground
(UAVG article 46), and consent is no ground.

9% of all numbers of nine digits pass the 11-test, so one value proves nothing. A column is refused when its name says
so, or when so many of its distinct values pass that chance is excluded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Any

from klantbeeld.kit.labels import Label
from klantbeeld.sources.contracts import Draft

NAMES = frozenset({"bsn", "sofi", "bsnnr", "bsnnummer", "sofinr", "sofinummer"})
NAME_PARTS = ("burgerservicen", "sofinummer", "sofinr", "bsnnummer", "bsnnr", "citizenservicen")
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
MARKS = ("bsn", "sofi", "burgerserv", "citizen serv")
#: What stands in every text that is worth a closer look; names of fields are written in more ways than words in a text.
_TRACES = (b"bsn", b"sofi", b"burgerserv", b"citizen")
#: UAVG article 46: not without a legal ground, and consent is none.
REFUSED = Label(
    nl="een burgerservicenummer (BSN) wordt geweigerd: er is geen wettelijke grond om het te bewaren",
    en="a citizen service number (BSN) is refused: there is no legal ground to keep it",
)
IN_TEXT = re.compile(
    r"(\b(?:bsn|burgerservicen\w*|sofi\w*|citizen service n\w*)\b\D{0,15})(\d(?:[ .-]?\d){7,8})(?!\d)", re.IGNORECASE
)
LONE = re.compile(r"(?<!\d)\d{8,9}(?!\d)")
MASK = "•" * 9
# Evidence in bits. Of BSNs with typing errors 97% pass; of other numbers one in eleven.
PASSES, FAILS = log2(0.97 * 11), log2(0.03 * 11 / 10)
ENOUGH = 20.0  # bits: one in a million
DISTINCT_KEPT = 4096
DENSE = 100  # a column that fills at least 1 in so many numbers of its range is a sequence


def passes_eleven_test(digits: str) -> bool:
    """Does a text of 8 or 9 digits pass the test of BSNs: weights 9 8 7 6 5 4 3 2 -1, sum a multiple of 11?"""
    if len(digits) == 8:
        digits = "0" + digits
    a, b, c, d, e, f, g, h, i = map(int, digits)
    total = 9 * a + 8 * b + 7 * c + 6 * d + 5 * e + 4 * f + 3 * g + 2 * h - i
    return total % 11 == 0 and digits != "000000000"


def is_named(column: str) -> bool:
    """Does the name of a column, attribute or scheme say that it holds BSNs?"""
    words = [word.lower() for word in WORDS.findall(column.rsplit(".", 1)[-1])]
    joined = "".join(words)
    return any(word in NAMES for word in words) or any(part in joined for part in NAME_PARTS) or joined in NAMES


def digits_of(value: str) -> str | None:
    """The 8 or 9 digits of a value that could be a BSN, else None."""
    if not 8 <= len(value) <= 12 or not value[0].isdigit():
        return None
    digits = value if value.isdigit() else value.replace(" ", "").replace(".", "").replace("-", "")
    return digits if 8 <= len(digits) <= 9 and digits.isascii() and digits.isdigit() else None


def mask_text(text: str) -> tuple[str, int]:
    """A text without the BSNs that its own words call so, and how many there were."""
    count = 0

    def hide(found: re.Match[str]) -> str:
        nonlocal count
        digits = re.sub(r"\D", "", found.group(2))
        if not passes_eleven_test(digits):
            return found.group(0)
        count += 1
        return found.group(1) + MASK

    return IN_TEXT.sub(hide, text), count


def mask_unplaced(text: str) -> str:
    """A text of which the columns are not known, without any number that passes the 11-test."""
    return LONE.sub(lambda found: MASK if passes_eleven_test(found.group(0)) else found.group(0), text)


def may_hold(*texts: bytes | None) -> bool:
    """Is it worth looking for BSNs in these texts? Nearly all records are done with this."""
    low = b"\0".join([text for text in texts if text]).lower()
    return any(trace in low for trace in _TRACES)


def find_in(draft: Draft) -> list[str]:
    """Where a draft holds a BSN, as JSON pointers into a record (`/attributes/title`); never the value.

    A number is one when the field that it stands in is called so, or when the words before it say so and it passes the
    11-test. Of a lone number nothing can be told.
    """
    found = [*_places(draft.attributes, "/attributes"), *_places(draft.raw, "/raw")]
    found += [
        f"/identifiers/{number}"
        for number, one in enumerate(draft.identifiers)
        if is_named(one.scheme) or is_told(one.value)
    ]
    if not draft.gone and is_told(draft.external_id):  # what got in before can be taken out
        found.append("/external_id")
    for number, role in enumerate(draft.roles):
        found += [
            f"/roles/{number}/{end}/external_id"
            for end, one in (("holder", role.holder), ("target", role.target))
            if one.external_id != draft.external_id and is_told(one.external_id)
        ]
    return list(dict.fromkeys(found))


def is_told(text: str) -> bool:
    """Does a text hold a number that its own words call a BSN?"""
    return mask_text(text)[1] > 0


def _places(value: Any, place: str) -> Iterator[str]:
    """Places in a tree whose name or whose words say that a BSN stands there."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            below = f"{place}/{str(name).replace('~', '~0').replace('/', '~1')}"
            if inner not in (None, "", [], {}) and is_named(str(name)):
                yield below
            else:
                yield from _places(inner, below)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _places(inner, f"{place}/{number}")
    elif isinstance(value, str) and is_told(value):
        yield place


@dataclass(slots=True)
class Column:
    """What was seen of one column: its distinct values of 8 or 9 digits, and how many of them pass."""

    seen: set[str] = field(default_factory=set)
    passed: int = 0
    others: int = 0  # values that are no such number
    named: bool = False

    def add(self, values: Iterable[str | None]) -> None:
        """Take in values of the column."""
        for value in values:
            if not value:
                continue
            digits = digits_of(value)
            if digits is None:
                self.others += 1
            elif digits not in self.seen and len(self.seen) < DISTINCT_KEPT:
                self.seen.add(digits)
                self.passed += passes_eleven_test(digits)

    @property
    def evidence(self) -> float:
        """Bits in favour of BSNs: log2 of the likelihood ratio over the distinct values."""
        return self.passed * PASSES + (len(self.seen) - self.passed) * FAILS

    @property
    def is_refused(self) -> bool:
        """Must this column be refused?"""
        if self.named:
            return True
        if self.evidence < ENOUGH or self.others > 9 * len(self.seen):
            return False
        numbers = sorted(map(int, self.seen))
        return numbers[-1] - numbers[0] >= DENSE * len(numbers)


class Guard:
    """Watches the columns of one feed, and takes BSNs out of its rows.

    `excepted` columns were declared to hold other numbers; a name that says BSN is believed all the same.
    """

    def __init__(self, columns: Sequence[str], excepted: Iterable[str] = ()) -> None:
        self.columns = list(columns)
        self._excepted = frozenset(excepted)
        self._watched = [Column(named=is_named(name)) for name in self.columns]
        self.refused = [place for place, column in enumerate(self._watched) if column.named]
        self.counts: Counter[str] = Counter()

    def inspect(self, rows: Sequence[Sequence[str | None]]) -> None:
        """Look at rows before anything of them is used; may refuse more columns."""
        for place, values in enumerate(zip(*rows, strict=True)):
            column = self._watched[place]
            if place in self.refused or self.columns[place] in self._excepted:
                continue
            column.add(values)
            if column.is_refused:
                self.refused.append(place)

    def strip(self, row: list[str | None]) -> None:
        """Take refused values out of a row, in place, and count them."""
        for place in self.refused:
            if row[place]:
                self.counts[self.columns[place]] += 1
                row[place] = None
        low = "\x1f".join(filter(None, row)).lower()
        if any(mark in low for mark in MARKS):
            for place, value in enumerate(row):
                if value and any(mark in value.lower() for mark in MARKS):
                    row[place], found = mask_text(value)
                    if found:
                        self.counts[self.columns[place]] += found

    def take_counts(self) -> dict[str, int]:
        """How many values were refused per column since the last call."""
        counts, self.counts = dict(self.counts), Counter()
        return counts
