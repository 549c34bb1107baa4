"""Cards with contacts (vCard 2.1, 3.0: RFC 2426, 4.0: RFC 6350) as records with one name for one thing.

uid, rev, kind, full_name, family_name, given_name, additional_names, honorific_prefix, honorific_suffix, nickname,
organisation, department, title, role, birth_date, gender, url, note, language, categories; phones and e-mail addresses
as `phone` (a list of {value, type}) and, for one place each, `phone_mobile`, `phone_home`, `phone_work`, `phone_other`,
`email_home`, `email_work`, `email_other`; addresses as `address` (a list) and `address_home`, `address_work`,
`address_other`, each with box, extended, street, city, region, postcode, country. A second one of a type gets `_2`.

Our own: vobject 0.9 (last released in 2024, needs pytz and six) and its fork vobjectx 0.6 have no vCard 4.0, keep a
list of types in quotes as one type, and end the file at the first line or charset that they do not know (or leave
the line out without a word); naming the fields, which is most of this, would remain.
"""

import quopri
import re
from collections.abc import Iterator
from typing import Any, TextIO

from klantbeeld.engines.files.errors import Refusals
from klantbeeld.engines.files.limits import Limits
from klantbeeld.engines.files.trees import fault_of

LINE = re.compile(r'(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:"[^"]*"|[^":;])*)*):(.*)', re.DOTALL)
PARAMETER = re.compile(r';((?:"[^"]*"|[^";])*)')
PLAIN = {
    "UID": "uid",
    "REV": "rev",
    "KIND": "kind",
    "FN": "full_name",
    "NICKNAME": "nickname",
    "TITLE": "title",
    "ROLE": "role",
    "BDAY": "birth_date",
    "ANNIVERSARY": "anniversary",
    "DEATHDATE": "death_date",
    "URL": "url",
    "NOTE": "note",
    "LANG": "language",
    "CATEGORIES": "categories",
    "TZ": "time_zone",
}
NAME = ("family_name", "given_name", "additional_names", "honorific_prefix", "honorific_suffix")
ADDRESS = ("box", "extended", "street", "city", "region", "postcode", "country")
BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
TYPES = {"CELL": "mobile", "MOBILE": "mobile", "HOME": "home", "WORK": "work", "FAX": "fax", "PAGER": "pager"}
EXCERPT = 2_000


