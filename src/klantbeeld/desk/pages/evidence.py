"""Evidence between two records made ready to read: bars, chances and a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from klantbeeld.desk.pages.spelling import Spelling
from klantbeeld.desk.pages.values import address, spaced
from klantbeeld.desk.pages.words import number_word
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity.contracts import STATED_BY, PairExplained, Step, attributes_behind
from klantbeeld.sources.contracts import StoredRecord
from klantbeeld.ui.templatetags.figures import chance
from klantbeeld.ui.templatetags.moments import day
from klantbeeld.ui.words import label

HALF = 100
"""Half the width of the drawing in which a bar of evidence stands."""
TOLD, SILENT = 0.5, 0.05
"""Bits from which a step is named in the sentence, and below which it says nothing."""

# The fields of the matcher, in words.
FIELDS: Mapping[str, str] = {
    "given": gettext_noop("Given name"),
    "initials": gettext_noop("Initials"),
    "family": gettext_noop("Family name"),
    "generation": gettext_noop("Junior or senior"),
    "gender": gettext_noop("Gender"),
    "birth": gettext_noop("Date of birth"),
    "address": gettext_noop("Address"),
    "phone": gettext_noop("Phone number"),
    "email": gettext_noop("E-mail address"),
    "organisation": gettext_noop("Name"),
    "name": gettext_noop("Name"),
    "source": gettext_noop("Source"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One field's evidence as a bar to the right (for) or to the left (against) of the middle."""

    label: str
    left: str
    right: str
    level: str
    weight: float
    tone: str
    x: float
    length: float


@dataclass(frozen=True, slots=True)
class Reader:
    """What writes evidence out: the names of the sources, and what the reader may see for his purpose."""

    sources: Mapping[int, str]
    allowed: Collection[str]
    specs: Mapping[str, AttributeSpec]
    spelling: Spelling

    def is_hidden(self, field: str) -> bool:
        """Is the value of a field something that this reader may not see for this purpose?"""
        return any(code in self.specs and code not in self.allowed for code in attributes_behind(field))


def bars(one: PairExplained, left: StoredRecord | None, right: StoredRecord | None, reader: Reader) -> tuple[Bar, ...]:
    """The steps that say something, the strongest first; the prior, from which all pairs set out, last."""
    steps = sorted((step for step in one.steps if tells(step)), key=lambda step: -abs(step.weight))
    longest = max((abs(weight) for weight in (one.prior, *(step.weight for step in steps))), default=1.0) or 1.0
    made = [bar(step, one.rival, longest, left, right, reader) for step in steps]
    if abs(one.prior) >= SILENT:
        made.append(drawn(gettext("Starting point"), "", "", gettext("how often records are one"), one.prior, longest))
    return tuple(made)


def tells(step: Step) -> bool:
    """Does a field say anything of this pair? One that a record does not know is left out of the picture."""
    if abs(step.weight) >= SILENT:
        return True
    return step.field != "source" and step.level != "missing" and bool(step.left or step.right)


def bar(
    step: Step, rival: str, longest: float, left: StoredRecord | None, right: StoredRecord | None, reader: Reader
) -> Bar:
    """One step of the waterfall as a bar, with the values as the two records write them."""
    return drawn(
        field_word(step.field, label(step.label)),
        shown(step.field, step.left, left, reader),
        shown(step.field, step.right, right, reader),
        level(step, rival),
        step.weight,
        longest,
    )


def level(step: Step, rival: str) -> str:
    """How the two values compare, in words; and why what is the same may still speak against."""
    said = label(step.text) if step.text else ""
    if step.weight <= -SILENT and step.level.startswith("same") and rival == "household":
        return gettext("%(level)s; people who live together share it too") % {"level": said.split(",")[0]}
    return said


def drawn(name: str, left: str, right: str, level: str, weight: float, longest: float) -> Bar:
    """A bar, scaled to the longest of its picture."""
    length = abs(weight) / longest * (HALF - 4)
    positive = weight >= 0
    return Bar(name, left, right, level, weight, "plus" if positive else "minus", 0 if positive else -length, length)


