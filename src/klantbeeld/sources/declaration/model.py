"""A declaration that was checked, as the readers and the mapper use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from klantbeeld.kit.labels import Label

SCHEMA_VERSION = 1
FILE_TYPES = frozenset({"csv", "xlsx", "json", "ndjson", "xml", "parquet", "vcard"})
DEFAULT_DATES = ("iso", "dd-mm-yyyy")


@dataclass(frozen=True, slots=True)
class Named:
    """A company or brand: the code of one that exists, or code and name of one that may be made."""

    code: str
    name: str = ""

    @classmethod
    def of(cls, value: Any) -> Named | None:
        """From the declaration: a code, or a mapping with code and name."""
        if value is None:
            return None
        return cls(value) if isinstance(value, str) else cls(value["code"], value["name"])


@dataclass(frozen=True, slots=True)
class Reading:
    """How values are written: decimal sign, patterns of dates in the order in which they are tried, marks for empty."""

    decimal: str = "."
    dates: tuple[str, ...] = DEFAULT_DATES
    empty: frozenset[str] = frozenset()
    timezone: str = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True)
class Feed:
    """One file or endpoint: its form, how values are written, and the records in a row (as in the checked text)."""

    name: str
    form: dict[str, Any]
    reading: Reading
    records: tuple[dict[str, Any], ...]
    not_bsn: frozenset[str] = frozenset()
    contract: Mapping[str, Any] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """csv, xlsx, json, ndjson, xml, parquet, vcard, sql, rest or rows."""
        return str(self.form["type"])

    @property
    def is_file(self) -> bool:
        """Is it read from files?"""
        return self.type in FILE_TYPES

    @property
    def is_watched(self) -> bool:
        """Do its files appear in a folder, here or on a server, each to be imported once?"""
        return "folder" in self.form or "sftp" in self.form


@dataclass(frozen=True, slots=True)
class Declaration:
    """A source as declared; `document` is the whole of it as plain values, which is what is stored."""

    code: str
    label: Label
    company: Named
    brand: Named | None
    owner: str
    trust_rank: int
    purpose: str
    schedule: str
    timezone: str
    feeds: tuple[Feed, ...]
    document: dict[str, Any]

    def find_feed(self, name: str) -> Feed | None:
        """The feed of this name; with an empty name the only feed, if there is one."""
        if not name:
            return self.feeds[0] if len(self.feeds) == 1 else None
        return next((feed for feed in self.feeds if feed.name == name), None)


def declaration_of(document: dict[str, Any]) -> Declaration:
    """The declaration in plain values that were checked before (`check.check_document`)."""
    timezone = document.get("timezone", "Europe/Amsterdam")
    company = Named.of(document["company"])
    assert company is not None  # noqa: S101 - the schema requires it
    return Declaration(
        code=document["code"],
        label=document["label"],
        company=company,
        brand=Named.of(document.get("brand")),
        owner=document["owner"],
        trust_rank=document["trust_rank"],
        purpose=document["purpose"],
        schedule=document.get("schedule", ""),
        timezone=timezone,
        feeds=tuple(_feed(feed, timezone) for feed in document["feeds"]),
        document=document,
    )


def _feed(feed: dict[str, Any], timezone: str) -> Feed:
    values = feed.get("values", {})
    return Feed(
        name=feed["name"],
        form=feed["form"],
        reading=Reading(
            decimal=values.get("decimal", "."),
            dates=tuple(values.get("dates", DEFAULT_DATES)),
            empty=frozenset(values.get("empty", ())),
            timezone=timezone,
        ),
        records=tuple(feed["records"]),
        not_bsn=frozenset(feed.get("not_bsn", ())),
        contract=feed.get("contract", {}),
    )
