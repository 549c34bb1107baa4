"""Values and words of the review pages, written out for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_noop, pgettext

from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity.contracts import attributes_behind
from klantbeeld.profiles.contracts import Value
from klantbeeld.sources.contracts import StoredRecord
from klantbeeld.stewardship.contracts import State
from klantbeeld.ui.templatetags.moments import day
from klantbeeld.ui.words import label

STATES: Mapping[State, str] = {
    State.REVIEW: gettext_noop("To review"),
    State.AUTOMATIC: gettext_noop("Merged automatically"),
    State.MANUAL: gettext_noop("Merged by hand"),
    State.REFUSED: gettext_noop("Different customers"),
    State.CLOSED: gettext_noop("Nothing to judge"),
}
TONES: Mapping[State, str] = {
    State.REVIEW: "warn",
    State.AUTOMATIC: "good",
    State.MANUAL: "good",
    State.REFUSED: "note",
    State.PUT_OFF: "",
    State.CLOSED: "",
}
DEEDS: Mapping[str, str] = {
    "merge": gettext_noop("merged"),
    "refuse": gettext_noop("said that these are different customers"),
    "undo": gettext_noop("took it back"),
    "move": gettext_noop("moved a record"),
    "split": gettext_noop("split records off"),
    "put_off": gettext_noop("put it off"),
    "resume": gettext_noop("put it back in the queue"),
    "assign": gettext_noop("assigned it to"),
    "comment": gettext_noop("wrote"),
    "propose": gettext_noop("proposed a decision"),
    "decline": gettext_noop("took the proposal away"),
}
LIMITS: Mapping[str, str] = {
    "customers": gettext_noop("customers"),
    "records": gettext_noop("records"),
    "activities": gettext_noop("activities"),
    "contracts": gettext_noop("contracts"),
}


def state_word(state: State) -> str:
    """A state in the reader's language."""
    return pgettext("state", "Put off") if state is State.PUT_OFF else gettext(STATES[state])


def written(value: Any, spec: AttributeSpec | None) -> str:
    """A golden value as people read it."""
    if isinstance(value, Mapping):
        return address(value)
    if spec is not None and spec.type == "date":
        return day(str(value))
    if spec is not None and spec.type == "boolean":
        return gettext("yes") if value else gettext("no")
    chosen = dict(spec.choices).get(str(value)) if spec is not None else None
    return label(chosen) if chosen else str(value)


def address(parts: Mapping[str, Any]) -> str:
    """An address on one line: `Dam 1 A, 1012 JS Amsterdam`."""
    part = {name: str(value) for name, value in parts.items() if value not in (None, "")}
    street = " ".join(part[name] for name in ("street", "house_number", "house_suffix") if name in part)
    postcode = part.get("postcode", "").replace(" ", "")
    if len(postcode) == 6 and postcode[:4].isdigit():
        postcode = f"{postcode[:4]} {postcode[4:].upper()}"
    town = " ".join(piece for piece in (postcode, part.get("city", "")) if piece)
    return ", ".join(piece for piece in (street, town) if piece) or ", ".join(part.values())


def texts(values: Sequence[Value], spec: AttributeSpec | None) -> tuple[str, ...]:
    """The values of an attribute, each once."""
    return tuple(dict.fromkeys(written(value.value, spec) for value in values))


def stated(field: str, record: StoredRecord | None, allowed: frozenset[str]) -> str:
    """What a record states for a compared field; what the reader may not see for his purpose is said to be hidden."""
    if record is None:
        return ""
    specs = attributes(record.kind.code)
    codes = attributes_behind(field)
    found = []
    if field.startswith("ids:"):
        found = [one.value for one in record.identifiers if one.scheme == field[4:]]
    for code in codes:
        value = record.attributes.get(code)
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            plain = entry["value"] if isinstance(entry, Mapping) and "value" in entry else entry
            if plain not in (None, ""):
                found.append(written(plain, specs.get(code)))
    if found and any(code in specs and code not in allowed for code in codes):
        return gettext("not for this purpose")
    return ", ".join(dict.fromkeys(found))
