"""Reading and writing .po files, and compiling them to .mo (GNU gettext manual, "The Format of GNU MO Files")."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_MAGIC = 0x950412DE
_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*(".*")$')


class CatalogueError(ValueError):
    """A .po file is not well-formed; the text names file and line."""


@dataclass(frozen=True, slots=True)
class Message:
    """One entry: its key (context, text, plural text) and its translations, one per plural form."""

    text: str
    translations: tuple[str, ...] = ("",)
    plural: str | None = None
    context: str | None = None
    is_fuzzy: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        """What gettext looks a message up by."""
        return self.context, self.text

    @property
    def is_translated(self) -> bool:
        """Whether every form has a translation that nobody marked as doubtful."""
        return not self.is_fuzzy and all(self.translations)


def read_po(path: Path) -> list[Message]:
    """The messages of a .po file, the header (empty text) first; obsolete entries (#~) are left out."""
    messages = []
    for number, block in _blocks(path.read_text(encoding="utf-8")):
        fields: dict[str, str] = {}
        flags: set[str] = set()
        current = ""
        for line in block:
            if line.startswith("#"):
                flags |= {flag.strip() for flag in line[2:].split(",")} if line.startswith("#,") else set()
                continue
            found = _LINE.match(line)
            if found is None or not (found[1] or current):
                raise CatalogueError(f"{path}:{number}: cannot read {line!r}")
            current = found[1] or current
            fields[current] = fields.get(current, "") + ast.literal_eval(found[2])
        if "msgid" in fields:
            forms = tuple(fields[key] for key in sorted(fields) if key.startswith("msgstr"))
            messages.append(
                Message(fields["msgid"], forms, fields.get("msgid_plural"), fields.get("msgctxt"), "fuzzy" in flags)
            )
    return messages


def _blocks(text: str) -> Iterable[tuple[int, list[str]]]:
    block: list[str] = []
    for number, raw in enumerate([*text.splitlines(), ""], start=1):
        line = raw.strip()
        if line and not line.startswith("#~"):
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def compile_mo(messages: Iterable[Message]) -> bytes:
    """The bytes of a .mo file; untranslated and doubtful messages are left out, so that the English shows."""
    pairs = sorted(
        (_mo_key(message), "\0".join(message.translations).encode())
        for message in messages
        if message.is_translated or not message.text
    )
    start = 28 + 16 * len(pairs)
    ids = b"".join(key + b"\0" for key, _ in pairs)
    texts = b"".join(value + b"\0" for _, value in pairs)
    key_table, value_table = [], []
    key_at, value_at = start, start + len(ids)
    for key, value in pairs:
        key_table += [len(key), key_at]
        value_table += [len(value), value_at]
        key_at += len(key) + 1
        value_at += len(value) + 1
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + struct.pack(f"<{4 * len(pairs)}I", *key_table, *value_table) + ids + texts


def _mo_key(message: Message) -> bytes:
    context = f"{message.context}\x04" if message.context is not None else ""
    plural = f"\0{message.plural}" if message.plural is not None else ""
    return f"{context}{message.text}{plural}".encode()


def write_po(path: Path, messages: Iterable[Message]) -> None:
    """Write a .po file: the header first, then by text."""
    ordered = sorted(messages, key=lambda message: (bool(message.text), message.text.lower(), message.context or ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(_entry(message) for message in ordered) + "\n", encoding="utf-8")


def _entry(message: Message) -> str:
    lines = ["#, fuzzy"] if message.is_fuzzy else []
    if message.context is not None:
        lines.append(f"msgctxt {_quoted(message.context)}")
    lines.append(f"msgid {_quoted(message.text)}")
    if message.plural is None:
        lines.append(f"msgstr {_quoted(message.translations[0])}")
    else:
        lines.append(f"msgid_plural {_quoted(message.plural)}")
        lines += [f"msgstr[{index}] {_quoted(text)}" for index, text in enumerate(message.translations)]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    parts = [f'"{part}"' for part in escaped.replace("\n", "\\n\0").split("\0") if part]
    return "\n".join(['""', *parts]) if len(parts) > 1 else (parts or ['""'])[0]
