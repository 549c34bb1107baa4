"""python -m klantbeeld.config.translations: compile what changed; --check what is missing; --collect new texts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from klantbeeld.config.translations.catalogue import Message, compile_mo, read_po, write_po
from klantbeeld.config.translations.texts import Text, find_texts

PACKAGE = Path(__file__).resolve().parents[2]
# The texts themselves are English, so Dutch is the only language to translate to.
_LANGUAGE = "nl"
_HEADER = Message(
    "",
    (
        "Language: nl\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
    ),
)


def catalogues(package: Path = PACKAGE) -> list[Path]:
    """The .po files of all our packages."""
    return sorted(package.glob(f"*/locale/{_LANGUAGE}/LC_MESSAGES/django.po"))


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Write the .mo beside each .po that is newer; returns what was written."""
    written = []
    for source in catalogues(package):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(f".{os.getpid()}")
        draft.write_bytes(compile_mo(read_po(source)))
        draft.replace(target)
        written.append(target)
    return written


def missing(package: Path = PACKAGE) -> list[str]:
    """One line for each text without a Dutch translation, and for each translation that no text uses."""
    texts = find_texts(package)
    known = {message.key: message for path in catalogues(package) for message in read_po(path) if message.text}
    lines = [
        f"{text.path.relative_to(package)}:{text.line}: no Dutch for {text.text!r}"
        for key, text in texts.items()
        if key not in known or not known[key].is_translated
    ]
    lines += [f"nothing uses the translation of {key[1]!r}" for key in known if key not in texts]
    return lines


def collect(package: Path = PACKAGE) -> int:
    """Bring the .po files up to date with the texts in use: new ones come in empty, unused ones go out."""
    texts = find_texts(package)
    placed: dict[Path, list[Message]] = {path: [] for path in catalogues(package)}
    known: set[tuple[str | None, str]] = set()
    for path in placed:
        for message in read_po(path):
            if not message.text or (message.key in texts and message.key not in known):
                placed[path].append(message)
                known.add(message.key)
    fresh = [text for key, text in texts.items() if key not in known]
    for text in fresh:
        path = _catalogue_of(text, package)
        empty = ("",) if text.plural is None else ("", "")
        placed.setdefault(path, [_HEADER]).append(Message(text.text, empty, text.plural, text.context))
    for path, messages in placed.items():
        write_po(path, messages)
    return len(fresh)


def _catalogue_of(text: Text, package: Path) -> Path:
    """Texts of a package are translated beside it."""
    owner = text.path.relative_to(package).parts[0]
    return package / owner / "locale" / _LANGUAGE / "LC_MESSAGES" / "django.po"


def main(arguments: list[str]) -> int:
    """The command; 1 when --check finds something."""
    if arguments == ["--check"]:
        lines = missing()
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 1 if lines else 0
    if arguments == ["--collect"]:
        sys.stdout.write(f"{collect()} new texts to translate\n")
        return 0
    for path in compile_all():
        sys.stdout.write(f"compiled {path.relative_to(PACKAGE)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
