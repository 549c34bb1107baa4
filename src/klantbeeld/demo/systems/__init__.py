"""What each system of the company group knows of the world, and how it writes that down."""

from __future__ import annotations

from klantbeeld.demo.systems.calls import calls
from klantbeeld.demo.systems.crm import crm
from klantbeeld.demo.systems.feed import Feed, System
from klantbeeld.demo.systems.partner import partner
from klantbeeld.demo.systems.policies import archive, policies
from klantbeeld.demo.systems.pos import pos
from klantbeeld.demo.systems.shop import shop
from klantbeeld.demo.world import World

_BUILDERS = {
    "crm": crm,
    "policies": policies,
    "shop": shop,
    "pos": pos,
    "calls": calls,
    "partner": partner,
    "archive": archive,
}
CODES = tuple(_BUILDERS)
"""The systems in the order in which they are loaded."""


def build_system(world: World, code: str) -> System:
    """Build one system of a world; KeyError for a code that is not in CODES."""
    return _BUILDERS[code](world)


def build_systems(world: World) -> tuple[System, ...]:
    """Build all systems of a world."""
    return tuple(build_system(world, code) for code in CODES)


__all__ = ["CODES", "Feed", "System", "build_system", "build_systems"]
