"""The five kinds of error a caller can act on; `exchange.problem` gives each its HTTP status once (RFC 9457)."""

from __future__ import annotations

from typing import Any


class KlantbeeldError(Exception):
    """An error that people read: what is wrong, where, and what to do.

    `code` is stable and machine-readable (`sources.unknown_column`); `where` names the place (line, key, field, id).
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **where: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.where = where


class Missing(KlantbeeldError):  # noqa: N818 - kinds of error read as words: `raise Missing(...)`
    """The thing named does not exist, or the actor may not know that it does."""

    code = "missing"


class Conflict(KlantbeeldError):  # noqa: N818
    """The state has changed, or contradicts the request."""

    code = "conflict"


class Refused(KlantbeeldError):  # noqa: N818
    """The actor, scope or purpose does not allow it."""

    code = "refused"


class Invalid(KlantbeeldError):  # noqa: N818
    """The input is not what was expected; `where` says where."""

    code = "invalid"


class Unavailable(KlantbeeldError):  # noqa: N818
    """Something needed does not answer now; trying later may help (`retry_after` seconds in `where`)."""

    code = "unavailable"
