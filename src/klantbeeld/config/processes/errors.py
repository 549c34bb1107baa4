"""What can keep the processes from starting; every text tells what is wrong and what to do."""

from __future__ import annotations


class ProcessError(Exception):
    """The supervisor or the embedded database cannot go on."""


class DatabaseError(ProcessError):
    """The embedded database cannot be created, started or used."""
