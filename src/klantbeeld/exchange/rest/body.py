"""Reading bodies strictly: what two parsers might read differently, or the database cannot hold, is refused."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from klantbeeld.kit.errors import Invalid


class StrictParser(Parser):
    """JSON in UTF-8 (RFC 8259) without repeated names, NaN or Infinity, NUL or lone surrogates."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as values; raises Invalid with code body.malformed."""
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """The values in a JSON text; raises Invalid with what is wrong."""
    try:
        text = body.decode("utf-8")
        values = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise _malformed(f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise _malformed(f"{error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise _malformed("nested too deeply") from error
    if "\\u" in text or "\x00" in text:
        _check_text(values)
    return values


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise _malformed("an object names something twice")
    return values


def _constant(name: str) -> Any:
    raise _malformed(f"{name} is not JSON")


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise _malformed("text holds NUL or half a surrogate pair, which cannot be stored")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_text(name)
            _check_text(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner)


def _malformed(what: str) -> Invalid:
    return Invalid(f"The body cannot be read: {what}.", code="body.malformed")
