"""The policy administration: relations and policies with roles, as semicolon CSV in Windows-1252; an old archive."""

from klantbeeld.demo.systems.policies.administration import archive, policies

__all__ = ["archive", "policies"]
