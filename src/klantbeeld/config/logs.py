"""What goes into the log: where something broke and what kind of error it was, never the values that it broke on.

PostgreSQL tells the row that it refused (DETAIL), and Python the text that it could not read; both may be somebody's.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg
from django.db import Error as DjangoDatabaseError

from klantbeeld.kit.errors import KlantbeeldError

#: Lines in which PostgreSQL repeats values, in a text that somebody made of an error.
_TELLING = re.compile(r"^\s*(DETAIL|CONTEXT|QUERY|STATEMENT|PARAMETERS):.*", re.MULTILINE)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_LEFT_OUT = "'...'"
#: Errors about the code rather than about what it worked on.
_OF_CODE = (
    ImportError,
    AttributeError,
    NameError,
    SyntaxError,
    NotImplementedError,
    TypeError,
    OSError,
    RecursionError,
)


class Discreet(logging.Formatter):
    """Formats records and tracebacks without the values in errors."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one text."""
        shown = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        said: Any = shown.msg
        if isinstance(said, BaseException):
            shown.msg, shown.args = "%s", (told(said),)
        elif isinstance(shown.args, tuple):
            shown.args = tuple(told(one) if isinstance(one, BaseException) else one for one in shown.args)
        elif shown.args:
            shown.args = {
                name: told(one) if isinstance(one, BaseException) else one for name, one in shown.args.items()
            }
        return _TELLING.sub("", super().format(shown)).rstrip("\n")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        """A traceback with its causes."""
        return "" if ei[1] is None else "\n".join(traceback_of(ei[1]))


def traceback_of(error: BaseException) -> Iterator[str]:
    """The lines of a traceback, the first cause first; each error by its kind and what may be told of it."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from traceback_of(cause)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    for line in traceback.format_tb(error.__traceback__):
        yield line.rstrip("\n")
    yield f"{type(error).__module__}.{type(error).__qualname__}: {told(error)}".removeprefix("builtins.")
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from traceback_of(one)


def told(error: BaseException) -> str:
    """What an error may tell in a log.

    >>> told(ValueError("invalid literal for int() with base 10: 'Jansen'"))
    "invalid literal for int() with base 10: '...'"
    """
    if isinstance(error, KlantbeeldError):
        return error.code
    if isinstance(error, psycopg.Error | DjangoDatabaseError):
        return _of_database(error)
    if callable(count := getattr(error, "error_count", None)):  # pydantic repeats its input
        return f"{count()} values are not valid"
    if isinstance(error, BaseExceptionGroup):
        return f"{len(error.exceptions)} errors"
    return str(error) if isinstance(error, _OF_CODE) else _QUOTED.sub(_LEFT_OUT, str(error))


def _of_database(error: BaseException) -> str:
    """Code and names from PostgreSQL's diagnosis: they are of our tables, not of anybody's data."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if not isinstance(cause, psycopg.Error) or cause.sqlstate is None:
        first = (str(error).splitlines() or [""])[0]
        return _QUOTED.sub(_LEFT_OUT, first)
    diagnosis = cause.diag
    names = (
        ("table", diagnosis.table_name),
        ("column", diagnosis.column_name),
        ("constraint", diagnosis.constraint_name),
    )
    parts = [f"{type(cause).__name__} ({cause.sqlstate})", *(f"{word} {name}" for word, name in names if name)]
    return ", ".join(parts)


def install_hooks() -> None:
    """Let errors that nobody caught be told like this as well."""

    def hook(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, place)
        else:
            sys.stderr.write("\n".join(traceback_of(error)) + "\n")

    def in_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
            hook(given.exc_type, given.exc_value, given.exc_traceback)

    sys.excepthook, threading.excepthook = hook, in_thread
