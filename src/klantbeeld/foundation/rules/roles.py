"""The roles of employees: a sentence for people, what each may do, and for which purposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from klantbeeld.foundation.rules.scopes import SCOPES
from klantbeeld.kit.labels import Label


@dataclass(frozen=True, slots=True)
class Role:
    """One role; `purposes` are those which its holders may state, the first being the one they mostly work for."""

    code: str
    label: Label
    sentence: Label
    scopes: frozenset[str]
    purposes: tuple[str, ...]


_READ = frozenset({"customers:find", "customers:read", "consent:read"})

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.code: role
        for role in (
            Role(
                "agent",
                {"en": "Service employee", "nl": "Servicemedewerker"},
                {
                    "en": "Helps customers: finds them, sees their golden record and corrects what they tell.",
                    "nl": "Helpt klanten: vindt ze, ziet hun klantbeeld en verbetert wat zij doorgeven.",
                },
                _READ | {"customers:sensitive", "customers:history", "customers:correct", "consent:write"},
                ("service", "contract"),
            ),
            Role(
                "steward",
                {"en": "Data steward", "nl": "Gegevensbeheerder"},
                {
                    "en": "Keeps customers right: judges matches, merges and splits, watches sources and quality.",
                    "nl": "Houdt klanten op orde: beoordeelt matches, voegt samen en splitst, bewaakt bronnen.",
                },
                _READ
                | {
                    "customers:sensitive",
                    "customers:history",
                    "customers:correct",
                    "customers:merge",
                    "records:read",
                    "sources:read",
                    "quality:read",
                    "changes:read",
                },
                ("stewardship", "service"),
            ),
            Role(
                "marketer",
                {"en": "Marketer", "nl": "Marketeer"},
                {
                    "en": "Finds target groups; sees what marketing may see, and nothing sensitive.",
                    "nl": "Vindt doelgroepen; ziet wat marketing mag zien, en niets gevoeligs.",
                },
                _READ | {"quality:read"},
                ("marketing",),
            ),
            Role(
                "analyst",
                {"en": "Analyst", "nl": "Analist"},
                {
                    "en": "Studies figures on customers, sources and quality.",
                    "nl": "Bestudeert cijfers over klanten, bronnen en kwaliteit.",
                },
                frozenset({"quality:read", "sources:read", "changes:read", "customers:find", "customers:read"}),
                ("analysis",),
            ),
            Role(
                "administrator",
                {"en": "Administrator", "nl": "Beheerder"},
                {
                    "en": "Connects sources, gives people roles and machines keys, and reads the audit log.",
                    "nl": "Sluit bronnen aan, geeft mensen rollen en machines sleutels, en leest het auditlog.",
                },
                frozenset(
                    {
                        "sources:read",
                        "sources:write",
                        "records:write",
                        "quality:read",
                        "settings:write",
                        "keys:write",
                        "audit:read",
                    }
                ),
                ("administration",),
            ),
        )
    }
)

_unknown = {scope for role in ROLES.values() for scope in role.scopes} - SCOPES.keys()
if _unknown:
    raise ValueError(f"Roles name scopes that do not exist: {', '.join(sorted(_unknown))}")


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """All scopes of these roles; a role that no longer exists gives nothing."""
    return frozenset[str]().union(*(ROLES[role].scopes for role in roles if role in ROLES))


def purposes_of(roles: Iterable[str]) -> tuple[str, ...]:
    """All purposes of these roles, in the order in which people mostly work for them."""
    return tuple(dict.fromkeys(purpose for role in roles if role in ROLES for purpose in ROLES[role].purposes))