def field_word(field: str, otherwise: str) -> str:
    """The name of a compared field as a heading."""
    if field.startswith("ids:"):
        return number_word(field[4:])
    if field in FIELDS:
        return gettext(FIELDS[field])
    return otherwise[:1].upper() + otherwise[1:]


def shown(field: str, value: Any, record: StoredRecord | None, reader: Reader) -> str:
    """A compared value as its record writes it; what was compared when the record does not tell; – for nothing."""
    if reader.is_hidden(field):
        return gettext("not for this purpose") if value else "–"
    if field == "source":
        return reader.sources.get(record.source_id, "") if record else ""
    return (written_in(field, record, reader) if record else "") or plain(value)


def written_in(field: str, record: StoredRecord, reader: Reader) -> str:
    """The value of a field as the record writes it; empty when it has none."""
    if field.startswith("ids:"):
        own = [one.value for one in record.identifiers if one.scheme == field[4:]]
        values = dict.fromkeys(own or stated(record, field[4:], reader))
        return ", ".join(map(spaced, values) if field == "ids:iban" else values)
    for code in STATED_BY.get(field, ()):
        found = ", ".join(dict.fromkeys(stated(record, code, reader)))
        if found:
            prefix = str(record.attributes.get("name_prefix") or "") if code == "family_name" else ""
            return f"{prefix} {found}".strip()
    return ""


def stated(record: StoredRecord, code: str, reader: Reader) -> list[str]:
    """What a record states for an attribute, each as text."""
    value = record.attributes.get(code)
    entries = value if isinstance(value, list) else [value]
    return [text for entry in entries if (text := one_value(entry, code, reader))]


def one_value(entry: Any, code: str, reader: Reader) -> str:
    """One stated value as text."""
    value = entry["value"] if isinstance(entry, Mapping) and "value" in entry else entry
    if value in (None, ""):
        return ""
    if isinstance(value, Mapping):
        return address(value, reader.spelling)
    chosen = dict(reader.specs[code].choices).get(str(value)) if code in reader.specs else None
    return label(chosen) if chosen else day(str(value)) if code == "birth_date" else str(value)


def plain(value: Any) -> str:
    """A compared value that the matcher gives."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values() if part)
    if isinstance(value, list | tuple):
        return ", ".join(plain(part) for part in value)
    return str(value)


def sentence(one: PairExplained) -> str:
    """What speaks for and against two records being one, in a line; the words that decide it come first."""
    return " ".join(part for part in (ground(one), *spoken(one.steps)) if part)


def ground(one: PairExplained) -> str:
    """Why a pair is not joined, when it is not."""
    return {
        "decision": gettext("An employee decided that these are different customers."),
        "queue": gettext("Too little to join them without a person looking."),
        "weak": gettext("Too little evidence to join them."),
        "conflict": gettext("Other records of these customers contradict it."),
    }.get(one.why_not, "")


def spoken(steps: Sequence[Step]) -> list[str]:
    """The three strongest steps for, and the two strongest against. What housemates share too is not against."""
    known = [step for step in steps if step.level != "missing" and step.field != "source"]
    pro = sorted((step for step in known if step.weight >= TOLD), key=lambda step: -step.weight)[:3]
    contra = sorted(
        (step for step in known if step.weight <= -TOLD and not step.level.startswith("same")),
        key=lambda step: step.weight,
    )[:2]
    said = []
    if pro:
        said.append(gettext("For: %(reasons)s.") % {"reasons": "; ".join(map(reason, pro))})
    if contra:
        said.append(gettext("Against: %(reasons)s.") % {"reasons": "; ".join(map(reason, contra))})
    return said


def reason(step: Step) -> str:
    """A step in words: `loyalty card the same`."""
    said = label(step.text).split(",")[0] if step.text else ""
    name = field_word(step.field, label(step.label))
    name = name if name[:2].isupper() else name[:1].lower() + name[1:]
    return f"{name} {said}".strip()


def chance_of(one: PairExplained) -> tuple[str, str]:
    """The chance that two records are one customer, as text, and its tone."""
    return chance(one.probability), "good" if one.probability >= 0.99 else "warn"
