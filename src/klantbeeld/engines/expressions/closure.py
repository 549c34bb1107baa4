"""Typed tree to a Python closure: one function per node, made once, called for every record. None is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from klantbeeld.engines.expressions import values
from klantbeeld.engines.expressions.typed import (
    AllOrAny,
    Apply,
    Choice,
    Comprehension,
    Constant,
    Given,
    Items,
    Known,
    Matches,
    Member,
    Read,
    Typed,
    Variable,
    Widen,
)
from klantbeeld.engines.expressions.types import Kind, Type


@dataclass(slots=True)
class Frame:
    """What one evaluation looks at: the record, what is handed in, and the elements the macros are at."""

    record: Mapping[str, Any]
    now: datetime
    today: date
    zone: str
    elements: list[Any] = field(default_factory=list)


Step = Callable[[Frame], Any]

_READERS: dict[Kind, Callable[[object], Any]] = {
    Kind.BOOLEAN: values.read_boolean,
    Kind.INTEGER: values.read_integer,
    Kind.DECIMAL: values.read_decimal,
    Kind.TEXT: values.read_text,
    Kind.DATE: values.read_date,
    Kind.MOMENT: values.read_moment,
    Kind.DURATION: values.read_duration,
    Kind.LABELS: values.read_labels,
}


def make_closure(node: Typed) -> Step:
    """Return the function that computes the node for a frame."""
    match node:
        case Constant(value=value):
            return lambda frame: value
        case Read(type=type_, path=path):
            return _read(type_, path)
        case Given(clock=clock):
            name = clock.value
            return lambda frame: getattr(frame, name)
        case Variable(slot=slot):
            return lambda frame: frame.elements[slot]
        case Known(read=read):
            reader = make_closure(read)
            return lambda frame: reader(frame) is not None
        case AllOrAny(every=every, terms=terms):
            return _all_or_any(tuple(make_closure(term) for term in terms), not every)
        case Choice(condition=condition, yes=yes, no=no):
            return _choice(make_closure(condition), make_closure(yes), make_closure(no))
        case Items(items=items):
            steps = tuple(make_closure(item) for item in items)
            return lambda frame: tuple(step(frame) for step in steps)
        case Member(item=item, list=several):
            return _member(make_closure(item), make_closure(several))
        case Apply(overload=overload, operands=operands, given=given):
            return _apply(overload.compute, tuple(make_closure(each) for each in (*operands, *given)))
        case Widen(operand=operand):
            return _widen(make_closure(operand), node.type.kind is Kind.LIST)
        case Matches(operand=operand, regex=regex):
            return _apply(regex.automaton.search, (make_closure(operand),))
        case Comprehension():
            return _comprehension(node)
    raise TypeError(f"A {type(node).__name__} cannot be computed.")


def _read(type_: Type, path: tuple[str, ...]) -> Step:
    reader: Callable[[object], Any]
    if type_.kind is Kind.LIST:
        reader = partial(values.read_list, element=_READERS[type_.of.kind])
    else:
        reader = _READERS[type_.kind]
    if len(path) == 1:
        key = path[0]
        return lambda frame: reader(frame.record.get(key))

    def read(frame: Frame) -> Any:
        raw: Any = frame.record
        for part in path:
            raw = raw.get(part) if isinstance(raw, Mapping) else None
        return reader(raw)

    return read


def _all_or_any(terms: tuple[Step, ...], decisive: bool) -> Step:
    def run(frame: Frame) -> bool | None:
        result: bool | None = not decisive
        for term in terms:
            value: bool | None = term(frame)
            if value is decisive:
                return decisive
            if value is None:
                result = None
        return result

    return run


def _choice(condition: Step, yes: Step, no: Step) -> Step:
    def run(frame: Frame) -> Any:
        chosen = condition(frame)
        if chosen is None:
            return None
        return yes(frame) if chosen else no(frame)

    return run


def _member(item: Step, several: Step) -> Step:
    def run(frame: Frame) -> bool | None:
        elements = several(frame)
        if elements is None:
            return None
        wanted = item(frame)
        if wanted is None:
            return None if elements else False
        if any(element is not None and element == wanted for element in elements):
            return True
        return None if None in elements else False

    return run


def _apply(compute: Callable[..., Any], operands: tuple[Step, ...]) -> Step:
    if len(operands) == 1:
        only = operands[0]

        def one(frame: Frame) -> Any:
            value = only(frame)
            return None if value is None else compute(value)

        return one
    if len(operands) == 2:
        first, second = operands

        def two(frame: Frame) -> Any:
            left = first(frame)
            if left is None:
                return None
            right = second(frame)
            return None if right is None else compute(left, right)

        return two

    def several(frame: Frame) -> Any:
        found = [operand(frame) for operand in operands]
        return None if any(value is None for value in found) else compute(*found)

    return several


def _widen(operand: Step, is_list: bool) -> Step:
    def one(frame: Frame) -> Any:
        value = operand(frame)
        return None if value is None else Decimal(value)

    def every(frame: Frame) -> Any:
        elements = operand(frame)
        return None if elements is None else tuple(None if each is None else Decimal(each) for each in elements)

    return every if is_list else one


def _comprehension(node: Comprehension) -> Step:
    several, body, slot = make_closure(node.list), make_closure(node.body), node.variable.slot
    finish = _FINISH[node.macro]

    def run(frame: Frame) -> Any:
        elements = several(frame)
        if elements is None:
            return None
        del frame.elements[slot:]
        frame.elements.append(None)
        results = []
        for element in elements:
            frame.elements[slot] = element
            results.append(body(frame))
        return finish(elements, results)

    return run


def _all(elements: tuple[Any, ...], results: list[Any]) -> bool | None:
    return False if False in results else None if None in results else True


def _exists(elements: tuple[Any, ...], results: list[Any]) -> bool | None:
    return True if True in results else None if None in results else False


def _exists_one(elements: tuple[Any, ...], results: list[Any]) -> bool | None:
    count = results.count(True)
    return False if count > 1 else None if None in results else count == 1


def _filter(elements: tuple[Any, ...], results: list[Any]) -> tuple[Any, ...] | None:
    if None in results:
        return None  # whether that element belongs to it is unknown, so the list is
    return tuple(element for element, kept in zip(elements, results, strict=True) if kept)


def _map(elements: tuple[Any, ...], results: list[Any]) -> tuple[Any, ...]:
    return tuple(results)


_FINISH: dict[str, Callable[[tuple[Any, ...], list[Any]], Any]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "filter": _filter,
    "map": _map,
}
