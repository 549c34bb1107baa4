"""The policy administration: relations and policies with roles, as semicolon CSV in Windows-1252; an old archive."""

from klantbeeld.demo.systems.policies.administration import archive_system, policies_system

__all__ = ["archive_system", "policies_system"]
