"""`klantbeeld resolve`: files in, customers out, without any database."""

from klantbeeld.cli.resolve.command import resolve

__all__ = ["resolve"]