def iterate_cards(text: TextIO, refusals: Refusals, limits: Limits) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (number of its first line, record) of each card."""
    first, size = 0, 0
    lines: list[str] = []
    for number, line in _logical(text, limits):
        upper = line[:12].strip().upper()
        if upper == "BEGIN:VCARD":
            if first:
                refusals.add(first, "not_vcard", "\n".join(lines)[:EXCERPT])
            first, lines, size = number, [line], len(line)
        elif not first:
            if line.strip():
                refusals.add(number, "not_vcard", line[:EXCERPT])
        elif upper == "END:VCARD":
            if size > limits.record_bytes:
                refusals.add(first, "too_long", "\n".join(lines)[:EXCERPT])
            elif (card := _judged(first, lines[1:], refusals, limits)) is not None:
                yield first, card
            first = 0
        else:
            size += len(line)
            if size <= limits.record_bytes:
                lines.append(line)
    if first:
        refusals.add(first, "not_vcard", "\n".join(lines)[:EXCERPT])


def _logical(text: TextIO, limits: Limits) -> Iterator[tuple[int, str]]:
    """Lines with what was folded put together again (RFC 6350 section 3.2; soft breaks of quoted-printable)."""
    number, first, whole = 0, 0, None
    size = 0
    while line := text.readline(limits.record_bytes):
        number += 1
        body = line.rstrip("\r\n")
        soft = whole is not None and whole[-1].endswith("=") and "QUOTED-PRINTABLE" in whole[0].upper()
        if whole is not None and (body[:1] in (" ", "\t") or soft):
            body = body if soft else body[1:]
            size += len(body)
            if size - len(body) <= limits.record_bytes:  # beyond that the card is refused, and no more is kept
                if soft:
                    whole[-1] = whole[-1][:-1]
                whole.append(body)
            continue
        if whole is not None:
            yield first, "".join(whole)
        first, whole, size = number, [body], len(body)
    if whole is not None:
        yield first, "".join(whole)


def _judged(number: int, lines: list[str], refusals: Refusals, limits: Limits) -> dict[str, Any] | None:
    card = _Card()
    for line in lines:
        found = LINE.fullmatch(line)
        if found is None:
            if not line.strip():
                continue
            refusals.add(number, "not_vcard", line[:EXCERPT])
            return None
        card.add(found.group(1).upper(), _parameters(found.group(2)), found.group(3))
    if fault := fault_of(card.tree, limits):
        refusals.add(number, fault[0], "\n".join(lines)[:EXCERPT], fault[1])
        return None
    return card.tree


class _Card:
    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}

    def add(self, name: str, parameters: dict[str, list[str]], value: str) -> None:
        if name in BINARY:
            return
        value = _decoded(parameters, value)
        if name == "N":
            for field, part in zip(NAME, _split(value, ";"), strict=False):
                self._put(field, part)
        elif name == "ORG":
            organisation, *units = _split(value, ";")
            self._put("organisation", organisation)
            self._put("department", ", ".join(filter(None, units)))
        elif name == "GENDER":
            self._put("gender", _split(value, ";")[0])
        elif name == "ADR":
            parts = {field: part for field, part in zip(ADDRESS, _split(value, ";"), strict=False) if part}
            if parts:
                self._typed("address", parts, _type(parameters))
        elif name == "TEL":
            text = _unescaped(value)
            self._typed("phone", text[4:] if text.lower().startswith("tel:") else text, _type(parameters))
        elif name == "EMAIL":
            text = _unescaped(value)
            self._typed("email", text[7:] if text.lower().startswith("mailto:") else text, _type(parameters))
        elif name in PLAIN:
            self._put(PLAIN[name], _unescaped(value))
        elif name not in ("VERSION", "PRODID"):
            self._put(name.lower(), _unescaped(value))

    def _typed(self, name: str, value: Any, type_: str) -> None:
        if not value:
            return
        item = {**value, "type": type_} if isinstance(value, dict) else {"value": value, "type": type_}
        self.tree.setdefault(name, []).append(item)
        self._put(f"{name}_{type_}", value)

    def _put(self, name: str, value: Any) -> None:
        if not value:
            return
        place, number = name, 2
        while place in self.tree:
            place, number = f"{name}_{number}", number + 1
        self.tree[place] = value


def _parameters(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in PARAMETER.findall(text):
        key, equals, value = part.partition("=")
        if not equals:  # vCard 2.1: TEL;HOME:...
            key, value = ("ENCODING" if part.upper() in ("QUOTED-PRINTABLE", "BASE64") else "TYPE"), part
        values = [one.strip().strip('"') for one in value.strip('"').split(",")]
        found.setdefault(key.strip().upper(), []).extend(values)
    return found


def _type(parameters: dict[str, list[str]]) -> str:
    given = [one.upper() for one in parameters.get("TYPE", ())]
    return next((type_ for name, type_ in TYPES.items() if name in given), "other")


def _decoded(parameters: dict[str, list[str]], value: str) -> str:
    if "QUOTED-PRINTABLE" in (one.upper() for one in parameters.get("ENCODING", ())):
        charset = next(iter(parameters.get("CHARSET", ())), "utf-8")
        data = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
        try:
            return data.decode(charset, "surrogateescape")
        except LookupError:
            return data.decode("utf-8", "surrogateescape")
    return value


def _split(value: str, sign: str) -> list[str]:
    """Parts between signs that are not escaped, unescaped."""
    return [_unescaped(part).strip() for part in re.split(rf"(?<!\\){sign}", value)]


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found.group(1) in "nN" else found.group(1), value).strip()
