"""Records that are trees: what makes one unfit to be kept, and its values as flat columns of text."""

from collections.abc import Iterator, Mapping
from typing import Any

from klantbeeld.engines.files.limits import LIMITS, Limits


class ErrorValue(str):
    """What stands in a cell whose value is not known: an error of a formula, or a formula that was never computed."""

    __slots__ = ()


def fault_of(tree: Any, limits: Limits = LIMITS) -> tuple[str, str] | None:
    """Why a tree cannot be kept (a key of REFUSALS) and at which path; None when it can."""
    for fields, (path, value, depth) in enumerate(_walk(tree, "", 0)):
        if depth > limits.depth:
            return "too_deep", path
        if fields > limits.fields:
            return "too_many_fields", path
        if isinstance(value, str):
            if reason := text_fault(value):
                return reason, path
        elif isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            return "not_finite", path
    return None


def text_fault(value: str) -> str | None:
    """Why a text cannot be kept: NUL, bytes that the encoding does not have, half of a surrogate pair."""
    if "\0" in value:
        return "nul"
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            # Bytes that could not be decoded stand as U+DC80..U+DCFF.
            return "bytes" if 0xDC80 <= ord(value[error.start]) <= 0xDCFF else "surrogate"
    return None


def flatten(tree: Mapping[str, Any]) -> dict[str, str]:
    """The values of a tree as text, by path with dots; the second of a list gets `_2` behind its path, and so on."""
    flat: dict[str, str] = {}
    for path, value, _ in _walk(tree, "", 0):
        if value is None or isinstance(value, (dict, list)):
            continue
        name, number = path, 2
        while name in flat:
            name, number = f"{path}_{number}", number + 1
        flat[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return flat


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any, int]]:
    """Every value with its path and depth, without recursion: depth is what is being judged."""
    waiting = [(path, value, depth)]
    while waiting:
        path, value, depth = waiting.pop()
        if isinstance(value, Mapping):
            yield path, None, depth
            below = [(f"{path}.{key}" if path else str(key), one, depth + 1) for key, one in value.items()]
            for key in value:
                if isinstance(key, str) and text_fault(key):
                    yield path, key, depth
            waiting.extend(reversed(below))
        elif isinstance(value, list):
            yield path, None, depth
            waiting.extend((path, one, depth + 1) for one in reversed(value))
        else:
            yield path, value, depth
